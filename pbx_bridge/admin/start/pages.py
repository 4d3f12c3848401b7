"""Jetzt wichtig: what needs a person now, since when, what it means for callers, and the way to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from pbx_bridge.admin.agents.pages import PATH as AGENTS
from pbx_bridge.admin.call_backs.overdue import overdue
from pbx_bridge.admin.call_backs.pages import PATH as CALL_BACKS
from pbx_bridge.admin.companies.pages import PATH as COMPANIES
from pbx_bridge.admin.deliveries.pages import PATH as DELIVERIES
from pbx_bridge.admin.open_calls.pages import PATH as OPEN_CALLS
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.state.pages import PATH as STATE
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.billing import allowances
from pbx_bridge.storage.calls import calls_in_need
from pbx_bridge.storage.calls.calls_in_need import CallNeed, CallSpan
from pbx_bridge.storage.customers import failing_calendars, teams
from pbx_bridge.storage.outbox import deliveries
from rules.office.needs import (
    ALLOWANCE_SHARES,
    CALENDAR_AFTER,
    LOOKED_BACK,
    OVERDUE_AFTER,
    UNNOTED_AFTER,
    Concern,
    Need,
    Sighting,
    Urgency,
    needs,
)
from rules.text.phone_numbers import international

PATH = "/admin"

MENDED_AT: Mapping[Concern, str] = {
    Concern.PBX: f"{STATE}#pbx",
    Concern.STORAGE: f"{STATE}#storage",
    Concern.VOICE: f"{STATE}#voice",
    Concern.ALARM: f"{STATE}#alarms",
    Concern.UNANSWERED: AGENTS,
    Concern.UNSPOKEN: AGENTS,
    Concern.CALL_BACK: f"{CALL_BACKS}?art=open",
    Concern.MAIL: f"{STATE}#mail",
    Concern.SMS: f"{STATE}#sms",
    Concern.UNKNOWN_LINE: f"{OPEN_CALLS}?art=unknown_line",
    Concern.UNTOLD: f"{OPEN_CALLS}?art=untold",
    Concern.UNNOTED: f"{OPEN_CALLS}?art=unnoted",
    Concern.FAILED: f"{DELIVERIES}?art=failed",
    Concern.UNCERTAIN: f"{DELIVERIES}?art=uncertain",
    Concern.OVERDUE: f"{DELIVERIES}?art=overdue",
    Concern.PAUSED: "/floor",
    Concern.INCOMPLETE: f"{COMPANIES}?art=incomplete",
    Concern.ALLOWANCE_FULL: f"{COMPANIES}?art=allowance_full",
    Concern.ALLOWANCE_NEAR: f"{COMPANIES}?art=allowance_near",
    Concern.CALENDAR: f"{COMPANIES}?art=calendar",
}
"""One click from each row."""
UNCOUNTED = frozenset({Concern.UNKNOWN_LINE, Concern.CALENDAR, Concern.CALL_BACK})
"""What is named is not what is counted: how many more there are cannot be told of it."""


@dataclass(frozen=True, slots=True)
class NeedInWords:
    """A row of the page. `named`: a few of those that it is about, and how many more there are."""

    key: str
    title: str
    since: str
    means: str
    named: str
    path: str
    mend: str


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """The most urgent first, under three headings; nothing at all is a good sight."""
    incomplete = await ctx.office.checks.incomplete()
    found = [
        *ctx.office.state.sightings(),
        *await _stored(ctx),
        await overdue(ctx.office, ctx.now),
        Sighting(Concern.INCOMPLETE, incomplete.count, names=incomplete.names),
        _unheard(ctx),
    ]
    rows = needs(found, ctx.now)
    return ctx.page(
        "start/page.html",
        parts=[
            (urgency.value, [_in_words(ctx, row) for row in rows if row.urgency is urgency])
            for urgency in Urgency
        ],
        quiet=not rows,
        unchecked=incomplete.unchecked,
    )


def _unheard(ctx: OfficeContext) -> Sighting:
    """An alarm that could not be told by mail or SMS."""
    since = ctx.office.alarms.unheard_since
    return Sighting(Concern.ALARM, int(since is not None), since, since)


async def _stored(ctx: OfficeContext) -> list[Sighting]:
    """What the database knows."""
    async with ctx.office.db.read() as conn:
        return [
            *[await calls_in_need.sighted(conn, need, span(ctx.now)) for need in CallNeed],
            *await deliveries.sighted(conn, ctx.now - OVERDUE_AFTER),
            await failing_calendars.sighted(conn, ctx.now - CALENDAR_AFTER),
            *[await allowances.sighted(conn, concern, ctx.month) for concern in ALLOWANCE_SHARES],
            await teams.unanswered(conn),
            await teams.unspoken(conn, await agents.load_all(conn)),
        ]


def span(now: datetime) -> CallSpan:
    """Calls that count as present."""
    return CallSpan(now - LOOKED_BACK, now - UNNOTED_AFTER)


def _in_words(ctx: OfficeContext, row: Need) -> NeedInWords:
    one = row.found
    group, moment = f"needs.{one.concern}", one.since
    named = [international(name) for name in one.names] if one.concern is Concern.UNKNOWN_LINE else one.names
    more = one.count - len(named)
    words = " · ".join(named)
    if named and more > 0 and one.concern not in UNCOUNTED:
        words = f"{words} {ctx.t('lists.more', n=more)}"
    return NeedInWords(
        key=one.concern.value,
        title=ctx.t(f"{group}.title", n=one.count),
        since=ctx.since(moment) if moment else "",
        means=ctx.t(f"{group}.means"),
        named=words,
        path=MENDED_AT[one.concern],
        mend=ctx.t(f"{group}.mend"),
    )


ROUTES = (Route("admin.start", "GET", PATH, show),)
