"""What desks and floor ask all day is answered from indexes on both databases, not by reading all calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, text

from pbx_bridge.storage.call_life import facts
from pbx_bridge.storage.calls import (
    agent_figures,
    call_back_list,
    call_search,
    calls,
    calls_in_need,
    floor_figures,
    reports,
)
from pbx_bridge.storage.calls.call_back_list import CallBackChoice, CallBackSearch
from pbx_bridge.storage.calls.call_search import CallSearch
from pbx_bridge.storage.calls.calls_in_need import CallNeed, CallSpan
from pbx_bridge.storage.calls.reports import ReportSelection
from pbx_bridge.storage.customers import company_list, line_list
from pbx_bridge.storage.customers.company_list import CompanySearch
from pbx_bridge.storage.customers.line_list import LineSearch
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.notes import last_notes
from pbx_bridge.storage.outbox import deliveries, undelivered
from pbx_bridge.storage.outbox.deliveries import DeliveryChoice, DeliverySearch
from rules.office.report import ReportBy
from tests.plans import reads_all_without
from tests.sample_company import IN_TIME, NOW, SampleCompany, furnish

CALLS = 20_000
DAY = timedelta(days=1)
NUMBER = "+491713920042"

_COUNTED = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    "postgresql": "WITH n (i) AS (SELECT generate_series(1, CAST(:count AS integer)))",
}
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', julianday('2026-11-23 09:00') - i / 48.0)",
    "postgresql": "TIMESTAMPTZ '2026-11-23 09:00Z' - i * INTERVAL '30 minutes'",
}
_CALLS = """
    INSERT INTO call (id, pbx_call, line_number, customer_id, caller_number, agent_id, arrived_at,
                      answered_at, ended_at, outcome)
    {counted} SELECT 'c' || i, 'p' || i, '+493023125100', :customer,
        CASE WHEN i % 7 = 0 THEN '+491713920042' ELSE '+4930' || i END,
        CASE WHEN i % 2 = 0 THEN :anna ELSE :ben END, {moment}, {moment}, {moment}, 'noted' FROM n"""
_NOTES = """
    INSERT INTO call_note (id, call_id, customer_id, agent_id, caller_name, concern, fields, created_at)
    SELECT 'n' || id, id, customer_id, agent_id, 'Hans Müller', 'Angebot', '{}', arrived_at FROM call"""
_ATTEMPTS = """
    INSERT INTO attempt (id, call_id, started_at, result)
    SELECT 'a' || id, id, arrived_at, 'joined' FROM call"""

Asked = Callable[[AsyncConnection, SampleCompany], Awaitable[object]]


async def _in_need(conn: AsyncConnection, need: CallNeed) -> None:
    span = CallSpan(NOW - 7 * DAY, NOW)
    await calls_in_need.sighted(conn, need, span)
    await calls_in_need.listed(conn, need, span)


async def _report(conn: AsyncConnection, selection: ReportSelection, by: ReportBy) -> None:
    async for _ in reports.counted(conn, selection, by, IN_TIME):
        pass


async def _week(conn: AsyncConnection, _house: SampleCompany, *, by: ReportBy) -> None:
    await _report(conn, ReportSelection(NOW - 7 * DAY, NOW), by)


QUESTIONS: dict[str, Asked] = {
    "the floor's day": lambda conn, _: floor_figures.by_company(conn, NOW - DAY, NOW, timedelta(seconds=20)),
    "everybody's day": lambda conn, _: calls.figures(conn, NOW - DAY, NOW, IN_TIME),
    "my own day": lambda conn, house: agent_figures.of_agent(conn, house.anna, NOW - DAY, IN_TIME),
    "my last notes": lambda conn, house: last_notes.last_of_agent(conn, house.anna),
    "my open calls": lambda conn, house: calls.open_calls_of(conn, house.anna),
    "earlier calls of this caller": lambda conn, house: calls.earlier_calls(conn, house.customer_id, NUMBER),
    "earlier calls than one that is over": lambda conn, house: calls.earlier_calls(
        conn, house.customer_id, NUMBER, until=NOW
    ),
    "when I last answered here": lambda conn, house: calls.last_answered(
        conn, house.anna, house.customer_id, NOW
    ),
    "calls that are live": lambda conn, _: calls.live(conn),
    "calls of nobody": lambda conn, _: calls.unassigned(conn),
    "calls on lines of nobody": lambda conn, _: _in_need(conn, CallNeed.UNKNOWN_LINE),
    "calls without a note": lambda conn, _: _in_need(conn, CallNeed.UNNOTED),
    "notes told to nobody": lambda conn, _: _in_need(conn, CallNeed.UNTOLD),
    "what hangs in the outbox": lambda conn, _: deliveries.sighted(conn, NOW),
    "what waits for too long": lambda conn, _: deliveries.waiting_since(conn, NOW),
    "all that is open in the outbox": lambda conn, _: deliveries.listed(
        conn, DeliverySearch(DeliveryChoice.ALL, NOW)
    ),
    "how much did not arrive": lambda conn, house: undelivered.count(conn, house.customer_id),
    "calls found by a number": lambda conn, _: call_search.found(
        conn, CallSearch(NOW - 90 * DAY, NOW, number=NUMBER), 51
    ),
    "calls found by a company": lambda conn, _: call_search.found(
        conn, CallSearch(NOW - 7 * DAY, NOW, company="Muster"), 51
    ),
    "calls of a time": lambda conn, _: call_search.found(
        conn, CallSearch(NOW - 7 * DAY, NOW, digits="125"), 51
    ),
    "call backs that are open": lambda conn, _: call_back_list.listed(
        conn, CallBackSearch(CallBackChoice.OPEN, NOW - 90 * DAY)
    ),
    "call backs of a time": lambda conn, _: call_back_list.listed(
        conn, CallBackSearch(CallBackChoice.ALL, NOW - 90 * DAY)
    ),
    "the life of a call": lambda conn, _: facts.of_call(conn, "c7"),
    **{f"a week of the house by {by}": partial(_week, by=by) for by in ReportBy},
    "a week of a company": lambda conn, house: _report(
        conn, ReportSelection(NOW - 7 * DAY, NOW, house.customer_id), ReportBy.DAY
    ),
    "a week of an agent": lambda conn, house: _report(
        conn, ReportSelection(NOW - 7 * DAY, NOW, agent_id=house.anna), ReportBy.HOUR
    ),
    "our lines with their last calls": lambda conn, _: line_list.listed(conn, LineSearch()),
    "companies in pages": lambda conn, _: company_list.listed(conn, CompanySearch()),
}
_MESSAGES = """
    INSERT INTO notification (id, note_id, customer_id, channel, kind, address, cc, body_text, state, due_at,
                              created_at)
    SELECT 'm' || id, id, customer_id, 'email', 'note', 'a@example.org', '[]', 'x', 'sent', created_at,
        created_at FROM call_note"""


_USED = """
    INSERT INTO usage (id, customer_id, at, kind, call_id, talk)
    SELECT 'call ' || id, customer_id, arrived_at, 'call', id, 60 FROM call"""


@pytest.fixture
async def years(db: Database) -> SampleCompany:
    """A year of calls, half of them Anna's. PostgreSQL counts its rows by itself, soon; SQLite never does."""
    house = await furnish(db)
    script = _CALLS.format(counted=_COUNTED[db.dialect], moment=_MOMENT[db.dialect])
    who = {"customer": house.customer_id, "anna": house.anna, "ben": house.ben, "count": CALLS}
    async with db.write() as conn:
        await conn.execute(text(script), who)
        await conn.execute(text(_NOTES))
        await conn.execute(text(_ATTEMPTS))
        await conn.execute(text(_MESSAGES))
        await conn.execute(text(_USED))
        if db.dialect == "postgresql":
            await conn.execute(text("ANALYZE"))
    return house


async def test_no_question_reads_all_calls(db: Database, years: SampleCompany) -> None:
    read_whole: dict[str, list[str]] = {}
    for name, ask in QUESTIONS.items():
        async with db.write() as conn:
            with overheard(conn) as said:
                await ask(conn, years)
            plans = [(one[0], await plan_of(conn, *one)) for one in said]
        assert plans, f"{name}: nothing was asked"
        whole = [
            line
            for statement, plan in plans
            for line in plan
            if _reads_whole_table(line) or reads_all_without(statement, line)
        ]
        read_whole |= {name: whole} if whole else {}
    assert read_whole == {}


@pytest.mark.parametrize(
    ("need", "index"), [(CallNeed.UNTOLD, "call_untold"), (CallNeed.UNNOTED, "call_open")]
)
async def test_what_is_asked_each_minute_reads_no_call_but_those_it_is_about(
    db: Database, years: SampleCompany, need: CallNeed, index: str
) -> None:
    async with db.write() as conn:
        with overheard(conn) as said:
            await _in_need(conn, need)
        plans = [line for one in said for line in await plan_of(conn, *one) if " call" in line]
    assert plans
    assert [line for line in plans if "call " in line and index not in line and "call_note" not in line] == []


async def test_a_question_without_an_index_is_noticed(db: Database, years: SampleCompany) -> None:
    async with db.write() as conn:
        plan = await plan_of(conn, "SELECT * FROM call WHERE closed_reason = 'test'", ())
    assert any(_reads_whole_table(line) for line in plan)


@contextmanager
def overheard(conn: AsyncConnection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that go out meanwhile, as the driver gets them."""
    said: list[tuple[str, Any]] = []

    def hear(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    event.listen(conn.sync_connection, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(conn.sync_connection, "before_cursor_execute", hear)


async def plan_of(conn: AsyncConnection, statement: str, parameters: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
    rows = await conn.exec_driver_sql(f"{explain} {statement}", parameters)
    return [str(row[-1]).strip() for row in rows]


def _reads_whole_table(line: str) -> bool:
    """SQLite: "SCAN call", PostgreSQL: "Seq Scan on call"; small tables and the few live calls are fine."""
    large = ("call", "call_note", "attempt", "notification", "usage")
    words = line.replace("->", "").split()
    if words[:1] == ["SCAN"]:
        few = {
            "call_live",
            "call_agent_open",
            "call_open",
            "call_untold",
            "notification_due",
            "notification_stuck",
        }  # indexes of a part
        return words[1] in large and not few & {*words}
    return words[:3] == ["Seq", "Scan", "on"] and words[3] in large
