"""No page of the office, and no round behind it, reads a table whole that grows with the companies.

What has to is on a list here, with its reason; `make bench ONLY=office` says what it costs. In a house of
more companies the watch on the loop, which is on in every test, sees what a page holds up.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, make_url, select

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import calls_in_need
from pbx_bridge.storage.calls.call_filter import untold
from pbx_bridge.storage.calls.calls_in_need import CallNeed, CallSpan
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.maintenance.retention import Retention
from tests import office_pages
from tests.generated_house import BIG_TABLES
from tests.office_pages import LISTS, ONE, SEARCHES, SUMS, OpenedOffice
from tests.plans import reads_all_without

SMALL, MANY = 50, 2_000
"""Companies: what a plan depends on, and what shows whether a page has work for each of them."""
PARTS = frozenset(
    {
        *("call_back_open", "call_live", "call_agent_open", "call_open", "call_customer_live", "call_untold"),
        *("notification_due", "notification_stuck", "notification_unemptied"),
        *("customer_leaving", "customer_not_live", "calendar_source_failing", "allowance_marked"),
    }
)
"""Indexes of a small part of their table: reading one whole is what it is for."""
READ_WHOLE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("customer", "sqlite_autoindex_customer_1"): (
        ".*",
        "a page in the order of the index ends with its rows",
    ),
    ("customer", "sqlite_autoindex_customer_2"): (".*", "the same by name; a search reads all names, once"),
    ("customer", "customer_version"): (".*", "the same by change; how many there are, from the index alone"),
    ("customer", "customer_tariff"): ("tariffs", "how many have each, from the index alone"),
    ("customer", "customer_answering"): (".*", "the ways in which they are answered, from the index alone"),
    ("customer", ""): (".* by .*", "words of a name, for ids: once a search"),
    ("line", ""): ("(companies|lines) by .*", "a part of a number: once a search"),
    ("line", "line_since"): ("lines.*", "how many there are, from the index alone"),
    ("line", "sqlite_autoindex_line_2"): (
        "(free )?lines.*",
        "a page in the order of the index ends with its rows; a search and a file read all, once",
    ),
    ("public_number", ""): ("companies by .*", "a part of a number: once a search"),
    ("public_number", "public_number_customer"): (
        "companies without a line",
        "laid beside those of companies and lines, from the index alone",
    ),
    ("account", "sqlite_autoindex_account_2"): (
        "log-in.*",
        "a page in the order of the index ends with its rows",
    ),
    ("account", "account_role_of"): ("processing", "how many there are of each, from the index alone"),
    ("account", "account_employee"): ("log-ins.*", "how many there are, from the index alone"),
    ("account", ""): ("log-in.* by .*", "a search for a part of a log-in or name"),
    ("access_log", "access_log_at"): (
        "log-in history.*",
        "a page in the order of the index ends with its rows",
    ),
    ("access_log", "access_log_place"): (
        "log-in history|retention",
        "how many there are; the chain, once a day",
    ),
    ("invitation", ""): ("retention", "those that are open, once an hour"),
    ("access_log", "access_log_login"): ("log-in history of one", "a part of a log-in, from the index alone"),
}
"""By table and index, "" for the table itself: which pages may read it whole, and why."""
Said = dict[str, tuple[str, Any]]
"""By statement the page that asked it first, and with which parameters."""


@pytest.fixture(params=[SMALL, pytest.param(MANY, id="many")])
async def office(sqlite_db: Database, request: pytest.FixtureRequest) -> AsyncIterator[OpenedOffice]:
    path = Path(make_url(str(sqlite_db.url)).database or "")
    await office_pages.furnish(path, sqlite_db, request.param)
    async with office_pages.opened(sqlite_db, request.param) as opened:
        yield opened


async def test_nothing_reads_a_table_whole_that_grows_with_the_companies(office: OpenedOffice) -> None:
    db = office.site.rooms.db
    with overheard(db) as said:
        for name, path in [*LISTS.items(), *SEARCHES.items(), *ONE.items(), *SUMS.items()]:
            said.page = name
            status, _ = await office.see(path)
            assert status == 200, name
        await _rounds(office, said)
    async with db.write() as conn:
        found = [line for one in said.statements for line in await _read_whole(conn, one, said)]
    assert found == []
    assert len(said.statements) > 100


async def _rounds(office: OpenedOffice, said: Ear) -> None:
    """What works behind the pages all day."""
    rooms, now = office.site.rooms, datetime.now(UTC)
    said.page = "alarms"
    span = CallSpan(now - timedelta(7), now)
    async with rooms.db.read() as conn:
        for need in CallNeed:
            await calls_in_need.sighted(conn, need, span)
    said.page = "allowances"
    assert await rooms.office._round.look() > 0
    said.page = "upkeep"
    await rooms.office._upkeep.round()
    said.page = "retention"
    await Retention(rooms.db, RetentionSettings(), lambda: now).round()


async def test_every_page_of_the_office_is_asked(office: OpenedOffice) -> None:
    """A new one gets its address in `tests.office_pages`."""
    asked = [
        office.address(path).partition("?")[0] for path in (*LISTS.values(), *ONE.values(), *SUMS.values())
    ]
    ways = [
        route.resource.canonical
        for route in office.site.rooms.web.router.routes()
        if route.resource and route.method == "GET" and (route.name or "").startswith("admin.")
    ]
    patterns = {way: re.compile(re.sub(r"\{\w+\}", "[^/]+", way) + "$") for way in ways}
    assert [way for way, pattern in patterns.items() if not any(map(pattern.match, asked))] == []


async def test_whoever_was_told_nothing_is_found_by_the_few(office: OpenedOffice) -> None:
    """The index of notes without a message leads to the same calls as a look at all of them."""
    now = datetime.now(UTC)
    since = now - timedelta(7)
    async with office.site.rooms.db.read() as conn:
        sighted = await calls_in_need.sighted(conn, CallNeed.UNTOLD, CallSpan(since, now))
        all_calls = select(func.count()).select_from(t.call).where(t.call.c.arrived_at >= since)
        expected = await conn.scalar(all_calls.where(t.call.c.outcome != "open", untold()))
    assert sighted.count == expected
    assert sighted.count > 0 or office.companies < MANY


class Ear:
    """`page`: who asks at this moment; `statements`: each once."""

    def __init__(self) -> None:
        self.page, self.statements = "", Said()

    def hear(self, _conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            self.statements.setdefault(statement, (self.page, parameters))


@contextmanager
def overheard(db: Database) -> Iterator[Ear]:
    """All that is asked of it meanwhile."""
    ear, engines = Ear(), [one.sync_engine for one in (db._readers, db._writers)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", ear.hear)
    try:
        yield ear
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", ear.hear)


async def _read_whole(conn: AsyncConnection, statement: str, said: Ear) -> list[str]:
    page, parameters = said.statements[statement]
    if isinstance(parameters, list):  # of a statement for many rows
        parameters = parameters[0]
    rows = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [
        f"{page}: {line} in {statement}"
        for line in (str(row[-1]) for row in rows)
        if not _allowed(page, line) or reads_all_without(statement, line)
    ]


def _allowed(page: str, line: str) -> bool:
    """ "SCAN call_1 USING COVERING INDEX call_day": of aliases the table counts."""
    scan = re.match(r"SCAN (\w+?)(?:_\d+)?(?: USING (?:COVERING )?INDEX (\w+))?$", line)
    if scan is None or scan[1] not in BIG_TABLES or scan[2] in PARTS:
        return True
    pages, _ = READ_WHOLE.get((scan[1], scan[2] or ""), ("", ""))
    return bool(pages and re.fullmatch(pages, page))


@pytest.mark.parametrize(
    "page, line",
    [
        ("agents", "SCAN call"),
        ("agents", "SCAN call_1"),
        ("agents", "SCAN account"),
        ("tariffs", "SCAN call_note USING COVERING INDEX call_note_created"),
    ],
)
def test_a_table_read_whole_is_noticed(page: str, line: str) -> None:
    assert not _allowed(page, line)
