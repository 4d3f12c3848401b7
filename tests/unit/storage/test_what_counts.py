"""What a call was, and whether it was one: the same in every figure, list and search."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import call_backs, call_search, calls, floor_figures, reports, statistics
from pbx_bridge.storage.calls.call_filter import UNANSWERED, Result
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import voice_messages
from rules.office.report import ReportBy, ReportFigures
from tests.sample_company import IN_TIME, SampleCompany
from tests.unit.storage.test_statistics import DAY, MORNING, call, day, house, note

__all__ = ["house"]

RING = "1795978790.912345678901"


async def vain(db: Database, house: SampleCompany, at: float, **more: object) -> str:
    """A call that nobody answers."""
    return await call(db, house, at, waited=None, outcome=calls.Outcome.ABANDONED, **more)


async def spoke(db: Database, house: SampleCompany, call_id: str) -> None:
    """After the tone; a note tells of it."""
    told = await note(db, house, call_id, "Sprachnachricht")
    left = voice_messages.VoiceMessage(new_id(), new_id(), call_id, told.id, 12, MORNING)
    async with db.write() as conn:
        assert await voice_messages.insert(conn, left)


async def asked(db: Database, call_id: str) -> None:
    """To be called back."""
    async with db.write() as conn:
        assert await call_backs.add(conn, new_id(), call_id, MORNING)


async def test_who_has_spoken_or_asked_to_be_called_back_is_not_listed_as_lost(
    db: Database, house: SampleCompany
) -> None:
    lost, spoken, promised, both, taken = [await vain(db, house, at) for at in range(4)] + [
        await call(db, house, 5)
    ]
    for one in (spoken, both):
        await spoke(db, house, one)
    for one in (promised, both, taken):
        await asked(db, one)
    await note(db, house, promised, "Rückruf nicht gelungen")  # of a promise that was not kept
    expected = {
        lost: Result.MISSED,
        spoken: Result.RECORDED,
        promised: Result.CALL_BACK,
        both: Result.RECORDED,
        taken: Result.NOTED,
    }
    async with db.read() as conn:
        listed = await statistics.page(conn, day(house), 25)
        assert {one.id: one.result for one in listed} == expected
        found = await call_search.found(conn, call_search.CallSearch(MORNING, MORNING + DAY), 25)
        assert {one.id: one.result for one in found} == expected
        for result in Result:
            only = await statistics.page(conn, day(house, result=result), 25)
            assert {one.id for one in only} == {name for name, what in expected.items() if what is result}
        counted = await statistics.buckets(conn, day(house), IN_TIME)
        assert {one.result: one.missed for one in counted} == {
            result: int(result in UNANSWERED) * list(expected.values()).count(result)
            for result in expected.values()
        }


async def test_a_voice_message_stays_one_when_its_note_is_erased_before_the_call(
    db: Database, house: SampleCompany
) -> None:
    """A company may keep texts for a shorter time than calls; the list must not say "lost" then."""
    spoken, lost = await vain(db, house, 1), await vain(db, house, 2)
    await spoke(db, house, spoken)
    async with db.write() as conn:
        assert await usage.voice_message_left(conn, new_id(), house.customer_id, spoken, MORNING)
        await conn.execute(t.call_note.delete())
        assert (await conn.execute(select(t.voice_message))).first() is None
    async with db.read() as conn:
        listed = await statistics.page(conn, day(house), 25)
        assert {one.id: one.result for one in listed} == {spoken: Result.RECORDED, lost: Result.MISSED}
        found = await call_search.found(conn, call_search.CallSearch(MORNING, MORNING + DAY), 25)
        assert {one.id: one.result for one in found} == {spoken: Result.RECORDED, lost: Result.MISSED}
        assert [one.id for one in await statistics.page(conn, day(house, heard=True), 25)] == [spoken]


@pytest.mark.parametrize("pbx", ["", "pbx-1-"])
@pytest.mark.parametrize("over", [True, False])
async def test_a_call_back_counts_once_an_agent_makes_it(
    db: Database, house: SampleCompany, pbx: str, over: bool
) -> None:
    """Before, one for which no agent was free was a caller lost, though nobody had called."""
    await call(db, house, 0, agent_id=house.anna)
    await vain(db, house, 1)
    counted_before = await figures(db)
    ended = MORNING + timedelta(minutes=9) if over else None
    rung = await vain(db, house, 2, pbx_call=pbx + RING, ended_at=ended)
    assert await figures(db) == counted_before
    async with db.read() as conn:
        assert rung not in {one.id for one in await statistics.page(conn, day(house), 25)}
        found = await call_search.found(conn, call_search.CallSearch(MORNING, MORNING + DAY), 25)
    assert [one.id for one in found if one.rings_back] == [rung]

    await call(db, house, 3, pbx_call=pbx + RING.replace("7", "8"), agent_id=house.anna)
    for before, after in zip(counted_before, await figures(db), strict=True):
        assert after == (before[0] + 1, before[1] + 1, before[2])


async def figures(db: Database) -> tuple[tuple[int, int, int], ...]:
    """Calls, answered and lost ones, wherever they are counted."""
    end = MORNING + DAY
    async with db.read() as conn:
        today = await calls.figures(conn, MORNING, end, IN_TIME)
        (floor,) = await floor_figures.by_company(conn, MORNING, end, IN_TIME)
        report = ReportFigures()
        async for _, part in reports.counted(
            conn, reports.ReportSelection(MORNING, end), ReportBy.COMPANY, IN_TIME
        ):
            report += part
    return (
        (today.arrived, today.answered, today.missed),
        (floor.calls, floor.answered, floor.abandoned),
        (report.calls, report.answered, report.abandoned),
    )
