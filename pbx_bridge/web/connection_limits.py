"""Who stands at the door: as many connections as the house has room for, and none for ever.

When it is full, the place of whoever has waited longest without a request that can be worked on is given to
the newcomer: whoever has something to ask is done in a moment, whoever came to stand there is not missed.
"""

from __future__ import annotations

import resource
from collections import Counter
from typing import Protocol

from pbx_bridge.settings.addresses import address_of
from pbx_bridge.web.origin import Proxies

RESERVE = 192
"""Descriptors that no connection from outside gets: the PBX, the database, mail, calendars, and what has just
been accepted and not yet counted."""
MOST_DESCRIPTORS = 65_536


class Guest(Protocol):
    """A connection. `address`: of the other side."""

    address: str

    def dismiss(self) -> None:
        """End at once."""


class Crowd:
    """`most` connections, of which `most_each` from one address, a proxy of ours excepted."""

    def __init__(self, most: int, most_each: int, proxies: Proxies) -> None:
        self.most, self.most_each, self._proxies = most, most_each, proxies
        self._guests: dict[Guest, str] = {}
        self._waiting: dict[Guest, None] = {}
        self._waiting_of: dict[str, dict[Guest, None]] = {}
        self._count: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._guests)

    def is_proxy(self, address: str) -> bool:
        """Whether this is one of ours, that speaks for many."""
        parsed = address_of(address)
        return parsed is not None and parsed in self._proxies

    def enter(self, guest: Guest) -> bool:
        """Let somebody in, if need be for somebody else; False: everybody inside has something to do."""
        home = neighbourhood(guest.address)
        if not self.is_proxy(guest.address) and self._count[home] >= self.most_each:
            if not self._make_room(self._waiting_of.get(home, {})):
                return False
        elif len(self._guests) >= self.most and not self._make_room(self._waiting):
            return False
        self._guests[guest] = home
        self._count[home] += 1
        self.waits(guest)
        return True

    def waits(self, guest: Guest) -> None:
        """Nothing can be done for this guest: no whole request, or nobody who takes the answer."""
        home = self._guests.get(guest)
        if home is not None:
            self._waiting.setdefault(guest)
            self._waiting_of.setdefault(home, {}).setdefault(guest)

    def works(self, guest: Guest) -> None:
        """Its request is being worked on: it keeps its place."""
        self._waiting.pop(guest, None)
        home = self._guests.get(guest, "")
        others = self._waiting_of.get(home, {})
        others.pop(guest, None)
        if not others:
            self._waiting_of.pop(home, None)

    def leave(self, guest: Guest) -> None:
        """It is gone; harmless when it was not in."""
        self.works(guest)
        home = self._guests.pop(guest, None)
        if home is not None:
            self._count[home] -= 1
            if not self._count[home]:
                del self._count[home]

    def _make_room(self, waiting: dict[Guest, None]) -> bool:
        first = next(iter(waiting), None)
        if first is None:
            return False
        self.leave(first)
        first.dismiss()
        return True


def neighbourhood(address: str) -> str:
    """An IPv4 address, or the /64 that one IPv6 household has whole."""
    parsed = address_of(address)
    if parsed is None or parsed.version == 4:
        return str(parsed or address)
    return str(parsed.exploded[:19])


def room_for(most: int) -> int:
    """How many connections may be open, `most` at most; raises this process's limit of descriptors as far as
    it may go."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return most if soft == resource.RLIM_INFINITY else max(min(most, soft - RESERVE), 1)
