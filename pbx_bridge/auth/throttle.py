"""Growing delay after failed log-ins: per account in a network, per network, per account among strangers, and
per known device.

Nobody's failures hold up the owner's log-in from where they are at home: in a browser that is known, or in a
network in which they are logged in. Pure but for the rows it keeps.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import sessions
from pbx_bridge.storage.db.engine import AsyncConnection

FADE = timedelta(hours=1)
"""Failures older than this are forgotten."""
NETWORK_FACTOR = 10
"""An office behind one address has many people who mistype."""
ACCOUNT_FACTOR = 30
"""From everywhere together, strangers may try an account about a hundred times before they wait for each
other."""


def delay(failures: int, free: int, settings: AuthSettings) -> timedelta:
    """How long nobody may try again: nothing for the first `free` failures, then doubling up to the
    longest."""
    if failures <= free:
        return timedelta()
    doubled = settings.delay_first_seconds * 2.0 ** min(failures - free - 1, 30)
    return timedelta(seconds=min(doubled, settings.delay_max_seconds))


def keys(
    login: str, address: str, settings: AuthSettings, device: str = "", *, at_home: bool = False
) -> Mapping[str, int]:
    """Hashed keys under which this attempt counts, each with its free failures; the narrowest first.

    `device`: a browser that is known for this account counts for itself alone; `at_home`: in this network the
    account is logged in.
    """
    free, around = settings.free_attempts, network(address)
    if device:
        return {_hashed(f"device {device} {login}"): free}
    here = {
        _hashed(f"account {login} in {around}"): free,
        _hashed(f"network {around}"): free * NETWORK_FACTOR,
    }
    return here if at_home else here | {_hashed(f"strangers {login}"): free * ACCOUNT_FACTOR}


def code_keys(account_id: str, address: str, settings: AuthSettings, device: str = "") -> Mapping[str, int]:
    """The same for the codes of a second factor. Whoever may try one knows the password already, so from
    browsers that are not known an account takes only so many in all."""
    found = dict(keys(f"code {account_id}", address, settings, device))
    return (
        found if device else found | {_hashed(f"codes {account_id}"): settings.free_attempts * NETWORK_FACTOR}
    )


def own_keys(session_id: str, settings: AuthSettings) -> Mapping[str, int]:
    """The key under which guesses count at the password of whoever is logged in."""
    return {_hashed(f"own {session_id}"): settings.free_attempts}


def network(address: str) -> str:
    """The neighbourhood of an address: /24 for IPv4, /64 for IPv6, which one person can have whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


async def waiting(
    conn: AsyncConnection, wanted: Mapping[str, int], settings: AuthSettings, now: datetime
) -> int:
    """Seconds to wait before trying; 0: none."""
    found = [held for key in wanted if (held := await sessions.throttle(conn, key))]
    return _longest((held.blocked_until for held in found), settings, now)


def _longest(until: Iterable[datetime], settings: AuthSettings, now: datetime) -> int:
    """Seconds to the last of these moments. What is further away than anybody has to wait is of a clock that
    was ahead and has been put right: it holds nobody up."""
    waits = [(at - now).total_seconds() for at in until]
    seconds = max((one for one in waits if one <= settings.delay_max_seconds), default=0.0)
    return int(seconds) + 1 if seconds > 0 else 0


async def enter(
    conn: AsyncConnection, wanted: Mapping[str, int], settings: AuthSettings, now: datetime
) -> int:
    """Seconds to wait; 0: try, and the attempt is counted as failed already, so that a burst cannot slip
    through."""
    found = {key: await sessions.throttle(conn, key) for key in wanted}
    seconds = _longest((held.blocked_until for held in found.values() if held), settings, now)
    if seconds:
        return seconds
    for key, free in wanted.items():
        held = found[key]
        failures = held.failures + 1 if held and now - held.blocked_until < FADE else 1
        await sessions.set_throttle(conn, key, failures, now + delay(failures, free, settings))
    return 0


async def succeed(conn: AsyncConnection, wanted: Mapping[str, int], now: datetime) -> None:
    """The attempt was right after all: its account starts anew here; a network only gets this one
    back."""
    own, *wider = wanted
    await sessions.clear_throttle(conn, own)
    for around in wider:
        held = await sessions.throttle(conn, around)
        if held is None:
            continue
        await sessions.set_throttle(conn, around, max(held.failures - 1, 0), min(held.blocked_until, now))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
