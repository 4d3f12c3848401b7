"""Every route of the portal × every role × own, foreign and missing objects, from the route table."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from pbx_bridge.auth import permissions
from pbx_bridge.portal.request_context import Route
from pbx_bridge.portal.routes import PAGES
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.calls.calls import StoredCall, insert
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from tests.sample_company import NOW
from tests.unit.portal.serving import Served, serving

ROUTES: tuple[Route, ...] = tuple(route for page in PAGES for route in page.ROUTES)
GAP = re.compile(r"\{(\w+)\}")
OBJECTS = ("employee", "appointment", "vip", "entry", "call", "job", "account", "blocked")
ABROAD = {name: f"foreign-{name}" for name in OBJECTS}


def abroad(company: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    """Rows of another company, beginning with a copy of `company`."""
    own = {"customer_id": "foreign"}
    days = {"start_local": "2026-11-23T00:00", "end_local": "2026-11-30T00:00"}
    sommer, term = {"name": "Dr. Sommer", "family_name": "Sommer"}, {"employee_id": ABROAD["employee"]}
    person = {"role": "subaccount", "password_hash": "no hash"}
    file = {"kind": "employees", "content": "Name\nnicht-fuer-Sie\n", "at": NOW}
    return [
        (t.customer, company | {"id": "foreign", "name": "Praxis Dr. Sommer"}),
        (t.employee, own | sommer | {"id": ABROAD["employee"]}),
        (t.appointment, term | days | {"id": ABROAD["appointment"], "text": "nicht-fuer-Sie"}),
        (t.vip_caller, own | {"id": ABROAD["vip"], "pattern": "+4930231251", "name": "nicht-fuer-Sie"}),
        (
            t.blocked_caller,
            own | {"id": ABROAD["blocked"], "number": "+493023125777", "reason": "other", "at": NOW},
        ),
        (t.account, term | own | person | {"id": ABROAD["account"], "login": "sommer@example.org"}),
        (t.import_job, own | file | {"id": ABROAD["job"], "account_id": ABROAD["account"]}),
        (
            t.faq_entry,
            own | {"id": ABROAD["entry"], "place": 1, "question": "nicht-fuer-Sie", "answer": "ja"},
        ),
        (t.text_block, own | {"id": ABROAD["entry"], "place": 1, "name": "nicht-fuer-Sie", "text": "ja"}),
    ]


@pytest.fixture
async def served(sqlite_db: Database) -> AsyncIterator[Served]:
    """Mustermann AG, and Praxis Dr. Sommer with one of everything, whose ids are `ABROAD`."""
    async with serving(sqlite_db) as running:
        async with sqlite_db.write() as conn:
            company = dict((await conn.execute(t.customer.select())).mappings().one())
            for table, row in abroad(company):
                await insert_all(conn, table, [row])
            await insert(conn, StoredCall(ABROAD["call"], "9.9", "+493023125101", NOW, "foreign"))
        yield running


def fill(path: str, ids: Mapping[str, str]) -> str:
    return GAP.sub(lambda gap: ids.get(gap[1], f"missing-{gap[1]}"), path)


@asynccontextmanager
async def browser(served: Served, role: Role | None) -> AsyncIterator[ClientSession]:
    """JSON is asked for, so that errors say their code; the token goes into the header."""
    headers, cookies = {"Accept": "application/json"}, {}
    if role:
        cookies["session"] = await served.cookie(role)
        session = await served.sessions.find(cookies["session"])
        assert session
        headers["X-CSRF-Token"] = session.csrf
    jar = CookieJar(unsafe=True)
    async with ClientSession(served.address, headers=headers, cookies=cookies, cookie_jar=jar) as made:
        yield made


async def ask(client: ClientSession, route: Route, path: str) -> tuple[int, str]:
    async with client.request(route.method, path, allow_redirects=False) as answer:
        text = await answer.text()
    if answer.status == 404:
        told = json.loads(text)
        told.pop("request_id", None)
        text = json.dumps(told)
    return answer.status, text


def test_every_route_is_in_the_table_by_its_own_or_its_rooms_name() -> None:
    assert [route.name for route in ROUTES if not route.name.startswith("portal.")] == []
    assert [route.name for route in ROUTES if permissions.roles_of(route.name) is None] == []
    assert not any(permissions.roles_of(route.name) is permissions.PUBLIC for route in ROUTES)


@pytest.mark.parametrize("role", [None, *Role])
async def test_who_may_not_finds_nothing(served: Served, role: Role | None) -> None:
    async with browser(served, role) as client:
        for route in ROUTES:
            if role and permissions.may(role, route.name):
                continue
            status, text = await ask(client, route, fill(route.path, ABROAD))
            assert status == (404 if role else 401), (route.method, route.path)
            assert "nicht-fuer-Sie" not in text


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUBACCOUNT])
async def test_who_may_is_served_without_an_error(served: Served, role: Role) -> None:
    async with browser(served, role) as client:
        for route in ROUTES:
            if not permissions.may(role, route.name) or GAP.search(route.path):
                continue
            status, text = await ask(client, route, route.path)
            assert status in {200, 303, 400, 422} or (route.method, status) == ("POST", 404), route.path
            assert "nicht-fuer-Sie" not in text, route.path


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUBACCOUNT])
async def test_foreign_looks_exactly_like_missing(served: Served, role: Role) -> None:
    tried = 0
    async with browser(served, role) as client:
        for route in ROUTES:
            if not permissions.may(role, route.name) or not GAP.search(route.path):
                continue
            foreign = await ask(client, route, fill(route.path, ABROAD))
            missing = await ask(client, route, fill(route.path, {}))
            assert foreign == missing, (route.method, route.path)
            assert foreign[0] == 404, (route.method, route.path, foreign)
            tried += 1
    assert tried >= (10 if role is Role.CUSTOMER else 3)


async def test_a_subaccount_does_not_reach_a_colleague(served: Served) -> None:
    own = {"employee": served.house.jens}
    async with served.db.read() as conn:
        (jens,) = (
            await conn.execute(t.appointment.select().where(t.appointment.c.employee_id == served.house.jens))
        ).all()
    own["appointment"] = jens.id
    async with browser(served, Role.SUBACCOUNT) as client:
        for route in ROUTES:
            if permissions.may(Role.SUBACCOUNT, route.name) and GAP.search(route.path):
                status, _ = await ask(client, route, fill(route.path, own))
                assert status == 404, (route.method, route.path)
