from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.storage.calls import calls, floor_figures
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.calls.floor_figures import CompanyDay
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from rules.model import CallNote, Channel, MessageKind
from tests.floor_room import store
from tests.sample_company import NOW as MORNING
from tests.sample_company import furnish

NOW = MORNING + timedelta(hours=3)
IN_TIME = timedelta(seconds=20)


async def figures(db: Database, now: datetime = NOW) -> dict[str | None, CompanyDay]:
    async with db.read() as conn:
        return {one.customer_id: one for one in await floor_figures.by_company(conn, MORNING, now, IN_TIME)}


async def test_the_day_of_a_company_is_counted_from_the_stored_calls(db: Database) -> None:
    company = (await furnish(db)).customer_id
    await store(db, company, MORNING, answered=20, ended=100)
    await store(db, company, MORNING, answered=20.5, ended=100)
    await store(db, company, MORNING, ended=61)
    await store(db, None, MORNING, answered=3)
    found = await figures(db)
    assert found.keys() == {company, None}
    assert found[company] == CompanyDay(company, 3, 2, 1, 3, 1, 61.0)
    assert found[None] == CompanyDay(None, 1, 1, 1, 1, 0, 3.0)


async def test_a_note_that_reached_nobody_is_seen(db: Database) -> None:
    house = await furnish(db)
    told, silent = [await store(db, house.customer_id, MORNING, answered=5) for _ in range(2)]
    async with db.write() as conn:
        for call in (told, silent):
            note = CallNote(new_id(), "Hans Müller", "Angebot")
            owner: dict[str, Any] = {"call_id": call, "customer_id": house.customer_id, "agent_id": None}
            await notes.insert(conn, note, **owner, now=NOW)
            if call == told:
                kind = (Channel.EMAIL, MessageKind.NOTE, "x@example.org", "")
                mail = Notification(new_id(), note.id, house.customer_id, *kind, NOW, NOW)
                await notifications.insert(conn, [mail])
    assert (await figures(db))[house.customer_id].untold == 1


@pytest.mark.parametrize("waits,decided", [(5, 0), (19, 0), (21, 1)])
async def test_whoever_has_just_begun_to_wait_spoils_nothing(db: Database, waits: int, decided: int) -> None:
    company = (await furnish(db)).customer_id
    await store(db, company, NOW - timedelta(seconds=waits))
    assert (await figures(db))[company] == CompanyDay(company, 1, 0, 0, decided, 0, 0.0)


async def test_whoever_is_turned_away_is_no_call_of_ours(db: Database) -> None:
    company = (await furnish(db)).customer_id
    await store(db, company, MORNING, answered=5)
    before = await figures(db)
    turned_away = StoredCall("1", "1", "+493023125100", MORNING, company, ended_at=MORNING)
    async with db.write() as conn:
        await calls.insert(conn, replace(turned_away, outcome=Outcome.BLOCKED))
    assert await figures(db) == before


async def test_yesterday_and_what_is_yet_to_come_do_not_count(db: Database) -> None:
    company = (await furnish(db)).customer_id
    await store(db, company, MORNING - timedelta(seconds=1), answered=1)
    await store(db, company, NOW, answered=1)
    assert await figures(db) == {}


async def test_an_abandoned_call_that_waited_longest_is_the_longest_wait(db: Database) -> None:
    company = (await furnish(db)).customer_id
    await store(db, company, MORNING, answered=12, ended=500)
    await store(db, company, MORNING, ended=95)
    assert (await figures(db))[company].longest_wait == 95.0
