"""Abrechnung: a month's statement as it is reckoned now, and what is behind each of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.billing import export
from pbx_bridge.portal.billing.messages import StatementWords
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.billing import statements, usage
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.allowances import allowance_in_words
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.lists import part
from rules.billing.statement import Statement, StatementLine
from rules.billing.terms import BEGINNING, CallTime
from rules.model import Customer

PATH = "/portal/abrechnung"
UNPRICED = "ohne-preis"
ROWS = 50


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The month that `monat` names ("2026-10"), or the one that runs."""
    customer = await ctx.customer()
    present, month = this_month(ctx, customer), asked_month(ctx, customer)
    async with ctx.portal.db.read() as conn:
        first = await statements.first_month(conn, customer.id, customer.zone)
        made = await statements.of_month(conn, customer.id, customer.zone, month)
    moments = Moments(ctx.t, customer.zone)
    words = StatementWords(ctx.t, ctx.locale, moments)
    return ctx.page(
        "billing/page.html",
        statement=made,
        lines=words.of(made),
        total=words.amount(made.cents),
        month=month,
        months=months(min(first or present, month), present),
        running=month == present,
        allowances=[allowance_in_words(ctx.t, one) for one in made.allowances] if month == present else [],
        customer=customer,
        moments=moments,
        unpriced=UNPRICED,
    )


async def events(ctx: PortalContext) -> web.StreamResponse:
    """What is behind line no. `posten` of the month, or behind what has no price; without one, all that was
    used. Raises NotFoundError."""
    customer = await ctx.customer()
    month = asked_month(ctx, customer)
    asked = ctx.query.get("posten", "")
    moments = Moments(ctx.t, customer.zone)
    async with ctx.portal.db.read() as conn:
        title, names = await _behind(ctx, conn, customer, month, asked)
        listed = part(names, ctx.query.get("page", "1"), ROWS)
        found = await usage.events(conn, customer.id, list(listed.rows))
    return ctx.page(
        "billing/events.html",
        title=title,
        events=found,
        listed=listed,
        month=month,
        asked=asked,
        kinds=tuple(CallTime),
        moments=moments,
        length=lambda seconds: ctx.t("moments.length", minutes=seconds // 60, seconds=seconds % 60),
    )


async def _behind(
    ctx: PortalContext, conn: AsyncConnection, customer: Customer, month: date, asked: str
) -> tuple[str, Sequence[str]]:
    """What it is called, and ids of events."""
    if not asked:
        used = statements.events_of_month(conn, customer.id, customer.zone, month)
        return ctx.t("billing.all_title"), [one.id async for one in used]
    made = await statements.of_month(conn, customer.id, customer.zone, month)
    line = line_of(made, asked)
    if line is None:
        return ctx.t("billing.unpriced_title"), made.unpriced
    words = StatementWords(ctx.t, ctx.locale, Moments(ctx.t, customer.zone))
    return words.title(line), line.usage


async def as_csv(ctx: PortalContext) -> web.StreamResponse:
    """The lines of the month."""
    customer = await ctx.customer()
    month = asked_month(ctx, customer)
    async with ctx.portal.db.read() as conn:
        made = await statements.of_month(conn, customer.id, customer.zone, month)
    words = StatementWords(ctx.t, ctx.locale, Moments(ctx.t, customer.zone))
    pieces = (export.lines(ctx.t, ctx.locale, customer, words, made),)
    return await ctx.file(pieces, f"abrechnung-{month:%Y-%m}.csv")


async def events_as_csv(ctx: PortalContext) -> web.StreamResponse:
    """All that was used in the month, whatever it costs."""
    customer = await ctx.customer()
    month = asked_month(ctx, customer)
    async with ctx.portal.db.read() as conn:
        found = [one async for one in statements.events_of_month(conn, customer.id, customer.zone, month)]
    pieces = [piece async for piece in gently(export.events(ctx.t, customer, found))]
    return await ctx.file(pieces, f"belege-{month:%Y-%m}.csv")


def this_month(ctx: PortalContext, customer: Customer) -> date:
    """Its first day, on the company's clock."""
    return ctx.local(customer).date().replace(day=1)


def asked_month(ctx: PortalContext, customer: Customer) -> date:
    """The first day of the month that the address names; the one that runs for what is none, or to come."""
    present = this_month(ctx, customer)
    try:
        wanted = date.fromisoformat(f"{ctx.query.get('monat', '')[:7]}-01")
    except ValueError:
        return present
    return wanted if BEGINNING <= wanted <= present else present


def months(first: date, last: date) -> Sequence[date]:
    """First days, newest first."""
    found = []
    while last >= first:
        found.append(last)
        last = (last - timedelta(days=1)).replace(day=1)
    return found


def line_of(made: Statement, asked: str) -> StatementLine | None:
    """Counted from 1; None: what has no price. Raises NotFoundError where there is no such line."""
    if asked == UNPRICED:
        return None
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    if not 1 <= number <= len(made.lines):
        raise NotFoundError
    return made.lines[number - 1]


ROUTES = (
    Route("portal.billing", "GET", PATH, show),
    Route("portal.billing.csv", "GET", f"{PATH}/posten.csv", as_csv),
    Route("portal.billing.events", "GET", f"{PATH}/belege", events),
    Route("portal.billing.events_csv", "GET", f"{PATH}/belege.csv", events_as_csv),
)
