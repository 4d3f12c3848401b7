"""Erika is busy and Jens takes her call, on a real database and real sockets: who reads what."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.storage import changes, notes, notifications, tables
from pbx_bridge.storage.engine import Database
from pbx_bridge.storage.notifications import Notification
from tests.desk_room import ANNA, DeskRoom, Tab, desk_room, leg
from tests.house import NOW, House
from tests.until import until

CALL = "1795429654.115"
FIRST, SECOND = f"{CALL}-a1", f"{CALL}-a2"
CHANNEL = "Local/493023125111@sec-target-2;1"


@pytest.fixture
async def room(sqlite_url: str, furnished: House, sqlite_db: Database) -> AsyncIterator[DeskRoom]:
    """Both can be reached in every way, and want all that there is."""
    wishes = {"sms": True, "vip_sms": True, "put_through": "all"}
    jens = {"email": "jens@example.org", "extension": "+493023125111", "mobile": "+491713920002"}
    async with sqlite_db.write() as conn:
        for person, more in ((furnished.erika, {"mobile": "+491713920001"}), (furnished.jens, jens)):
            mine = tables.employee.c.id == person
            await conn.execute(tables.employee.update().where(mine).values(wishes | more))
        await conn.execute(tables.appointment.delete())
        await changes.touch(conn, furnished.customer_id, NOW)
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def anna(room: DeskRoom, furnished: House) -> Tab:
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
    assert "zu Jens Meier durchgestellt. Er war für Sie." in erika.body_text
    assert "Erika Beispiel (besetzt), Jens Meier (durchgestellt)" in erika.body_text
    assert (jens.address, jens.channel, jens.kind) == ("jens@example.org", "email", "short")
    assert jens.subject == "Zu Ihnen durchgestellt: Herr Müller (Müller GmbH), für Erika Beispiel"
    assert "Wir haben Herrn Müller (Müller GmbH)" in jens.body_text
    assert not any("ückruf" in one.body_text + one.subject for one in (erika, jens))
