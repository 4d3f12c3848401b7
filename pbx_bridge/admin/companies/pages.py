"""Unternehmen: the list with search, order and pages, and one company with what it has and what it lacks."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.billing import allowances
from pbx_bridge.storage.customers import company_list, customers, leaving
from pbx_bridge.storage.customers.company_list import CompanyOrder, CompanySearch
from pbx_bridge.storage.outbox import undelivered
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.allowances import allowance_in_words
from rules.customers.completeness import Severity
from rules.customers.service_state import FOLLOWING
from rules.model import Customer
from rules.office.needs import ALLOWANCE_SHARES, CALENDAR_AFTER, Concern

PATH = "/admin/unternehmen"
ONE = f"{PATH}/{{company}}"
ROWS = 50
MOST_FINDINGS = 50


class CompanyKind(StrEnum):
    """Which of them are listed."""

    ALL = "all"
    INCOMPLETE = "incomplete"
    CALENDAR = "calendar"
    ALLOWANCE_FULL = "allowance_full"
    ALLOWANCE_NEAR = "allowance_near"
    NO_LINE = "no_line"
    NOT_LIVE = "not_live"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """`q` searches names and numbers; `art` and `sort` choose."""
    kind, order = ctx.words("art"), ctx.words("sort")
    kind = kind if kind in set(CompanyKind) else CompanyKind.ALL.value
    search = await search_of(ctx, kind, order)
    async with ctx.office.db.read() as conn:
        skip = (ctx.page_number - 1) * ROWS
        found, total = await company_list.listed(conn, search, skip=skip, most=ROWS)
        there = total or await customers.count(conn)
    return ctx.page(
        "companies/list.html",
        query=search.words,
        kind=kind,
        kinds=tuple(CompanyKind),
        order=search.order.value,
        orders=tuple(CompanyOrder),
        listed=ctx.listed(found, total, ROWS),
        empty=not there,
    )


async def search_of(ctx: OfficeContext, kind: str, order: str) -> CompanySearch:
    """As the address asks for it."""
    incomplete = await ctx.office.checks.incomplete() if kind == CompanyKind.INCOMPLETE else None
    return CompanySearch(
        words=ctx.words(),
        order=CompanyOrder(order) if order in set(CompanyOrder) else CompanyOrder.NAME,
        only=incomplete.ids if incomplete else None,
        calendars_since=ctx.now - CALENDAR_AFTER if kind == CompanyKind.CALENDAR else None,
        without_line=kind == CompanyKind.NO_LINE,
        allowance=(Concern(kind), ctx.month) if kind in ALLOWANCE_SHARES else None,
        not_live=kind == CompanyKind.NOT_LIVE,
    )


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """What is set, its numbers, and what it lacks at this moment."""
    company_id = ctx.request.match_info["company"]
    async with ctx.office.db.read() as conn:
        row = await company_list.one(conn, company_id)
        stuck = await undelivered.count(conn, company_id) if row else 0
        used = await allowances.of_company(conn, company_id) if row else None
        decided = await leaving.decided(conn, company_id)
        confidential = await customers.confidential(conn, company_id)
    if row is None or decided is None:
        raise NotFoundError
    customer = replace(await company_of(ctx), service=decided.state, confidential=confidential)
    found = await ctx.office.checks.findings(customer)
    told = [one async for one in gently(found[:MOST_FINDINGS])]
    return ctx.page(
        "companies/one.html",
        row=row,
        customer=customer,
        decided=decided,
        following=FOLLOWING[decided.state],
        path=f"{PATH}/{customer.id}",
        stuck=stuck,
        used=used if used and used.allowances and used.month == ctx.month else None,
        allowance=lambda one: allowance_in_words(ctx.t, one),
        findings=[(one, customer.employee(one.employee_id)) for one in told],
        more=len(found) - len(told),
        missing=sum(one.severity is Severity.ERROR for one in told),
    )


async def company_of(ctx: OfficeContext) -> Customer:
    """Whom the path names, from memory or, if it was made a moment ago, as stored. Raises NotFoundError."""
    company_id = ctx.request.match_info["company"]
    customer = ctx.office.memory.customer(company_id)
    if customer is None:
        async with ctx.office.db.read() as conn:
            customer = await customers.load_customer(conn, company_id)
    if customer is None:
        raise NotFoundError
    return customer


ROUTES = (
    Route("admin.companies", "GET", PATH, show),
    Route("admin.company", "GET", ONE, show_one),
)
