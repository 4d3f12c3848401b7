from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.storage.calls import attempts
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from tests.desk_room import ANNA, DeskRoom, Tab, desk_room, leg
from tests.sample_company import SampleCompany
from tests.until import until

CALL = "1795429654.114"
ATTEMPT = f"{CALL}-a1"
BODY = {"name": "Hans Müller", "fields": {"art": "Neukunde"}}


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def anna(room: DeskRoom) -> Tab:
    """Anna talks to Hans Müller."""
    tab = await room.tab("anna")
    room.pbx.ring_and_answer(CALL)
    await until(lambda: "ring" in may(tab, room), message="Anna may ring")
    return tab


def may(tab: Tab, room: DeskRoom) -> list[str]:
    call = tab.call(room.id_of(CALL))
    return call.view.may if call else []


def step(tab: Tab, room: DeskRoom) -> str | None:
    call = tab.call(room.id_of(CALL))
    return call.view.put_through.step if call and call.view.put_through else None


def on_hold(room: DeskRoom) -> None:
    room.pbx.tell(ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "hold", holding=True))


def consulting(room: DeskRoom) -> None:
    room.pbx.tell(
        ev.TargetAnswered(CALL, ATTEMPT),
        ev.Bridged(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}", "consult"),
        ev.Bridged(CALL, ATTEMPT, "Local/493023125110@sec-target-1;1", "consult"),
    )


def joined(room: DeskRoom) -> None:
    room.pbx.tell(
        ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "join"),
        ev.Bridged(CALL, ATTEMPT, "Local/493023125110@sec-target-1;1", "join"),
        ev.HungUp(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}"),
    )


async def test_from_ring_to_the_short_mail(
    room: DeskRoom, anna: Tab, furnished: SampleCompany, sqlite_db: Database
) -> None:
    call = room.id_of(CALL)
    assert (await anna.ask("ring", call=call, employee=furnished.erika)).ok
    await until(room.pbx.rung, message="Erika is rung")
    await until(lambda: step(anna, room) == "ringing", message="seen on the desk")
    on_hold(room)
    consulting(room)
    await until(lambda: step(anna, room) == "consulting", message="Erika is there")
    shown = anna.call(call)
    assert shown is not None
    assert shown.view.put_through is not None
    assert shown.view.put_through.say == "In der Leitung ist Hans Müller."
    assert shown.view.put_through.current == furnished.erika
    assert (await anna.ask("connect", call=call)).ok
    joined(room)
    await until(lambda: anna.phase(call) == "joined", message="connected")
    assert (await anna.ask("save_note", call=call, body=BODY)).ok
    await until(lambda: anna.phase(call) is None and anna.picture.notes, message="done")
    await room.rooms.calls.journal.settled()
    async with sqlite_db.read() as conn:
        (rung,) = await attempts.of_call(conn, call)
        sent = await notifications.of_note(conn, anna.picture.notes[0].id)
    assert (rung.employee_id, rung.result) == (furnished.erika, "joined")
    assert [(mail.channel, mail.kind) for mail in sent] == [("email", "short")]


async def test_what_the_rules_refuse_is_refused_with_their_reason(
    room: DeskRoom, anna: Tab, furnished: SampleCompany
) -> None:
    refused = await anna.ask("ring", call=room.id_of(CALL), employee=furnished.jens)
    assert (refused.ok, refused.code) == (False, "wish")
    stranger = await anna.ask("ring", call=room.id_of(CALL), employee="nobody")
    assert stranger.code == "unknown_employee"
    assert room.pbx.rung() == []


async def test_a_call_is_only_its_agents_business(
    room: DeskRoom, anna: Tab, furnished: SampleCompany
) -> None:
    ben = await room.tab("ben")
    for kind in ("hold", "switch", "connect", "back", "cancel", "hang_up"):
        assert (await ben.ask(kind, call=room.id_of(CALL))).code == "not_yours"
    assert (await ben.ask("ring", call=room.id_of(CALL), employee=furnished.erika)).code == "not_yours"
    assert (await ben.ask("save_note", call=room.id_of(CALL), body=BODY)).code == "not_yours"
    assert (await ben.ask("save_draft", call=room.id_of(CALL), revision=9, body=BODY)).code == "not_yours"
    assert (await ben.ask("close_call", call=room.id_of(CALL), reason="other")).code == "not_yours"
    assert (await anna.ask("hang_up", call="no-such-call")).code == "unknown_call"


async def test_the_same_command_twice_rings_once(room: DeskRoom, anna: Tab, furnished: SampleCompany) -> None:
    other = await room.tab("anna")
    ring = {"call": room.id_of(CALL), "employee": furnished.erika}
    first = await anna.ask("ring", "the-very-same", **ring)
    again = await other.ask("ring", "the-very-same", **ring)
    assert first == again
    await until(room.pbx.rung, message="Erika is rung")
    assert (await anna.ask("cancel", call=room.id_of(CALL))).ok, "all that was sent before has arrived"
    assert room.pbx.rung() == ["Local/493023125110@sec-target/n"]


async def test_without_the_pbx_nothing_is_offered_that_needs_it(room: DeskRoom, anna: Tab) -> None:
    room.pbx.tell(ev.LinkDown("silent"))
    await until(lambda: anna.picture.link.pbx == "down", message="the banner")
    assert anna.picture.link.pbx_reason == "silent"
    await until(lambda: may(anna, room) == ["save_draft", "save_note"], message="only the note is left")
    assert (await anna.ask("hold", call=room.id_of(CALL))).code == "pbx_down"


async def test_a_caller_who_fell_back_into_the_queue_goes_to_the_next_agent_with_the_draft(
    room: DeskRoom, anna: Tab
) -> None:
    ben, call = await room.tab("ben"), room.id_of(CALL)
    assert (await anna.ask("save_draft", call=call, revision=1, body={"concern": "Rechnung"})).ok
    on_hold(room)
    room.pbx.tell(
        ev.HungUp(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}"), ev.HoldEnded(CALL), ev.QueueJoined(CALL, "sec")
    )
    await until(lambda: anna.phase(call) == "ended", message="over for Anna")
    assert "close_call" not in may(anna, room), "the caller still waits"
    room.pbx.offer(CALL, "PJSIP/ben")
    await until(lambda: ben.phase(call) == "offered", message="Ben's pop")
    room.pbx.answer(CALL, "PJSIP/ben")
    await until(lambda: ben.phase(call) == "talking", message="Ben talks")
    await until(lambda: anna.phase(call) is None, message="Anna lost it")
    await until(lambda: anna.events("notice"), message="Anna is told")
    assert anna.events("notice")[0]["params"] == {"by": "Ben Vogt"}
    taken = ben.call(call)
    assert taken is not None
    assert taken.draft is not None
    assert taken.draft.body.concern == "Rechnung"
