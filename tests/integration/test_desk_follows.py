from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from pbx_bridge.ami.actions import Originate
from pbx_bridge.desk import protocol as p
from pbx_bridge.settings import DeskSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import sessions
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from tests.desk_room import ORIGIN, Clock, DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def change_instruction(db: Database, house: SampleCompany, text: str) -> None:
    async with db.write() as conn:
        table = tables.customer
        await conn.execute(table.update().where(table.c.id == house.customer_id).values(instruction=text))
        await data_version.touch(conn, house.customer_id, datetime.now(UTC))


async def offered(room: DeskRoom) -> Tab:
    tab = await room.tab("anna")
    room.pbx.arrive("1.1")
    room.pbx.offer("1.1")
    await until(lambda: tab.call(room.id_of("1.1")), message="the pop")
    return tab


async def test_what_the_customer_changes_is_on_the_open_pop_within_a_second(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna = await offered(room)
    await change_instruction(sqlite_db, furnished, "Nur Notizen aufnehmen.")
    await until(lambda: anna.events("pop_changed"), message="the new instruction")
    assert anna.picture.calls[0].pop.instruction == "Nur Notizen aufnehmen."


async def test_an_absence_turns_on_the_open_pop_at_its_time(
    sqlite_url: str, furnished: SampleCompany, sqlite_db: Database
) -> None:
    begins = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(hours=1)
    hours = {"start_local": begins.strftime("%Y-%m-%dT%H:%M"), "end_local": "2099-01-01T00:00"}
    async with sqlite_db.write() as conn:
        row = {"id": new_id(), "employee_id": furnished.erika, "text": "Urlaub"} | hours
        await conn.execute(tables.appointment.insert().values(row))
        await data_version.touch(conn, furnished.customer_id, datetime.now(UTC))
    clock = Clock()
    async with desk_room(sqlite_url, clock) as room:
        anna = await offered(room)
        assert anna.picture.calls[0].pop.employees[0].availability.kind == "present"
        clock.ahead = timedelta(hours=1, minutes=1)
        await until(lambda: anna.events("pop_changed"), message="the turn")
        erika = anna.picture.calls[0].pop.employees[0]
        assert (erika.availability.kind, erika.availability.text) == ("away", "Urlaub")
        assert erika.refusal == "away"


async def test_the_line_has_its_companys_name_on_the_agents_phones(room: DeskRoom) -> None:
    def names() -> list[str]:
        told = (dict(action.variables) for action in room.pbx.sent if isinstance(action, Originate))
        return [variables["_SEC_COMPANY"] for variables in told if "_SEC_COMPANY" in variables]

    await until(names, message="told to Asterisk")
    assert names() == ["Mustermann%20AG"]


async def test_no_address_and_no_mobile_number_is_in_any_message(
    sqlite_url: str, furnished: SampleCompany, sqlite_db: Database
) -> None:
    """The customer's texts are meant to be told and may hold an address; everything else may not."""
    mobile = "+491713920077"
    async with sqlite_db.write() as conn:
        table = tables.employee
        await conn.execute(table.update().values(email="canary@example.org", mobile=mobile, sms=True))
        await conn.execute(tables.customer.update().values(default_email="canary@example.org"))
        await data_version.touch(conn, furnished.customer_id, datetime.now(UTC))
    async with desk_room(sqlite_url) as room:
        anna = await offered(room)
        room.pbx.answer("1.1")
        call = room.id_of("1.1")
        await until(lambda: anna.phase(call) == "talking", message="the call")
        await anna.ask("ring", call=call, employee=furnished.erika)
        await until(room.pbx.rung, message="Erika is rung")
        await change_instruction(sqlite_db, furnished, "Anders.")
        await until(lambda: anna.events("pop_changed"), message="changed")
        room.pbx.hang_up("1.1")
        await until(lambda: anna.phase(call) == "ended", message="the end")
        body = {"name": "Hans", "concern": "Angebot", "fields": {"art": "Neukunde"}}
        await anna.ask("save_draft", call=call, revision=1, body=body)
        assert (await anna.ask("save_note", call=call, body=body | {"recipients": [furnished.erika]})).ok
        await until(lambda: anna.picture.notes, message="the note")
        room.pbx.arrive("2.2")
        room.pbx.offer("2.2")
        await until(lambda: anna.events("earlier"), message="earlier calls")
        await anna.ask("resync")
        said = json.dumps(anna.frames)
    kinds = {frame.get("event", frame).get("type") for frame in anna.frames}
    assert {"hello", "answer", "snapshot", "offer", "call", "draft", "pop_changed", "earlier"} <= kinds
    assert "@" not in said
    assert mobile not in said
    assert "0171 3920077" not in said
    assert "3023125110" not in said, "the extension of an employee"


async def test_a_page_of_somebody_else_cannot_open_the_socket(room: DeskRoom) -> None:
    for origin in ("http://evil.example", "null", "", "http://desk.example.evil.example"):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await room.tab("anna", origin=origin)


async def test_the_socket_ends_within_a_second_of_the_log_in(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    await room.rooms.sessions.end(room.sessions["anna"].id)
    await until(lambda: anna.closed == 4001, message="closed with the reason")


async def test_the_socket_ends_when_another_process_ends_the_log_in(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    async with sqlite_db.write() as conn:
        await sessions.delete_of_account(conn, furnished.anna_account)
    await until(lambda: anna.closed == 4001, message="closed with the reason")


async def test_without_a_log_in_there_is_neither_page_nor_socket(room: DeskRoom) -> None:
    async with room.client.get(f"{room.url}/desk", allow_redirects=False) as answer:
        assert answer.status in {303, 401}
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await room.client.ws_connect(f"{room.url}/desk/socket", headers={"Origin": ORIGIN})


async def test_the_page_speaks_the_agents_language_and_holds_no_call(room: DeskRoom) -> None:
    await offered(room)
    headers = {"Cookie": await room.log_in("anna")}
    async with room.client.get(f"{room.url}/desk", headers=headers) as answer:
        text = await answer.text()
    assert answer.status == 200
    assert 'lang="de"' in text
    assert "Anna Keller" in text
    assert "Hans Müller" not in text
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


async def test_what_is_not_in_the_closed_set_is_answered_and_changes_nothing(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    assert (await anna.ask("drop_tables")).code == "unreadable"
    await anna.socket.send_str("no json")
    await until(lambda: anna.closed == 4400, message="closed")


async def test_a_desk_that_does_not_read_is_dropped_and_the_others_go_on(
    sqlite_url: str, furnished: SampleCompany
) -> None:
    small = replace(DeskSettings(), client_queue_size=5)
    async with desk_room(sqlite_url, desk=small) as room:
        anna = await room.tab("anna")
        slow = await room.tab("anna")
        transport: Any = slow.socket._conn.transport  # type: ignore[union-attr]
        transport.pause_reading()
        hub, agent = room.rooms.desks.hub, room.rooms.directory.staff.id_at("PJSIP/anna")
        assert agent is not None
        clients = hub._stream(agent).clients
        heavy = p.Notice("notice", {"text": "x" * 200_000})
        for _ in range(60):
            hub.publish(agent, heavy)
            await until(lambda: anna.place and anna.place.seq == hub._stream(agent).seq, message="Anna reads")
        await until(lambda: len(clients) == 1, message="the slow one is gone")
        transport.resume_reading()
        await until(lambda: slow.closed is not None, message="it learns")
        back = await room.tab("anna", place=slow.place)
        assert back.picture.me == anna.picture.me


async def test_two_of_a_name_are_told_apart_wherever_they_are_named(
    sqlite_url: str, furnished: SampleCompany, sqlite_db: Database
) -> None:
    """In the list, as a deputy, and among the recipients: the name says which one, and no extension does."""
    namesake, table = new_id(), tables.employee
    async with sqlite_db.write() as conn:
        await conn.execute(table.update().where(table.c.id == furnished.erika).values(position="Einkauf"))
        other = {"id": namesake, "customer_id": furnished.customer_id, "name": "Erika Beispiel"}
        names = {"given_name": "Erika", "family_name": "Beispiel", "position": "Labor"}
        await conn.execute(table.insert().values(other | names | {"extension": "+493023125119"}))
        await data_version.touch(conn, furnished.customer_id, datetime.now(UTC))
    async with desk_room(sqlite_url) as room:
        anna = await offered(room)
        found = {one.id: one.name for one in anna.picture.calls[0].pop.employees}
        said = json.dumps(anna.frames)
    assert (found[furnished.erika], found[namesake]) == ("Erika Beispiel (Einkauf)", "Erika Beispiel (Labor)")
    assert "Jens Meier" in found.values(), "nobody else gets anything"
    assert "3023125119" not in said
