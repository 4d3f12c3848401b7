"""Dashboard: how today stands, in sentences, and the last calls that an agent or a recording took."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from pbx_bridge.portal.absences import pages as absences
from pbx_bridge.portal.agent_line import agent_line
from pbx_bridge.portal.away import pages as away
from pbx_bridge.portal.completeness import pages as completeness
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.portal.statistics.form import day_of
from pbx_bridge.portal.undelivered.pages import PATH as UNDELIVERED_PATH
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.calls import statistics
from pbx_bridge.storage.calls.call_filter import Selection
from pbx_bridge.storage.outbox import undelivered
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.date_format import Moments
from rules.model import Customer
from rules.presence.availability import availability
from rules.text.names import split_name
from rules.text.phone_numbers import national

ROWS = 10
MOST_NAMED = 5
"""Of those who are away; the page of absences names them all."""

DAYS = 90
"""How far back the last calls are looked for; older ones are in the statistics, if they are kept at all."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`state`: shape and colour of the line: "well", "away", "failed" or "waiting"; `path` leads to more."""

    state: str
    words: str
    detail: str = ""
    path: str = ""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """A subaccount begins where it says that it is away: calls are not its business."""
    if ctx.account.role is Role.SUBACCOUNT:
        return ctx.go(away.PATH)
    customer = await ctx.customer()
    start, end = day_of(ctx.local(customer).date(), customer)
    today = Selection(customer.id, start, end, wanted=True)
    recent = replace(today, start=start - timedelta(DAYS), heard=True)
    async with ctx.portal.db.read() as conn:
        count, last = await statistics.count(conn, today)
        listed = await statistics.page(conn, recent, ROWS)
        stuck = await undelivered.count(conn, customer.id)
    if notes := sum(one.note_id is not None for one in listed):
        await ctx.note_reading(customer, str(notes))
    moments = Moments(ctx.t, customer.zone)
    calls = ctx.t("dashboard.calls", n=count, time=moments.time(last) if last else "")
    return ctx.page(
        "dashboard/page.html",
        customer=customer,
        sentences=(
            Sentence("well", calls if count else ctx.t("dashboard.no_calls")),
            *_undelivered(ctx, stuck),
            await _absent(ctx, customer),
            await _complete(ctx, customer),
        ),
        listed=listed,
        moments=moments,
        shown_number=lambda number: national(number, customer.region),
    )


def _undelivered(ctx: PortalContext, stuck: int) -> tuple[Sentence, ...]:
    if not stuck:
        return ()
    return (Sentence("failed", ctx.t("dashboard.undelivered", n=stuck), path=UNDELIVERED_PATH),)


async def _absent(ctx: PortalContext, customer: Customer) -> Sentence:
    away = [
        person
        async for person in gently(customer.employees)
        if availability(person, customer.zone, ctx.now).source_id
    ]
    if not away:
        return Sentence("well", ctx.t("dashboard.all_there"))
    lines = [
        f"{split_name(person.name).spoken}: {agent_line(ctx, customer, person, ctx.now).spoken}"
        async for person in gently(away[:MOST_NAMED])
    ]
    detail = "; ".join(lines)
    if len(away) > MOST_NAMED:
        detail = ctx.t("dashboard.away_more", named=detail, n=len(away) - MOST_NAMED)
    return Sentence("away", ctx.t("dashboard.away", n=len(away)), detail, absences.PATH)


async def _complete(ctx: PortalContext, customer: Customer) -> Sentence:
    found = await ctx.portal.companies.findings(customer, ctx.now)
    errors = await ctx.portal.companies.errors(customer, ctx.now)
    if errors:
        return Sentence("failed", ctx.t("dashboard.missing", n=errors), path=completeness.PATH)
    if found:
        return Sentence("waiting", ctx.t("dashboard.doubtful", n=len(found)), path=completeness.PATH)
    return Sentence("well", ctx.t("dashboard.complete"), path=completeness.PATH)


ROUTES = (Route("portal.start", "GET", "/portal", show),)
