"""Who calls, and whose call it is, as networks write it: the service and the dial plan read the same."""

from __future__ import annotations

import pytest

from pbx_bridge.ami.actions import CoreShowChannels
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.state import CallState
from pbx_bridge.directory.resolver import Resolver
from rules.calls.caller_identity import Leads
from rules.text.phone_numbers import signalled
from tests.calls.sample_index import index
from tests.integration.raw_peers import RawPeers, open_street
from tests.pbx.signalling import FROM_LEADS, ROWS, UNREADABLE, VIP, WITHHELD, Row, groups
from tests.pbx.sip_message import Invite, rings
from tests.until import until

pytestmark = pytest.mark.asterisk
AT_ONCE = 12
ON_THE_OLDEST = ROWS[::4]


async def named(street: RawPeers) -> None:
    """The PBX knows our lines and the companies' numbers, as the service tells it."""
    for number in ("493023125100", "493023125101", "493023125199", "493023125500", "493023125600"):
        await street.name_line(number)


async def arrives(street: RawPeers, row: Row) -> CallState:
    """It is the service's, by its first word."""
    known = {call.pbx_call for call in street.calls}
    street.trunk.send(row.invite())
    await until(lambda: len(street.calls) > len(known), message=f"{row.title}: a call")
    return next(call for call in street.calls if call.pbx_call not in known)


async def on_displays(street: RawPeers) -> dict[str, str]:
    """Call → the number that phones would show, asked of the PBX."""
    (answer,) = await street.service.link.send_together(CoreShowChannels())
    return {frame.get("Uniqueid"): frame.get("CallerIDNum") for frame in answer.events}


def wrong(row: Row, call: CallState, displayed: str) -> list[str]:
    """What is not as the row says."""
    caller = call.caller
    believed = WITHHELD if caller.withheld else caller.number
    shown = WITHHELD if displayed == "anonymous" else signalled(displayed, row.user.decode())
    found = [
        f"{what}: {is_!r}, not {wanted!r}"
        for what, is_, wanted in (
            ("service", believed, row.number),
            ("display", shown, row.number),
            ("company", call.customer_id, row.company),
            ("name", caller.display_name, row.shown or caller.display_name),
            ("VIP", bool(caller.vip), row.number == VIP and row.company == "mustermann"),
        )
        if is_ != wanted
    ]
    return [f"{row.title}: {one}" for one in found]


async def read(street: RawPeers, rows: tuple[Row, ...]) -> list[str]:
    """All that is wrong, a few calls at a time."""
    await named(street)
    found: list[str] = []
    for group in groups(rows, AT_ONCE):
        calls = [await arrives(street, row) for row in group]
        await until(
            lambda: all(one.phase is Phase.WAITING for one in street.calls if one.live),
            message="in the queue",
        )
        displayed = await on_displays(street)
        for row, call in zip(group, calls, strict=True):
            found += wrong(row, call, displayed[call.pbx_call])
        for invite in street.callers:
            street.trunk.hang_up(invite)
        await until(lambda: not any(one.live for one in street.calls), message="over")
    return found


async def test_every_way_of_writing_who_calls(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:
        assert await read(street, ROWS) == []


async def test_where_the_telephones_own_word_leads(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree, caller="from") as street:
        street.service.registry._resolve = Resolver(index(), leads=Leads.FROM)
        assert await read(street, FROM_LEADS) == []


async def test_a_withheld_number_rings_at_no_telephone(asterisk_tree: AsteriskTree) -> None:
    withheld = [
        row for row in ROWS if row.number is WITHHELD and any(b"4917" in value for _, value in row.headers)
    ]
    async with open_street(asterisk_tree) as street:
        await street.agent("ben", rings)
        for row in (withheld[0], withheld[-1]):
            rung = len(street.trunk.rung)
            invite: Invite = street.trunk.send(row.invite())
            await until(lambda rung=rung: len(street.trunk.rung) > rung, message="Ben's phone rings")  # type: ignore[misc]  # a default
            told = street.trunk.rung[-1]
            assert not [line for line in told.headers.values() if b"1713920042" in line], row.title
            street.trunk.hang_up(invite)
            await street.quiet()
        assert b"1713920042" not in street.stream.data


async def test_the_same_on_the_oldest_asterisk(oldest_asterisk: AsteriskTree) -> None:
    async with open_street(oldest_asterisk) as street:
        assert await read(street, ON_THE_OLDEST) == []
    assert UNREADABLE == ""
