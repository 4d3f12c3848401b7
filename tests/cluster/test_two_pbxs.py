"""Two PBXs on one database: what happens at one in the same second is none of the other's business."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from pbx_bridge.settings import PbxSettings
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.desk_room import ANNA, BEN, CALLER, DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany, furnish
from tests.until import until

CALL = "1795855017.23"
"""The same second and the same counter; neither PBX says its name in it."""


def house(url: str, name: str) -> AbstractAsyncContextManager[DeskRoom]:
    return desk_room(url, pbx=replace(PbxSettings(), name=name))


@dataclass
class Both:
    berlin: DeskRoom
    hamburg: DeskRoom
    db: Database
    furnished: SampleCompany


@pytest.fixture
async def both(database_url: str, db: Database) -> AsyncIterator[Both]:
    furnished = await furnish(db)
    async with house(database_url, "berlin") as berlin, house(database_url, "hamburg") as hamburg:
        yield Both(berlin, hamburg, db, furnished)


def note(concern: str) -> dict[str, Any]:
    return {"name": "Sabine Krause", "concern": concern, "fields": {"art": "Neukunde"}}


async def talk(room: DeskRoom, login: str, phone: str, caller: str = CALLER) -> Tab:
    tab = await room.tab(login)
    room.pbx.ring_and_answer(CALL, phone, caller=caller)
    await until(lambda: tab.phase(room.id_of(CALL)) == "talking", message="the call")
    return tab


async def settled(*rooms: DeskRoom) -> None:
    for room in rooms:
        await room.rooms.calls.journal.settled()


async def rung(room: DeskRoom, tab: Tab, employee: str) -> None:
    before = len(room.pbx.rung())
    assert (await tab.ask("ring", call=room.id_of(CALL), employee=employee)).ok
    await until(lambda: len(room.pbx.rung()) > before, message="rung")


async def test_calls_of_one_name_are_two_calls_and_two_notes(both: Both) -> None:
    anna = await talk(both.berlin, "anna", ANNA, "491713920042")
    ben = await talk(both.hamburg, "ben", BEN, "491713920077")
    here, there = both.berlin.id_of(CALL), both.hamburg.id_of(CALL)
    assert here != there
    assert (await anna.ask("save_note", call=here, body=note("An Berlin."))).ok
    assert (await ben.ask("save_note", call=there, body=note("An Hamburg."))).ok
    await settled(both.berlin, both.hamburg)
    async with both.db.read() as conn:
        rows = [await calls.by_id(conn, one) for one in (here, there)]
        said = [[one.note.concern for one in await notes.versions(conn, call)] for call in (here, there)]
    assert [(row.pbx, row.caller_number, row.agent_id) for row in rows if row] == [
        ("berlin", "+491713920042", both.furnished.anna),
        ("hamburg", "+491713920077", both.furnished.ben),
    ]
    assert said == [["An Berlin."], ["An Hamburg."]]


async def test_both_put_through_in_the_same_moment(both: Both) -> None:
    for room, login, phone in ((both.berlin, "anna", ANNA), (both.hamburg, "ben", BEN)):
        await rung(room, await talk(room, login, phone), both.furnished.erika)
    await settled(both.berlin, both.hamburg)
    async with both.db.read() as conn:
        tried = [await attempts.of_call(conn, room.id_of(CALL)) for room in (both.berlin, both.hamburg)]
    assert [[one.employee_id for one in some] for some in tried] == [[both.furnished.erika]] * 2


async def test_a_restart_of_one_leaves_the_others_calls_and_put_throughs_alone(
    database_url: str, db: Database
) -> None:
    furnished = await furnish(db)
    async with house(database_url, "hamburg") as hamburg:
        ben = await talk(hamburg, "ben", BEN)
        await rung(hamburg, ben, furnished.erika)
        async with house(database_url, "berlin") as berlin:
            await talk(berlin, "anna", ANNA)
            await settled(berlin, hamburg)
        async with house(database_url, "berlin") as berlin:  # whose PBX knows nothing of the call any more
            await until(lambda: berlin.rooms.calls.registry.link.up, message="the link")
            await settled(berlin)
            async with db.read() as conn:
                lost = await calls.by_id(conn, berlin.id_of(CALL))
                lives = await calls.by_id(conn, hamburg.id_of(CALL))
                (runs,) = await attempts.of_call(conn, hamburg.id_of(CALL))
        assert lost
        assert (lost.ended_at is None, lost.ended_how) == (False, "lost")
        assert lives
        assert (lives.ended_at, runs.result) == (None, None)
        assert ben.phase(hamburg.id_of(CALL)) == "talking"


async def test_a_call_that_goes_on_at_one_is_not_on_the_screen_of_the_other(both: Both) -> None:
    """Nor is it opened there, where nobody knows how it is; once it is over, its note can be written."""
    await talk(both.hamburg, "anna", ANNA)
    await settled(both.hamburg)
    there = both.hamburg.id_of(CALL)
    elsewhere = await both.berlin.tab("anna")
    assert elsewhere.picture.calls == []
    refused = await elsewhere.ask("save_note", call=there, body=note("Zu früh."))
    assert (refused.ok, refused.code) == (False, "unknown_call")
    both.hamburg.pbx.hang_up(CALL, ANNA)
    await until(lambda: not both.hamburg.rooms.calls.registry.live, message="over")
    await settled(both.hamburg)
    both.berlin.pbx.ring_and_answer(CALL, BEN)  # of the same name, at this one
    assert (await elsewhere.ask("save_note", call=there, body=note("Danach."))).ok
