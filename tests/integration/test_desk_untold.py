"""A note that nobody can hear of: stored, and said as what it is to agent, company and floor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import statistics
from pbx_bridge.storage.calls.call_filter import Selection
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import NOW, SampleCompany
from tests.until import until

BODY = {
    "name": "Sabine Krause",
    "callback": "0171 3920077",
    "concern": "Angebot",
    "fields": {"art": "Neukunde"},
}
UNKNOWN = "493023199999"


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def addresses(room: DeskRoom, db: Database, house: SampleCompany, **given: str) -> None:
    """`company` is the default address, `copy` Erika's colleague's, the others are those of the people."""
    async with db.write() as conn:
        await conn.execute(tables.employee_cc.delete())
        if "copy" in given:
            row = {"employee_id": house.erika, "place": 1, "email": given["copy"]}
            await conn.execute(tables.employee_cc.insert().values(row))
        mine = tables.customer.c.id == house.customer_id
        await conn.execute(
            tables.customer.update().where(mine).values(default_email=given.get("company", ""))
        )
        for name, person in (("erika", house.erika), ("jens", house.jens)):
            hers = tables.employee.c.id == person
            values = {"email": given.get(name, ""), "mobile": ""}
            await conn.execute(tables.employee.update().where(hers).values(values))
        version = await data_version.touch(conn, house.customer_id, NOW)
    known = room.rooms.directory.index.customers
    await until(lambda: known[house.customer_id].version == version, message="the service has read it")


async def saved(room: DeskRoom, tab: Tab, **changed: Any) -> str:
    dialled = changed.pop("dialled", "493023125100")
    room.pbx.ring_and_answer("1.1", dialled=dialled)
    call = room.id_of("1.1")
    await until(lambda: tab.phase(call) == "talking", message="the call")
    room.pbx.hang_up("1.1")
    await until(lambda: tab.phase(call) == "ended", message="the end")
    assert (await tab.ask("save_note", call=call, body=BODY | changed)).ok
    await until(lambda: tab.picture.notes, message="among the last notes")
    return call


def said(tab: Tab) -> list[tuple[str, dict[str, str]]]:
    return [(event["code"], event.get("params", {})) for event in tab.events("notice")]


def persons(house: SampleCompany, who: str) -> list[str]:
    return [getattr(house, name) for name in who.split()]


TOLD_NOBODY: list[tuple[str, dict[str, str]]] = [("told_nobody", {})]
NOT_JENS = [("some_not_reached", {"names": "Jens Meier"})]


@pytest.mark.parametrize(
    "given, recipients, notice, state, to",
    [
        ({}, "", TOLD_NOBODY, "none", ""),
        ({}, "jens", TOLD_NOBODY, "none", "Jens Meier"),
        ({}, "erika jens", TOLD_NOBODY, "none", "Erika Beispiel, Jens Meier"),
        ({"erika": "erika@example.org"}, "", TOLD_NOBODY, "none", ""),
        ({"erika": "erika@example.org"}, "erika jens", NOT_JENS, "waiting", "Erika Beispiel, Jens Meier"),
        ({"erika": "erika@example.org"}, "erika", [], "waiting", "Erika Beispiel"),
        ({"copy": "copy@example.org"}, "erika jens", NOT_JENS, "waiting", "Erika Beispiel, Jens Meier"),
        ({"company": "info@example.org"}, "", [], "waiting", ""),
        ({"company": "info@example.org"}, "jens", [], "waiting", "Jens Meier"),
    ],
)
async def test_the_agent_hears_whom_a_note_does_not_reach(
    room: DeskRoom,
    furnished: SampleCompany,
    sqlite_db: Database,
    given: dict[str, str],
    recipients: str,
    notice: list[tuple[str, dict[str, str]]],
    state: str,
    to: str,
) -> None:
    await addresses(room, sqlite_db, furnished, **given)
    anna = await room.tab("anna")

    await saved(room, anna, recipients=persons(furnished, recipients))

    assert said(anna) == notice
    (shown,) = anna.picture.notes
    assert (shown.state, shown.to) == (state, to)
    assert await untold(sqlite_db, furnished) is (state == "none"), "in the company's list of calls"


async def untold(db: Database, house: SampleCompany) -> bool:
    now = datetime.now(UTC)
    around = Selection(house.customer_id, now - timedelta(days=1), now + timedelta(days=1))
    async with db.read() as conn:
        (listed,) = await statistics.page(conn, around, 25)
    return listed.untold


async def test_a_line_of_no_company_has_nobody_to_tell(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    await saved(room, anna, dialled=UNKNOWN, fields={})
    assert said(anna) == [("told_nobody_unassigned", {})]
    assert anna.picture.notes[0].state == "none"


async def test_a_correction_reaches_those_whom_the_note_did_not(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    await addresses(room, sqlite_db, furnished)
    anna = await room.tab("anna")
    call = await saved(room, anna, recipients=[furnished.jens])
    await addresses(room, sqlite_db, furnished, erika="erika@example.org")
    await corrected(anna, call, recipients=[furnished.erika])
    await until(lambda: anna.picture.notes[0].state == "waiting", message="on its way to Erika")
    assert said(anna) == TOLD_NOBODY, "once, of the first"
    assert not await untold(sqlite_db, furnished)


async def corrected(tab: Tab, call: str, **changed: Any) -> None:
    assert (await tab.ask("correct_note", note=tab.picture.notes[0].id)).ok
    await until(lambda: tab.call(call), message="open again")
    assert (await tab.ask("save_note", call=call, body=BODY | changed)).ok
    await until(lambda: tab.call(call) is None, message="put away")
