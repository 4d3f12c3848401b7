"""The reports count each call once, whatever hangs on it, in parts or as a whole, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls, reports
from pbx_bridge.storage.calls.attempts import StoredAttempt
from pbx_bridge.storage.calls.attempts import insert as rung
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.calls.reports import ReportSelection
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from rules.model import CallNote
from rules.office.report import ReportBy, ReportFigures
from rules.vocabulary import EndReason
from tests.sample_company import IN_TIME, NOW, SampleCompany, furnish

LONG_AGO = NOW - timedelta(days=10)
WHOLE = ReportSelection(LONG_AGO - timedelta(days=1), NOW + timedelta(days=1))
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    """Anna: three calls, of which one was put through and one noted twice; nobody: an abandoned one, one that
    waits, a blocked one, and an abandoned one on a line of nobody."""
    house = await furnish(db)
    async with db.write() as conn:
        for number, (at, wait, tries) in enumerate(
            ((NOW, 5, ("busy", "joined")), (NOW, 30, ("no_answer", "no_answer")), (LONG_AGO, 20, ()))
        ):
            call = StoredCall(
                new_id(), f"a{number}", "+493023125100", at, house.customer_id, agent_id=house.anna,
                answered_at=at + timedelta(seconds=wait),
            )  # fmt: skip
            assert await calls.insert(conn, call)
            for place, result in enumerate(tries):
                tried = StoredAttempt(f"a{number}-a{place}", call.id, at, house.erika, result=result)
                assert await rung(conn, tried)
            await calls.ended(conn, call.id, at + timedelta(seconds=wait + 60), "caller")
            await usage.call_over(conn, call.id, EndReason.CALLER)
            await usage.wrapped_up(conn, call.id, "talk", 15)
            if number == 0:
                note = CallNote(new_id(), "Hans Müller", "Angebot")
                owner = {"call_id": call.id, "customer_id": house.customer_id, "agent_id": house.anna}
                await notes.insert(conn, note, **owner, now=NOW)  # type: ignore[arg-type]
                better = replace(note, id=new_id(), concern="Angebot 4711")
                await notes.insert(conn, better, **owner, now=NOW, replaces_id=note.id)  # type: ignore[arg-type]
        missed = StoredCall(
            new_id(), "m", "+493023125100", NOW + MINUTE, house.customer_id,
            ended_at=NOW + 2 * MINUTE, outcome=Outcome.ABANDONED,
        )  # fmt: skip
        waiting = replace(missed, id=new_id(), pbx_call="w", ended_at=None, outcome=Outcome.OPEN)
        blocked = replace(missed, id=new_id(), pbx_call="b", outcome=Outcome.BLOCKED)
        strange = replace(missed, id=new_id(), pbx_call="s", customer_id=None)
        for one in (missed, waiting, blocked, strange):
            assert await calls.insert(conn, one)
    return house


async def figures(db: Database, selection: ReportSelection, by: ReportBy) -> dict[str, ReportFigures]:
    found: dict[str, ReportFigures] = {}
    async with db.read() as conn:
        async for key, one in reports.counted(conn, selection, by, IN_TIME):
            found[key] = found.get(key, ReportFigures()) + one
    return found


ANNAS = ReportFigures(3, 3, 2, 0, 55.0, 2, 1, 1, 3, 225)


async def test_each_company_and_each_agent_has_its_calls_once(db: Database, house: SampleCompany) -> None:
    assert await figures(db, WHOLE, ReportBy.COMPANY) == {
        house.customer_id: ANNAS + ReportFigures(2, abandoned=1),
        "": ReportFigures(1, abandoned=1),
    }
    assert await figures(db, WHOLE, ReportBy.AGENT) == {house.anna: ANNAS, "": ReportFigures(3, abandoned=2)}


async def test_filters_leave_the_others_out(db: Database, house: SampleCompany) -> None:
    mine = replace(WHOLE, agent_id=house.anna)
    assert await figures(db, mine, ReportBy.COMPANY) == {house.customer_id: ANNAS}
    assert await figures(db, replace(WHOLE, agent_id=house.ben), ReportBy.COMPANY) == {}
    theirs = replace(WHOLE, customer_id=house.customer_id)
    assert await figures(db, theirs, ReportBy.AGENT) == {house.anna: ANNAS, "": ReportFigures(2, abandoned=1)}


async def test_a_quarter_of_an_hour_has_the_calls_that_arrived_in_it(
    db: Database, house: SampleCompany
) -> None:
    found = await figures(db, WHOLE, ReportBy.DAY)
    assert {key: one.calls for key, one in found.items()} == {
        LONG_AGO.isoformat(): 1,
        NOW.isoformat(): 5,
    }
    assert found[NOW.isoformat()].handling == 150


async def test_the_parts_of_a_period_are_the_period(db: Database, house: SampleCompany) -> None:
    parts = list(WHOLE.parts())
    assert len(parts) == 2
    assert [one.start for one in parts[1:]] == [one.end for one in parts[:-1]]
    together: dict[str, ReportFigures] = {}
    for part in parts:
        for key, one in (await figures(db, part, ReportBy.COMPANY)).items():
            together[key] = together.get(key, ReportFigures()) + one
    assert together == await figures(db, WHOLE, ReportBy.COMPANY)
