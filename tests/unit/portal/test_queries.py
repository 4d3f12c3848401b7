"""How often a page asks the database: who asks, whether the company in memory is as stored.

And for what is in no memory: calls, messages, log-ins, changes.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pbx_bridge.directory.index import Index
from pbx_bridge.portal.routes import PAGES
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from tests.sample_company import NOW, arrive
from tests.unit.portal.conftest import jar
from tests.unit.portal.serving import Served, serving

GETS = {route.name: route.path for page in PAGES for route in page.ROUTES if route.method == "GET"}
DAYS = "?period=custom&first=2026-11-01&last=2026-11-23"
ASKED = {f"portal.statistics{name}": DAYS for name in ("", ".csv", ".xlsx")}

WHO, COMPANY = 1, 1
"""Who asks; and whether the company in memory is as new as the stored one."""
ITS_OWN = {
    "portal.start": 8,  # figures of today, what is stuck, the last calls: with notes, persons and outcomes
    "portal.employees.new": 1,  # what an SMS costs
    "portal.employees.one": 1,
    "portal.employees.file": 1,  # the last import
    "portal.vips.file": 1,
    "portal.calendar": 2,  # calendars in, calendars out
    "portal.blocked": 2,  # who blocked them and when, in no memory; lines among them
    "portal.statistics": 9,  # one period: counted, charted, a page of calls as on the first page
    "portal.statistics.csv": 10,  # six for each part of the calls, one more for the end, its entry in the log
    "portal.statistics.xlsx": 10,
    "portal.statistics.call": 4,  # the call, its notes, attempts, what the caller said after the tone
    "portal.statistics.proof": 8,  # the call, its notes, attempts, phones, turns, usage, wishes; whose it is
    "portal.billing": 10,  # since when there is anything, days without contract, prices, corrections, usage
    "portal.billing.csv": 7,
    "portal.billing.events": 6,
    "portal.billing.events_csv": 2,
    "portal.undelivered": 1,
    "portal.completeness": 1,  # its lines
    "portal.rehearsal": 1,
    "portal.subaccounts": 3,  # log-ins, those of others with the address, invitations
    "portal.changes": 2,
    "portal.account": 4,  # address, second factor, where else one is logged in
    "portal.account.factor": 2,
}
"""Statements beyond those two, of pages that show what is in no memory; all others have none."""
OF_NO_COMPANY = {
    "portal.people": 2,
    "portal.people.log_out": 1,
    "portal.people.factor": 1,
    "portal.people.lock": 1,
    "portal.access_log": 2,
}
OF_A_FILE = {
    f"portal.{kind}.file.{page}" for kind in ("employees", "vips") for page in ("one", "columns", "progress")
}
"""Of a file that is being read."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that reach a database, until the block ends."""
    found: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.upper().startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            found.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def in_memory(sqlite_db: Database) -> AsyncIterator[tuple[Served, dict[str, str]]]:
    """Mustermann AG as the running service has it, with one of everything, and the ids for gaps in paths."""
    index = Index()
    async with serving(sqlite_db, lambda portal: dataclasses.replace(portal, index=index)) as served:
        house, block = served.house, new_id()
        await served.cookie(Role.SUBACCOUNT)
        async with sqlite_db.write() as conn:
            call = await arrive(conn, house)
            await conn.execute(t.call.update().values(answered_at=NOW, outcome="noted"))
            own = {"customer_id": house.customer_id}
            await insert_all(conn, t.text_block, [own | {"id": block, "place": 1, "name": "a", "text": "b"}])
            row = own | {"id": new_id(), "number": "+493023125777", "reason": "other", "at": NOW}
            await insert_all(conn, t.blocked_caller, [row])
        company = await served.company()
        index.load([company], [])
        yield (
            served,
            {
                "employee": house.erika,
                "appointment": company.employees[-1].appointments[0].id,
                "vip": company.vip_callers[0].id,
                "portal.faq.one entry": company.faq[0].id,
                "portal.text_blocks.one entry": block,
                "call": call,
                "account": house.anna_account,
            },
        )


def filled(name: str, ids: Mapping[str, str]) -> str:
    path = re.sub(
        r"\{(\w+)\}", lambda gap: ids.get(f"{name} {gap[1]}") or ids.get(gap[1], "none"), GETS[name]
    )
    return path + ASKED.get(name, "")


async def asked_by(
    served: Served, role: Role, names: Iterable[str], ids: Mapping[str, str]
) -> dict[str, list[str]]:
    """Of each page what it asks, answered to somebody of this role."""
    found: dict[str, list[str]] = {}
    async with ClientSession(cookies={"session": await served.cookie(role)}, cookie_jar=jar()) as session:
        for name in sorted(names):
            with statements() as found[name]:
                async with session.get(served.address + filled(name, ids), allow_redirects=False) as answer:
                    await answer.read()
            assert answer.status == 200, name
    return found


async def test_no_page_asks_more_than_it_shows(in_memory: tuple[Served, dict[str, str]]) -> None:
    served, ids = in_memory
    no_pages = {"portal.away", "portal.statistics.recording"}
    own = GETS.keys() - OF_NO_COMPANY.keys() - OF_A_FILE - no_pages
    found = await asked_by(served, Role.CUSTOMER, own, ids)
    most = {name: WHO + COMPANY + ITS_OWN.get(name, 0) for name in own}
    assert {name: asked for name, asked in found.items() if len(asked) > most[name]} == {}
    assert ITS_OWN.keys() <= own


async def test_nor_do_the_pages_of_the_house(in_memory: tuple[Served, dict[str, str]]) -> None:
    served, ids = in_memory
    found = await asked_by(served, Role.OPERATOR, OF_NO_COMPANY, ids)
    assert {name: asked for name, asked in found.items() if len(asked) > WHO + OF_NO_COMPANY[name]} == {}


async def test_a_subaccount_begins_with_what_is_in_memory(in_memory: tuple[Served, dict[str, str]]) -> None:
    served, ids = in_memory
    (asked,) = (await asked_by(served, Role.SUBACCOUNT, ["portal.away"], ids)).values()
    assert len(asked) <= WHO + COMPANY, asked
