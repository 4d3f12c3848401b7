"""What another process, a company or another telephone did meanwhile is known at the desk, and costs no
word."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from tests.desk_room import BEN, DeskRoom, desk_room
from tests.desk_world import World, world_room
from tests.note_room import body, draft_of, room, talk, texts, typed
from tests.sample_company import NOW, SampleCompany
from tests.until import until

__all__ = ["body", "room"]

# ---- two processes


async def test_only_what_is_stored_is_acknowledged_by_another_process_too(
    sqlite_url: str, furnished: SampleCompany, body: dict[str, Any], sqlite_db: Database
) -> None:
    async with desk_room(sqlite_url) as one, desk_room(sqlite_url) as other:
        here, there = await one.tab("anna"), await other.tab("anna")
        call = await talk(one, here)
        await talk(other, there)
        assert (await here.ask("save_draft", call=call, revision=5, body=body | {"concern": "Angebot"})).ok
        late = await there.ask("save_draft", call=call, revision=3, body=body | {"concern": "Ang"})
        assert (late.code, late.params) == ("draft_outdated", {"revision": "5"})
        await until(lambda: typed(there, call) == "Angebot", message="what is stored is shown")
        assert (await there.ask("save_draft", call=call, revision=6, body=body | {"concern": "Angebote"})).ok
        assert await draft_of(sqlite_db, call) == "Angebote"


@pytest.mark.parametrize("words", ["Angebot", "Auftrag"])
async def test_a_note_that_another_process_has_taken_is_known_and_can_be_corrected(
    sqlite_url: str, furnished: SampleCompany, body: dict[str, Any], sqlite_db: Database, words: str
) -> None:
    async with desk_room(sqlite_url) as one, desk_room(sqlite_url) as other:
        here, there = await one.tab("anna"), await other.tab("anna")
        call = await talk(one, here)
        await talk(other, there)
        assert (await here.ask("save_note", call=call, body=body)).ok
        answer = await there.ask("save_note", call=call, body=body | {"concern": words})
        if words == "Angebot":
            assert answer.code == "already_noted"
        else:
            assert answer.ok
        assert await texts(sqlite_db, call) == [["Angebot"] if words == "Angebot" else ["Angebot", words]]


async def test_a_call_that_another_process_has_noted_leaves_the_screen(
    sqlite_url: str, furnished: SampleCompany, body: dict[str, Any]
) -> None:
    async with desk_room(sqlite_url) as one, desk_room(sqlite_url) as other:
        here, there = await one.tab("anna"), await other.tab("anna")
        call = await talk(one, here)
        await talk(other, there)
        for room, tab in ((one, here), (other, there)):
            room.pbx.hang_up("1.1")
            await until(lambda tab=tab: tab.phase(call) == "ended", message="the end")  # type: ignore[misc]  # a default
        assert (await here.ask("save_note", call=call, body=body)).ok
        agent = other.rooms.desks.screens.staff.agent(furnished.anna)
        assert agent
        other.rooms.desks.refresher.refresh_soon(agent)
        await until(lambda: there.call(call) is None, message="gone there, too")


# ---- whoever is gone


async def test_the_agent_is_told_who_gets_the_note_when_its_recipient_is_gone(
    room: DeskRoom, furnished: SampleCompany, body: dict[str, Any], sqlite_db: Database
) -> None:
    async def change(*statements: Any) -> None:
        version = room.rooms.directory.index.customers[furnished.customer_id].version
        async with sqlite_db.write() as conn:
            for statement in statements:
                await conn.execute(statement)
            await data_version.touch(conn, furnished.customer_id, NOW)
        customers = room.rooms.directory.index.customers
        await until(lambda: customers[furnished.customer_id].version > version, message="known")

    async def saved(number: str, recipients: list[str]) -> tuple[str, list[str | None]]:
        call = await talk(room, anna, number)
        before = len(anna.events("notice"))
        assert (await anna.ask("save_note", call=call, body=body | {"recipients": recipients})).ok
        await until(lambda: len(anna.events("notice")) > before, message="a word")
        async with sqlite_db.read() as conn:
            (note,) = await notes.versions(conn, call)
            mails = await notifications.of_note(conn, note.note.id)
        room.pbx.hang_up(number)
        await until(lambda: anna.call(call) is None, message="done")
        return anna.events("notice")[-1]["code"], [mail.employee_id for mail in mails]

    anna = await room.tab("anna")
    employee, customer = tables.employee, tables.customer
    jens = customer.update().where(customer.c.id == furnished.customer_id)
    await change(
        employee.delete().where(employee.c.id == furnished.erika),
        employee.update().where(employee.c.id == furnished.jens).values(email="jens@example.org"),
    )
    gone, here = furnished.erika, furnished.jens
    assert await saved("1.1", [gone, here]) == ("recipient_gone_others", [here])
    assert await saved("1.2", [gone]) == ("recipient_gone_nobody", [])
    await change(jens.values(default_email="office@example.org"))
    assert await saved("1.3", [gone]) == ("recipient_gone_default", [None])
    async with sqlite_db.write() as conn:
        await conn.execute(customer.delete().where(customer.c.id == furnished.customer_id))
    call = await talk(room, anna, "1.4")
    assert (await anna.ask("save_note", call=call, body=body)).ok
    await until(lambda: anna.events("notice")[-1]["code"] == "told_nobody_gone", message="a word")


# ---- whose phone rang, too


@pytest.mark.parametrize("answered", [True, False])
async def test_whoever_was_slower_is_told_who_answered_or_that_nobody_did(
    room: DeskRoom, answered: bool
) -> None:
    """The other phones hang up before anybody says why."""
    ben = await room.tab("ben")
    room.pbx.arrive("1.1")
    room.pbx.offer("1.1")
    room.pbx.offer("1.1", BEN)
    await until(lambda: ben.events("offer"), message="Ben's pop")
    room.pbx.falls_silent("1.1", BEN)
    if answered:
        room.pbx.answer("1.1")
    else:
        room.pbx.falls_silent("1.1")
        room.pbx.gives_up("1.1")
    await until(lambda: ben.events("offer_gone"), message="gone from Ben")
    (gone,) = ben.events("offer_gone")
    said = ("answered_elsewhere", "Anna Keller") if answered else ("caller_gone", "")
    assert (gone["reason"], gone["by"]) == said


async def test_the_day_counts_callers_who_gave_up_and_none_who_was_answered(
    sqlite_url: str, furnished: SampleCompany
) -> None:
    world = World()
    async with world_room(sqlite_url, world) as room:
        anna = await room.tab("anna")
        world.arrive()
        world.offer("anna")
        world.answer("anna")
        world.hold()
        world.agent_hangs_up()  # answered, and waits again
        room.pbx.arrive("2.2")
        room.pbx.gives_up("2.2")
        await until(lambda: len(room.rooms.calls.registry.waiting) == 1, message="one waits")
        await room.rooms.calls.journal.settled()
        await room.rooms.desks.figures.refresh_floor()
        await until(lambda: anna.picture.today.calls == 2, message="both are counted")
        assert anna.picture.today.abandoned == 1
