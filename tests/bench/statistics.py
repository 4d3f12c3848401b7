"""A company's statistics of one month: as quick among 100,000 stored calls as among 1,000."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import statistics
from pbx_bridge.storage.calls.call_filter import Selection
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.maintenance.migrate import upgrade
from tests.bench.figure import Figure, held
from tests.sample_company import NOW, SampleCompany, furnish

FEW, MANY = 1_000, 100_000
MONTH = 1_000
ROUNDS = 7
Question = Callable[[AsyncConnection, Selection], Awaitable[object]]


async def run() -> list[Figure]:
    """The best of seven rounds each, taken in turn; the month holds 1,000 calls in both."""
    with tempfile.TemporaryDirectory() as folder:
        small = await _filled(f"sqlite:///{folder}/small.db", FEW)
        large = await _filled(f"sqlite:///{folder}/large.db", MANY)
        figures = [await _ratio(name, question, small, large) for name, question in QUESTIONS.items()]
        db, house = large
        everything = Selection(house.customer_id, NOW - timedelta(days=4000), NOW)
        seconds = [await _seconds(db, _charts, everything) for _ in range(3)]
        await asyncio.gather(small[0].close(), large[0].close())
    return [*figures, held("statistics: charts of all 100,000 calls", min(seconds), "s", "at most", 3)]


async def _first_page(conn: AsyncConnection, selection: Selection) -> object:
    return await statistics.page(conn, selection, 26)


async def _last_page(conn: AsyncConnection, selection: Selection) -> object:
    after = statistics.Place(selection.start + timedelta(minutes=40), "")
    return await statistics.page(conn, selection, 26, after)


async def _charts(conn: AsyncConnection, selection: Selection) -> object:
    await statistics.by_employee(conn, selection)
    return await statistics.buckets(conn, selection, timedelta(seconds=20))


async def _search(conn: AsyncConnection, selection: Selection) -> object:
    return await statistics.page(conn, _searching(selection), 26)


def _searching(selection: Selection) -> Selection:
    return Selection(selection.customer_id, selection.start, selection.end, words="steht nirgends")


QUESTIONS: dict[str, Question] = {
    "first page": _first_page,
    "last page": _last_page,
    "charts": _charts,
    "no hit": _search,
}


async def _ratio(
    name: str,
    question: Question,
    small: tuple[Database, SampleCompany],
    large: tuple[Database, SampleCompany],
) -> Figure:
    took: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(ROUNDS):
        for index, (db, house) in enumerate((small, large)):
            month = Selection(house.customer_id, NOW - timedelta(days=30), NOW)
            took[index].append(await _seconds(db, question, month))
    ratio = min(took[1]) / min(took[0])
    return held(f"statistics, {name}: 100,000 / 1,000 calls", ratio, "times", "at most", 2)


async def _seconds(db: Database, question: Question, selection: Selection) -> float:
    async with db.read() as conn:
        began = time.perf_counter()
        await question(conn, selection)
        return time.perf_counter() - began


async def _filled(url: str, count: int) -> tuple[Database, SampleCompany]:
    """One call every 43 minutes, so that a month has 1,000 of them; most with a note, some put through."""
    db = Database(url)
    await upgrade(db)
    house = await furnish(db)
    chance, step = random.Random(1), timedelta(days=30) / MONTH
    for start in range(0, count, 5_000):
        moments = [NOW - step * (number + 0.5) for number in range(start, min(start + 5_000, count))]
        await _store(db, house, moments, chance)
    return db, house


async def _store(db: Database, house: SampleCompany, moments: list[datetime], chance: random.Random) -> None:
    calls, notes, recipients, rung = [], [], [], []
    for at in moments:
        call, note, answered = new_id(), new_id(), chance.random() < 0.95
        calls.append(
            {
                "id": call, "pbx_call": call, "line_number": "+493023125100",
                "customer_id": house.customer_id,
                "caller_number": f"+49171392{chance.randrange(10_000):04}", "arrived_at": at,
                "answered_at": at + timedelta(seconds=chance.randrange(40)) if answered else None,
                "ended_at": at + timedelta(minutes=3), "outcome": "noted" if answered else "abandoned",
            }
        )  # fmt: skip
        if not answered:
            continue
        notes.append(
            {
                "id": note, "call_id": call, "customer_id": house.customer_id, "caller_name": "Hans Müller",
                "concern": "Bittet um Rückruf wegen des Angebots.", "fields": {}, "created_at": at,
            }
        )  # fmt: skip
        recipients.append({"note_id": note, "employee_id": chance.choice((house.erika, house.jens))})
        if chance.random() < 0.3:
            attempt = {"id": f"{call}-a1", "call_id": call, "employee_id": house.erika, "started_at": at}
            rung.append(attempt | {"result": "joined"})
    async with db.write() as conn:
        await insert_all(conn, tables.call, calls)
        await insert_all(conn, tables.call_note, notes)
        await insert_all(conn, tables.note_recipient, recipients)
        await insert_all(conn, tables.attempt, rung)


async def _main() -> None:
    for figure in await run():
        print(figure)


if __name__ == "__main__":
    asyncio.run(_main())
