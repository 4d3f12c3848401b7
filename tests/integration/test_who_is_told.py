"""Erika is busy and Jens takes her call, on a real database and real sockets: who reads what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import calls, statistics
from pbx_bridge.storage.calls.call_filter import Selection
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from tests.desk_room import ANNA, DeskRoom, Tab, desk_room, leg
from tests.sample_company import NOW, SampleCompany
from tests.until import until

CALL = "1795429654.115"
FIRST, SECOND = f"{CALL}-a1", f"{CALL}-a2"
CHANNEL = "Local/493023125111@sec-target-2;1"


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany, sqlite_db: Database) -> AsyncIterator[DeskRoom]:
    """Both can be reached in every way, and want all that there is."""
    wishes = {"sms": True, "vip_sms": True, "put_through": "all"}
    jens = {"email": "jens@example.org", "extension": "+493023125111", "mobile": "+491713920002"}
    async with sqlite_db.write() as conn:
        for person, more in ((furnished.erika, {"mobile": "+491713920001"}), (furnished.jens, jens)):
            mine = tables.employee.c.id == person
            await conn.execute(tables.employee.update().where(mine).values(wishes | more))
        await conn.execute(tables.appointment.delete())
        await data_version.touch(conn, furnished.customer_id, NOW)
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def anna(room: DeskRoom, furnished: SampleCompany) -> Tab:
    """Anna has put Hans Müller through to Jens, as Erika's telephone was busy."""
    tab, pbx, call = await room.tab("anna"), room.pbx, room.id_of(CALL)
    pbx.ring_and_answer(CALL)
    await until(lambda: (c := tab.call(call)) and "ring" in c.view.may, message="Anna may ring")
    assert (await tab.ask("ring", call=call, employee=furnished.erika)).ok
    await until(pbx.rung, message="Erika is rung")
    pbx.tell(ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "hold", holding=True))
    pbx.tell(ev.TargetEnded(CALL, FIRST, "BUSY", 17), ev.AgentAlone(CALL))
    await until(lambda: len(pbx.rung()) == 2, message="Jens is rung")
    pbx.tell(
        ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "hold", holding=True),
        ev.TargetAnswered(CALL, SECOND),
        ev.Bridged(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}", "consult"),
        ev.Bridged(CALL, SECOND, CHANNEL, "consult"),
    )
    await until(
        lambda: (c := tab.call(call)) and c.view.put_through and c.view.put_through.step == "consulting",
        message="Jens is there",
    )
    assert (await tab.ask("connect", call=call)).ok
    pbx.tell(
        ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "join"),
        ev.Bridged(CALL, SECOND, CHANNEL, "join"),
        ev.HungUp(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}"),
    )
    await until(lambda: tab.phase(call) == "joined", message="connected")
    return tab


async def sent(db: Database, call: str) -> list[Notification]:
    async with db.read() as conn:
        (version,) = await notes.versions(conn, call)
        return list(await notifications.of_note(conn, version.note.id))


async def test_a_deputys_call_is_told_to_both_once_and_asks_nobody_to_call_back(
    room: DeskRoom, anna: Tab, sqlite_db: Database
) -> None:
    call = room.id_of(CALL)
    body = {"name": "Herr Müller", "company": "Müller GmbH", "callback": "0171 3920042"}
    assert (await anna.ask("save_note", call=call, body=body)).ok

    erika, jens = await sent(sqlite_db, call)

    assert (erika.address, erika.channel, erika.kind) == ("erika@example.org", "email", "short")
    assert erika.subject == "Anruf für Sie, von Jens Meier angenommen: Herr Müller (Müller GmbH)"
    assert "zu Jens Meier durchgestellt. Der Anruf galt Ihnen." in erika.body_text
    assert "Erika Beispiel (besetzt), Jens Meier (durchgestellt)" in erika.body_text
    assert (jens.address, jens.channel, jens.kind) == ("jens@example.org", "email", "short")
    assert jens.subject == "Zu Ihnen durchgestellt: Herr Müller (Müller GmbH), für Erika Beispiel"
    assert "Wir haben Herrn Müller (Müller GmbH)" in jens.body_text
    assert not any("ückruf" in one.body_text + one.subject for one in (erika, jens))


def period(company: str) -> Selection:
    """All that has happened in this test."""
    now = datetime.now(UTC)
    return Selection(company, now - timedelta(days=1), now + timedelta(days=1))


async def closed(room: DeskRoom, anna: Tab, reason: str = "other") -> str:
    """Caller and employee have hung up, and Anna writes nothing."""
    call = room.id_of(CALL)
    room.pbx.hang_up(CALL)
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("close_call", call=call, reason=reason)).ok
    await until(lambda: anna.call(call) is None, message="off the screen")
    return call


@pytest.mark.parametrize("reason", ["other", "hung_up", "wrong_number", "advertising", "silent"])
async def test_left_without_a_note_a_put_through_is_told_all_the_same(
    room: DeskRoom, anna: Tab, furnished: SampleCompany, sqlite_db: Database, reason: str
) -> None:
    call = await closed(room, anna, reason)

    erika, jens = await sent(sqlite_db, call)

    assert [(mail.kind, mail.address) for mail in (erika, jens)] == [
        ("short", "erika@example.org"),
        ("short", "jens@example.org"),
    ]
    assert erika.subject == "Anruf für Sie, von Jens Meier angenommen: Hans Müller"
    assert jens.subject == "Zu Ihnen durchgestellt: Hans Müller, für Erika Beispiel"
    assert all("+49 171 3920042" in mail.body_text for mail in (erika, jens))
    async with sqlite_db.read() as conn:
        stored = await calls.by_id(conn, call)
        (listed,) = await statistics.page(conn, period(furnished.customer_id), 25)
    assert stored is not None
    assert (stored.outcome, stored.closed_reason) == (calls.Outcome.CLOSED, reason)
    assert (listed.result, listed.takers, listed.asked) == (
        "put_through",
        ("Jens Meier",),
        ("Beispiel, Erika",),
    )
    await until(lambda: anna.picture.notes, message="among the last notes, to be completed")
    assert anna.picture.notes[0].to == "Jens Meier"


async def test_what_was_typed_of_the_caller_goes_with_the_short_message(
    room: DeskRoom, anna: Tab, sqlite_db: Database
) -> None:
    body = {
        "name": "Frau Krause",
        "company": "Krause AG",
        "callback": "0171 3920077",
        "concern": "halb getippt",
    }
    assert (await anna.ask("save_draft", call=room.id_of(CALL), revision=1, body=body)).ok

    erika, jens = await sent(sqlite_db, await closed(room, anna))

    assert "Frau Krause (Krause AG)" in erika.subject
    assert "+49 171 3920077" in jens.body_text
    assert "halb getippt" not in erika.body_text + jens.body_text, "it was left"


async def test_closed_from_two_tabs_it_is_told_once(room: DeskRoom, anna: Tab, sqlite_db: Database) -> None:
    other = await room.tab("anna")
    call = room.id_of(CALL)
    room.pbx.hang_up(CALL)
    await until(lambda: anna.phase(call) == "ended", message="the end")
    await asyncio.gather(*(tab.ask("close_call", call=call, reason="other") for tab in (anna, other)))
    assert len(await sent(sqlite_db, call)) == 2


async def test_the_short_message_can_be_made_a_note_afterwards(
    room: DeskRoom, anna: Tab, furnished: SampleCompany, sqlite_db: Database
) -> None:
    call = await closed(room, anna)
    await until(lambda: anna.picture.notes, message="among the last notes")
    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).ok
    await until(lambda: anna.call(call), message="open again")
    body = {"name": "Hans Müller", "callback": "0171 3920042", "concern": "Angebot", "callback_wanted": True}
    body |= {"recipients": [furnished.erika], "fields": {"art": "Neukunde"}}
    assert (await anna.ask("save_note", call=call, body=body)).ok
    async with sqlite_db.read() as conn:
        newest = (await notes.versions(conn, call))[-1]
        mails = [one for one in await notifications.of_note(conn, newest.note.id) if one.channel == "email"]
    assert {mail.kind for mail in mails} == {"correction"}
    assert any("bitte zurückrufen" in mail.subject for mail in mails if mail.employee_id == furnished.erika)
