"""Put through to a number outside, from the button to the mail; the PBX is played."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import attempts
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from rules.model import FaqEntry
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.integration.test_desk_put_through import CALL, consulting, joined, may, on_hold, step
from tests.sample_company import SampleCompany
from tests.until import until

NUMBER = "+493023125190"
BODY = {"name": "Hans Müller", "concern": "Rohrbruch", "fields": {"art": "Neukunde"}}


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        change(opened, furnished, instruction="Bei Rohrbruch: 030 23125 190. Niemals 0900 1234567.")
        yield opened


def change(room: DeskRoom, house: SampleCompany, **values: object) -> None:
    """The company is like this from now on."""
    index = room.rooms.directory.index
    customer = index.customer(house.customer_id)
    assert customer is not None
    index.replace(replace(customer, version=customer.version + 1, **values))  # type: ignore[arg-type]  # by name


@pytest.fixture
async def anna(room: DeskRoom) -> Tab:
    """Anna talks to Hans Müller."""
    tab = await room.tab("anna")
    room.pbx.ring_and_answer(CALL)
    await until(lambda: "ring" in may(tab, room), message="Anna may ring")
    return tab


async def test_the_pop_names_what_the_texts_name(room: DeskRoom, furnished: SampleCompany) -> None:
    change(room, furnished, faq=(FaqEntry("1", "Hausmeister?", "Herr Vogt: 0171 3920055"),))
    tab = await room.tab("anna")
    room.pbx.ring_and_answer(CALL)
    await until(lambda: tab.call(room.id_of(CALL)), message="the pop")
    found = tab.call(room.id_of(CALL))
    assert found is not None
    assert [(one.number, one.shown, one.label) for one in found.pop.numbers] == [
        (NUMBER, "030 23125190", "Bei Rohrbruch"),
        ("+491713920055", "0171 3920055", "Herr Vogt"),
    ]


async def test_from_the_number_to_the_mail(
    room: DeskRoom, anna: Tab, furnished: SampleCompany, sqlite_db: Database
) -> None:
    call = room.id_of(CALL)
    assert (await anna.ask("ring_number", call=call, number="030 / 23125-190")).ok
    await until(room.pbx.rung, message="it is rung")
    assert room.pbx.rung() == ["Local/493023125190@sec-target/n"]
    await until(lambda: step(anna, room) == "ringing", message="seen on the desk")
    on_hold(room)
    consulting(room)
    await until(lambda: step(anna, room) == "consulting", message="somebody is there")
    shown = anna.call(call)
    assert shown is not None
    assert shown.view.put_through is not None
    assert (shown.view.put_through.current, shown.view.put_through.current_name) == (None, "030 23125190")
    assert (await anna.ask("connect", call=call)).ok
    joined(room)
    await until(lambda: anna.phase(call) == "joined", message="connected")
    shown = anna.call(call)
    assert shown is not None
    assert (shown.view.joined_with, shown.view.joined_number) == (None, "030 23125190")
    assert [(one.employee_id, one.name, one.result) for one in shown.view.tried] == [
        ("", "030 23125190", "joined")
    ]
    assert (await anna.ask("save_note", call=call, body=BODY | {"recipients": [furnished.erika]})).ok
    await until(lambda: anna.phase(call) is None and anna.picture.notes, message="done")
    await room.rooms.calls.journal.settled()
    async with sqlite_db.read() as conn:
        (rung,) = await attempts.of_call(conn, call)
        (mail, *_) = await notifications.of_note(conn, anna.picture.notes[0].id)
    assert (rung.employee_id, rung.number, rung.result) == (None, NUMBER, "joined")
    assert "Wir haben ihn an 030 23125190 durchgestellt." in " ".join(mail.body_text.split())


@pytest.mark.parametrize("reason", ["other", "hung_up"])
async def test_without_a_note_the_company_hears_of_it_all_the_same(
    room: DeskRoom, anna: Tab, furnished: SampleCompany, sqlite_db: Database, reason: str
) -> None:
    call = room.id_of(CALL)
    async with sqlite_db.write() as conn:
        await conn.execute(tables.customer.update().values(default_email="zentrale@example.org"))
        await data_version.touch(conn, furnished.customer_id, datetime.now(UTC))
    await until(lambda: _default_email(room, furnished), message="the company's address")
    change(room, furnished, instruction="Bei Rohrbruch: 030 23125 190.")
    assert (await anna.ask("ring_number", call=call, number="030 / 23125-190")).ok
    await until(room.pbx.rung, message="it is rung")
    on_hold(room)
    consulting(room)
    await until(lambda: step(anna, room) == "consulting", message="somebody is there")
    assert (await anna.ask("connect", call=call)).ok
    joined(room)
    await until(lambda: anna.phase(call) == "joined", message="connected")
    room.pbx.hang_up(CALL)
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("close_call", call=call, reason=reason)).ok
    async with sqlite_db.read() as conn:
        (note,) = await notes.versions(conn, call)
        sent = await notifications.of_note(conn, note.note.id)
    assert [one.address for one in sent] == ["zentrale@example.org"]
    assert "Wir haben ihn an 030 23125190 durchgestellt." in " ".join(sent[0].body_text.split())


def _default_email(room: DeskRoom, house: SampleCompany) -> str:
    customer = room.rooms.directory.index.customer(house.customer_id)
    return customer.default_email if customer else ""


@pytest.mark.parametrize(
    "number, code",
    [
        ("0900 1234567", "outside_not_allowed"),
        ("+43 1 5321234", "outside_not_allowed"),
        ("030 23125100", "own_line"),
        ("Herr Meier", "outside_unreadable"),
        ("9" * 200, "outside_unreadable"),
    ],
)
async def test_what_the_rules_refuse(room: DeskRoom, anna: Tab, number: str, code: str) -> None:
    refused = await anna.ask("ring_number", call=room.id_of(CALL), number=number)
    assert (refused.ok, refused.code) == (False, code)
    assert room.pbx.rung() == []


async def test_under_professional_secrecy_only_employees_are_rung(
    room: DeskRoom, anna: Tab, furnished: SampleCompany
) -> None:
    change(room, furnished, confidential=True)
    refused = await anna.ask("ring_number", call=room.id_of(CALL), number="030 23125190")
    assert (refused.ok, refused.code) == (False, "confidential")
    assert room.pbx.rung() == []


async def test_only_the_agent_of_the_call_rings(room: DeskRoom, anna: Tab) -> None:
    ben = await room.tab("ben")
    refused = await ben.ask("ring_number", call=room.id_of(CALL), number="030 23125190")
    assert (refused.ok, refused.code) == (False, "not_yours")
    unknown = await anna.ask("ring_number", call="nothing", number="030 23125190")
    assert unknown.code == "unknown_call"
