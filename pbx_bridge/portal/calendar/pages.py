"""Kalender: appointments out under a secret address, and in from each employee's calendar elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.editing import calendars
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import own_people
from pbx_bridge.portal.calendar.feed import PATH as FEED_PATH
from pbx_bridge.portal.calendar.feed import new_secret
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.customers.calendars import Source, feeds_of, sources_of
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.forms import Form, sent, shown
from pbx_bridge.web.kit.lists import part_with
from rules.model import Customer, Employee

PATH = "/portal/kalender"
FEW = 5
"""Employees among whom nobody needs to search."""


@dataclass(frozen=True, slots=True)
class Row:
    """One employee: the calendar that comes in, its last result, and the feed that goes out."""

    employee: Employee
    form: Form
    source: Source | None
    result: str
    fed_since: str

    @property
    def listed(self) -> str:
        return self.employee.name


async def show(ctx: PortalContext) -> web.StreamResponse:
    return await _page(ctx, await ctx.customer())


async def save(ctx: PortalContext) -> web.StreamResponse:
    """Another address for the employee in the path; an empty one: none. The same again: read it now."""
    posted, wanted = await ctx.posted(), ctx.request.match_info["employee"]
    async with ctx.change() as change:
        done = await calendars.save(change, wanted, lambda source: sent(posted, _texts(source)))
        person = await change.employee(wanted)
    if isinstance(done, Rejected):
        return await _page(ctx, await change.customer(), person, done.wanted.with_faults(done.faults))
    return ctx.go(PATH, said="calendar_again") if done else ctx.done(PATH, change)


async def open_feed(ctx: PortalContext) -> web.StreamResponse:
    """A new secret address, shown this once; the one before ends. `employee` empty: of all."""
    employee_id = (await ctx.posted())["employee"] or None
    secret, digest = new_secret()
    async with ctx.change() as change:
        await calendars.open_feed(change, employee_id, digest)
    origin = ctx.request.headers.get("Origin") or str(ctx.request.url.origin())
    address = origin + FEED_PATH.format(secret=secret)
    return await _page(ctx, await ctx.customer(), fresh=(employee_id, address))


async def close_feed(ctx: PortalContext) -> web.StreamResponse:
    """The address leads nowhere from now on; this is not undone, a new one is made instead."""
    employee_id = (await ctx.posted())["employee"] or None
    async with ctx.change() as change:
        await calendars.close_feed(change, employee_id)
    return ctx.go(PATH, said="calendar_closed")


async def _page(
    ctx: PortalContext,
    customer: Customer,
    edited: Employee | None = None,
    form: Form | None = None,
    fresh: tuple[str | None, str] | None = None,
) -> web.Response:
    asked = ctx.query
    query, people = asked.get("q", "").strip()[:100], await own_people.seen(ctx, customer)
    wanted = edited.id if edited else (fresh[0] if fresh else "") or ""
    listed = part_with(people.find(query), asked.get("page", "1"), wanted)
    shown_ids = [person.id for person in listed.rows]
    async with ctx.portal.db.read() as conn:
        sources = {one.employee_id: one for one in await sources_of(conn, customer.id, shown_ids)}
        feeds = {one.employee_id: one for one in await feeds_of(conn, customer.id, shown_ids)}
    moments = Moments(ctx.t, customer.zone)
    since = {employee_id: moments.date(feed.created_at) for employee_id, feed in feeds.items()}
    rows = [
        Row(
            person,
            form if form and edited and person.id == edited.id else shown(_texts(sources.get(person.id))),
            sources.get(person.id),
            _result(ctx, moments, sources.get(person.id)),
            since.get(person.id, ""),
        )
        for person in listed.rows
    ]
    return ctx.page(
        "calendar/page.html",
        status=422 if form else 200,
        rows=rows,
        query=query,
        listed=listed,
        searchable=len(people.by_family) > FEW,
        fresh=fresh,
        fed_since=since.get(None, ""),
    )


def _texts(source: Source | None) -> dict[str, str]:
    return {"url": source.url if source else ""}


def _result(ctx: PortalContext, moments: Moments, source: Source | None) -> str:
    """What the last reading brought, in words, and when."""
    if source is None:
        return ""
    if source.checked_at is None or source.result == "waiting":
        return ctx.t("calendar.result.waiting")
    at = moments.full(source.checked_at)
    words = ctx.t(f"calendar.result.{source.result}", n=source.events, at=at)
    if source.result == "ok" and source.left_out:
        told = [ctx.t(f"calendar.left_out.{why}", n=number) for why, number in source.left_out.items()]
        return f"{words} {ctx.t('calendar.not_taken')} {'; '.join(told)}."
    if source.result == "ok" or source.succeeded_at is None:
        return words
    return f"{words} {ctx.t('calendar.kept', n=source.events, at=moments.full(source.succeeded_at))}"


ROUTES = (
    Route("portal.calendar", "GET", PATH, show),
    Route("portal.calendar.open", "POST", f"{PATH}/adresse", open_feed),
    Route("portal.calendar.close", "POST", f"{PATH}/adresse/beenden", close_feed),
    Route("portal.calendar.save", "POST", f"{PATH}/{{employee}}", save),
)
