"""The PBX turns blocked callers away by itself, for the company that blocked them and for no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pbx_bridge import checks
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.settings import AmiSettings, Settings
from pbx_bridge.settings.values import Secret
from pbx_bridge.telephony.astdb.blocklist import EVERYBODY, Blocklist
from tests.pbx.room import Room
from tests.pbx.watch import Watch, watching
from tests.until import until

pytestmark = pytest.mark.asterisk

MUSTERMANN, DOCTOR, SHARED = "493023125100", "493023125200", "493023125900"
PUBLIC, DOCTORS_PUBLIC = "493023125000", "493023125002"
PUSHY = "493023125777"
WALLS = {
    f"+{MUSTERMANN}": frozenset({f"+{PUSHY}"}),
    f"+{PUBLIC}": frozenset({f"+{PUSHY}"}),
    f"+{DOCTOR}": frozenset[str](),
    f"+{DOCTORS_PUBLIC}": frozenset[str](),
}


@asynccontextmanager
async def linked(room: Room) -> AsyncIterator[AmiLink]:
    """The service's own link; what it is told goes nowhere."""
    config = room.config
    settings = AmiSettings(port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))
    link = AmiLink(settings, lambda _: None)
    running = asyncio.create_task(link.run())
    try:
        await until(lambda: link.state.up, message="the link")
        yield link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def told(room: Room, walls: dict[str, frozenset[str]]) -> None:
    async with linked(room) as link:
        blocklist = Blocklist(link)
        blocklist.set_desired(walls)
        assert await blocklist.sync()


async def calls(room: Room, watch: Watch, line: str, number: str = PUSHY, **way: str) -> str:
    """Somebody calls; what the PBX tells of it. Whoever gets through is hung up again."""
    seen = len(watch.events)
    caller = await room.far.call(line, number, **way)  # type: ignore[arg-type]  # headers only
    news = ("SecCall", "SecBlocked")
    await until(lambda: any(e.get("UserEvent") in news for e in watch.events[seen:]), message="the call")
    found = next(e["UserEvent"] for e in watch.events[seen:] if e.get("UserEvent") in news)
    if found == "SecCall":
        await room.far.heard_of(caller)  # whoever hangs up in the moment of being answered is not heard of
        await room.far.hang_up(caller)
    await room.far.over(caller)
    return found


async def rings(room: Room, caller: FarEndCaller) -> None:
    """The agent has the call."""
    await room.far.converse(caller, "anna")
    await room.far.hang_up(caller)
    await room.far.over("anna")


async def test_turned_away_at_one_company_and_not_at_the_other(room: Room, watch: Watch) -> None:
    await told(room, WALLS)
    await watch.add_agent("anna")
    await room.far.behave("anna", "answer:0")

    refused = await room.far.call(MUSTERMANN, PUSHY)
    await room.far.over(refused)
    assert room.far.phone("anna").rings == 0
    assert room.far.cause(refused) == 21
    news = await watch.seen("SecBlocked")
    assert not watch.find("QueueCallerJoin")
    assert not watch.find("SecCall")
    assert (news["Did"], news["CallerIDNum"]) == (MUSTERMANN, PUSHY)

    await rings(room, await room.far.call(DOCTOR, PUSHY))
    await rings(room, await room.far.call(MUSTERMANN, "491713920042"))


@pytest.mark.parametrize("number", [f"+{PUSHY}", f"00{PUSHY}", "03023125777"])
@pytest.mark.parametrize("line", [MUSTERMANN, f"+{MUSTERMANN}", "03023125100"])
async def test_however_the_trunk_writes_the_numbers(room: Room, watch: Watch, number: str, line: str) -> None:
    await told(room, WALLS)
    assert await calls(room, watch, line, number) == "SecBlocked"


async def test_on_a_shared_line_by_whoever_forwarded(room: Room, watch: Watch) -> None:
    await told(room, WALLS)

    def diversion(number: str) -> str:
        return f"<sip:+{number}@carrier.example>;reason=unconditional"

    def history(*numbers: str) -> str:
        return ",".join(f"<sip:+{n}@carrier.example>;index={i}" for i, n in enumerate(numbers, 1))

    outcomes = [
        await calls(room, watch, SHARED),
        await calls(room, watch, SHARED, diversion=diversion(PUBLIC)),
        await calls(room, watch, SHARED, diversion=diversion(DOCTORS_PUBLIC)),
        await calls(room, watch, SHARED, history_info=history(PUBLIC, SHARED)),
        await calls(room, watch, SHARED, history_info=history(PUBLIC, DOCTORS_PUBLIC, SHARED)),
        await calls(room, watch, SHARED, history_info='"Anna, Berta" <sip:anna@carrier.example>;index=1'),
        await calls(room, watch, DOCTOR, diversion=diversion(PUBLIC)),  # the line says whose call it is
    ]
    assert outcomes == [
        *("SecCall", "SecBlocked", "SecCall", "SecBlocked", "SecCall", "SecCall", "SecCall"),
    ]


async def test_a_withheld_number_is_never_turned_away(room: Room, watch: Watch) -> None:
    await told(room, WALLS)
    caller = await room.far.call(MUSTERMANN, PUSHY, withheld=True)
    await watch.seen("SecCall")
    await room.far.hang_up(caller)
    assert not watch.find("SecBlocked")


async def test_a_company_that_rests_is_engaged_for_everybody(room: Room, watch: Watch) -> None:
    async with linked(room) as link:
        blocklist = Blocklist(link)
        resting = frozenset({EVERYBODY})
        blocklist.change({f"+{MUSTERMANN}": resting, f"+{PUBLIC}": resting, f"+{DOCTOR}": frozenset()})
        assert await blocklist.sync()
    for way in ({"number": "491713920042"}, {"number": PUSHY, "withheld": True}):
        refused = await room.far.call(MUSTERMANN, **way)
        await room.far.over(refused)
        assert room.far.cause(refused) == 17, way
    diverted = f"<sip:+{PUBLIC}@carrier.example>;reason=unconditional"
    assert await calls(room, watch, SHARED, diversion=diverted) == "SecBlocked"
    assert await calls(room, watch, DOCTOR) == "SecCall"


async def test_a_restart_of_the_pbx_forgets_nobody_and_a_new_life_of_the_service_nothing_stale(
    room: Room,
) -> None:
    await told(room, WALLS)
    await room.pbx.restart()
    async with watching(room.pbx) as after:
        assert await calls(room, after, MUSTERMANN) == "SecBlocked"
        await told(room, {f"+{MUSTERMANN}": frozenset(), f"+{DOCTOR}": frozenset({f"+{PUSHY}"})})
        assert await calls(room, after, MUSTERMANN) == "SecCall"
        assert await calls(room, after, DOCTOR) == "SecBlocked"
        assert await calls(room, after, SHARED, diversion=f"<sip:+{PUBLIC}@c.example>") == "SecCall"
        lists = await after.manager.action("Getvar", Variable="DB_KEYS(block)")
        assert "," not in lists["Value"]


async def test_the_check_knows_our_dial_plan(room: Room) -> None:
    config = room.config
    ami = AmiSettings(port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))
    finding = await checks.try_pbx(replace(Settings(), ami=ami))
    assert finding.ok, finding.words


async def test_a_number_that_could_rewrite_the_dial_plan_harms_nobody(room: Room, watch: Watch) -> None:
    await told(room, WALLS)
    caller = await room.far.call(MUSTERMANN, '4930"]?Hangup(1)')
    await watch.seen("SecCall")
    await room.far.hang_up(caller)
    async with linked(room) as link:
        blocklist = Blocklist(link)
        blocklist.set_desired({f"+{MUSTERMANN}": frozenset({"+49302312577)7"})})
        assert not await blocklist.sync()
    assert await calls(room, watch, DOCTOR) == "SecCall"
