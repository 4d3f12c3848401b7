"""On the real PBX: secrecy and teams decide whose phone rings, with the service and without it."""

from __future__ import annotations

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import teams
from rules.model import Answering
from tests.desk_room import DeskRoom, Tab
from tests.integration.test_app_real_call import BODY, on, phase, ready
from tests.pbx.room import Room
from tests.pbx.watch import Watch
from tests.sample_company import SampleCompany
from tests.until import until

pytestmark = pytest.mark.asterisk

LINE, CALLER = "493023125100", "491713920077"


async def both_ready(desk: DeskRoom) -> tuple[Tab, Tab]:
    anna, ben = await ready(desk), await desk.tab("ben")
    assert (await ben.ask("ready")).ok
    await until(lambda: ben.picture.me.state == "ready", message="Ben is ready")
    return anna, ben


async def told(desk: DeskRoom, route: str) -> None:
    """The PBX has read this route of the line back to us, and goes by it."""
    routes = desk.rooms.telephony._teams._routes
    entries = routes._entries
    await until(lambda: entries.desired.get(LINE) == route, message=f"route {route}")
    await until(lambda: routes._counts and not entries.untold, message="all routes are told")


async def over(room: Room, caller: object) -> None:
    await room.far.hang_up(caller)  # type: ignore[arg-type]
    await room.far.over(caller)  # type: ignore[arg-type]
    for name in ("anna", "ben"):
        await room.far.over(name)


async def test_a_confidential_call_never_rings_an_agent_who_is_not_bound(
    room: Room, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany
) -> None:
    async with sqlite_db.write() as conn:
        await conn.execute(t.customer.update().values(confidential=True))
        await agents.bind(conn, furnished.ben, bound=False)
    for name in ("anna", "ben"):
        await room.far.behave(name, "ring")
    async with on(room, sqlite_url) as desk:
        anna, ben = await both_ready(desk)
        await told(desk, "sec-1...b")
        caller = await room.far.call(LINE, number=CALLER)
        await room.far.rang("anna")
        await until(lambda: anna.picture.waiting, message="Anna sees who waits")
        assert ben.picture.waiting == []
        call = anna.picture.waiting[0].call
        assert (await ben.ask("pick", call=call)).code == "pick_not_yours"
        await over(room, caller)
        assert (await anna.ask("pause", reason="lunch")).ok
        caller = await room.far.call(LINE, number=CALLER)
        await until(lambda: anna.picture.waiting, message="somebody waits, and nobody is free")
        assert room.far.phone("ben").rings == 0
        assert (await anna.ask("ready")).ok
        await room.far.rang("anna")
        await over(room, caller)
    # The service is gone; its agents are where they were.
    caller = await room.far.call(LINE, number=CALLER)
    await room.far.rang("anna")
    assert room.far.phone("ben").rings == 0
    await over(room, caller)
    other = await room.far.call("493023125199", number=CALLER)
    await room.far.rang("ben")
    await over(room, other)


async def test_who_is_not_bound_and_signs_in_while_such_a_caller_waits_gets_no_pop(
    room: Room, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, watch: Watch
) -> None:
    async with sqlite_db.write() as conn:
        await conn.execute(t.customer.update().values(confidential=True))
        await agents.bind(conn, furnished.ben, bound=False)
    for name in ("anna", "ben"):
        await room.far.behave(name, "ring")
    async with on(room, sqlite_url) as desk:
        anna, ben = await ready(desk), await desk.tab("ben")
        await told(desk, "sec-1...b")
        assert (await anna.ask("pause", reason="lunch")).ok
        caller = await room.far.call(LINE, number=CALLER)
        await until(lambda: anna.picture.waiting, message="Anna sees who waits")
        await watch.seen("QueueCallerJoin", Queue="sec")  # everybody who is there is bound: one line
        assert (await ben.ask("ready")).ok
        await watch.seen("QueueCallerJoin", Queue="sec-1")
        calls = desk.rooms.calls.registry.live
        await until(lambda: [one.queue for one in calls.values()] == ["sec-1"], message="the caller made way")
        assert (await anna.ask("ready")).ok
        await room.far.rang("anna")
        await until(lambda: phase(anna) == "offered", message="Anna's pop")
        assert (ben.picture.me.state, ben.picture.calls, room.far.phone("ben").rings) == ("ready", [], 0)
        await over(room, caller)


async def test_the_team_is_rung_first_and_all_after_some_seconds(
    room: Room, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, watch: Watch
) -> None:
    async with sqlite_db.write() as conn:
        await teams.insert(conn, "north", "Team Nord")
        await teams.set_members(conn, "north", [furnished.ben])
        await teams.set_answering(conn, furnished.customer_id, Answering("north", 5))
    for name in ("anna", "ben"):
        await room.far.behave(name, "ring")
    async with on(room, sqlite_url) as desk:
        anna, ben = await both_ready(desk)
        await told(desk, "sec-2.5.sec.")
        caller = await room.far.call(LINE, number=CALLER)
        await room.far.rang("ben")
        assert room.far.phone("anna").rings == 0
        first = await watch.seen("QueueCallerJoin", Queue="sec-2")
        await watch.seen("QueueCallerJoin", Queue="sec", after=first)
        await room.far.rang("anna")
        await until(lambda: phase(anna) == "offered", message="Anna sees the call that came over to her")
        await room.far.pick_up("anna")
        await until(lambda: phase(anna) == "talking", message="Anna has the call")
        await over(room, caller)
        call = anna.picture.calls[0].view.call
        assert (await anna.ask("save_note", call=call, body=BODY)).ok
        await until(lambda: anna.picture.me.state == "ready", message="Anna is ready again")

        assert (await ben.ask("sign_out")).ok
        last = watch.events[-1]
        caller = await room.far.call(LINE, number=CALLER)
        await room.far.rang("anna")
        assert not watch.find("QueueCallerJoin", last, Queue="sec-2"), "nobody is waited for in vain"
        await over(room, caller)


async def test_who_speaks_the_language_is_rung_alone_and_all_are_once_nobody_does(
    room: Room, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, watch: Watch
) -> None:
    async with sqlite_db.write() as conn:
        await agents.set_languages(conn, furnished.ben, ["de", "en"])
        await teams.set_answering(conn, furnished.customer_id, Answering(language="en"))
    for name in ("anna", "ben"):
        await room.far.behave(name, "ring")
    async with on(room, sqlite_url) as desk:
        anna, ben = await both_ready(desk)
        await told(desk, "sec-2.86400.sec.")
        assert (await ben.ask("pause", reason="lunch")).ok
        waiting = await room.far.call(LINE, number=CALLER)
        first = await watch.seen("QueueCallerJoin", Queue="sec-2")
        await until(lambda: anna.picture.waiting, message="somebody waits for Ben")
        assert room.far.phone("anna").rings == 0
        assert (await ben.ask("sign_out")).ok
        gone = await watch.seen("QueueCallerJoin", Queue="sec", after=first)
        await room.far.rang("anna")
        await over(room, waiting)

        caller = await room.far.call(LINE, number=CALLER)
        await room.far.rang("anna")
        again = await watch.seen("QueueCallerJoin", Queue="sec", after=gone)
        assert not watch.find("QueueCallerJoin", gone, Queue="sec-2"), "nobody is waited for in vain"
        await until(lambda: phase(anna) == "offered", message="Anna's pop")
        assert anna.picture.calls[0].pop.company.language == "en"
        await over(room, caller)

        assert (await ben.ask("ready")).ok
        await until(lambda: ben.picture.me.state == "ready", message="Ben is ready")
        await watch.seen("QueueMemberAdded", Queue="sec-2", after=again)
    # The service is gone; the PBX holds it alone.
    rung = room.far.phone("anna").rings
    caller = await room.far.call(LINE, number=CALLER)
    await watch.seen("QueueCallerJoin", Queue="sec-2", after=again)
    await room.far.rang("ben")
    assert room.far.phone("anna").rings == rung, "as long as Ben is there, it is he who is asked"
    await over(room, caller)
