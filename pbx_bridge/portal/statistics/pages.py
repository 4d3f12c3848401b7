"""Statistik > Anruferdaten: choose a period, see its calls, open one, take them along as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from pbx_bridge.errors import BadRequestError, NotFoundError
from pbx_bridge.portal import choices
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.portal.statistics import call as statistics_call
from pbx_bridge.portal.statistics.charts import draw
from pbx_bridge.portal.statistics.counts import tally
from pbx_bridge.portal.statistics.export import Sheet
from pbx_bridge.portal.statistics.form import Asked, read
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.calls import statistics
from pbx_bridge.storage.calls.call_filter import Result
from pbx_bridge.storage.calls.statistics import ListedCall
from pbx_bridge.time_slices import finished, gently
from pbx_bridge.web.i18n import writing
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.choosing import Chosen
from pbx_bridge.web.kit.csv_writing import MARK, csv_text
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.periods import PERIODS
from pbx_bridge.web.kit.places import address_of, place_of
from pbx_bridge.web.kit.workbook_writing import send_workbook
from rules.calls.voice_message import length
from rules.model import Customer
from rules.notes.field_text import answers
from rules.text.phone_numbers import national

PATH = "/portal/statistik"
ROWS = 25
BATCH = 200


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The form; below it what was asked for: figures and charts on the first page, the list on every page."""
    customer = await ctx.customer()
    people = choices.people(await ctx.directory(customer))
    query, who = _chosen(ctx, people)
    form, asked = read(query, customer, ctx.local(customer).date())
    form = form.with_faults([*form.faults.values(), *choosing.faults("employee", who)])
    facts: dict[str, Any] = {
        "form": form,
        "people": choosing.shown(people, form.values["employee"], who),
        "customer": customer,
        "periods": PERIODS,
        "results": tuple(Result),
        "moments": Moments(ctx.t, customer.zone),
        "shown_number": lambda number: national(number, customer.region),
    }
    if asked is None or not form.ready:
        status = 200 if form.ready else 422
        return ctx.page("statistics/page.html", status=status, asked=None, listed=(), **facts)
    answer = await _answer(ctx, customer, asked)
    if notes := sum(one.note_id is not None for one in answer["listed"]):
        await ctx.note_reading(customer, str(notes))
    return ctx.page("statistics/page.html", asked=asked, **facts, **answer)


def _chosen(ctx: PortalContext, people: choosing.Choosing) -> tuple[dict[str, str], Chosen]:
    """The question as if the employee's id had been sent; whom it means."""
    sent = {**ctx.query}
    who = choosing.read(sent, "employee", people)
    return sent | ({"employee": who.id} if "employee" in sent else {}), who


async def _answer(ctx: PortalContext, customer: Customer, asked: Asked) -> dict[str, Any]:
    after = place_of(ctx.query)
    async with ctx.portal.db.read() as conn:
        listed = await statistics.page(conn, asked.selection, ROWS + 1, after)
        if after is not None:
            return {"listed": listed[:ROWS], "more": _more(ctx, listed), "first_page": False}
        buckets = await statistics.buckets(conn, asked.selection, ctx.portal.in_time)
        people = await statistics.by_employee(conn, asked.selection)
    found = await finished(tally(buckets, customer.zone))
    return {
        "listed": listed[:ROWS],
        "more": _more(ctx, listed),
        "first_page": True,
        "count": found.calls,
        "blocked": found.results[Result.BLOCKED],
        "service": found.service,
        "in_time": f"{ctx.portal.in_time.total_seconds():g}",
        "charts": draw(ctx.t, customer, asked, found, people) if found.calls else (),
        "query": ctx.about(ctx.query),
    }


def _more(ctx: PortalContext, listed: tuple[ListedCall, ...]) -> str:
    """The address of the next page; "" on the last one."""
    if len(listed) <= ROWS:
        return ""
    return f"{PATH}?{ctx.about({**ctx.query, 'after': address_of(listed[ROWS - 1].place)})}"


async def call(ctx: PortalContext) -> web.StreamResponse:
    """One call, whole."""
    customer = await ctx.customer()
    async with ctx.portal.db.read() as conn:
        facts = await statistics_call.load(conn, customer, ctx.request.match_info["call"])
    if facts is None:
        raise NotFoundError
    if facts.notes:
        await ctx.note_reading(customer, facts.call.id)
    return ctx.page(
        "statistics/call.html",
        facts=facts,
        customer=customer,
        moments=Moments(ctx.t, customer.zone),
        answers=lambda note: answers(customer.note_fields, note.fields, writing(ctx.locale)),
        shown_number=lambda number: national(number, customer.region),
        length=length,
    )


async def as_csv(ctx: PortalContext) -> web.StreamResponse:
    """All chosen calls, sent while they are read."""
    customer, asked = await _asked(ctx)
    await _taken_along(ctx, customer, asked)
    sheet = Sheet(ctx.t, customer, ctx.locale)
    name = _file(asked, "csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    response = web.StreamResponse(headers={"Content-Type": "text/csv; charset=utf-8"} | headers)
    await response.prepare(ctx.request)
    await response.write((MARK + csv_text([sheet.head])).encode())
    async for batch in _batches(ctx, asked):
        lines = [csv_text([row]) async for row in gently(sheet.rows(batch))]
        await response.write("".join(lines).encode())
    await response.write_eof()
    return response


async def as_xlsx(ctx: PortalContext) -> web.StreamResponse:
    """All chosen calls as a workbook."""
    customer, asked = await _asked(ctx)
    await _taken_along(ctx, customer, asked)
    sheet = Sheet(ctx.t, customer, ctx.locale)

    async def rows() -> AsyncIterator[list[tuple[str | int, ...]]]:
        async for batch in _batches(ctx, asked):
            yield [row async for row in gently(sheet.rows(batch))]

    title = ctx.t("statistics.export.title")
    return await send_workbook(ctx.request, _file(asked, "xlsx"), title, sheet.head, sheet.widths, rows())


async def _asked(ctx: PortalContext) -> tuple[Customer, Asked]:
    customer = await ctx.customer()
    query, _ = _chosen(ctx, choices.people(await ctx.directory(customer)))
    _, asked = read(query, customer, ctx.local(customer).date())
    if asked is None:
        raise BadRequestError
    return customer, asked


async def _taken_along(ctx: PortalContext, customer: Customer, asked: Asked) -> None:
    days = f"{asked.first} – {asked.last}"
    await ctx.note_reading(customer, days, AccessEvent.NOTES_TAKEN_ALONG)


async def _batches(ctx: PortalContext, asked: Asked) -> AsyncIterator[tuple[ListedCall, ...]]:
    """Newest first; each batch is a reading of its own, so that a slow download holds no snapshot open."""
    place = None
    while True:
        async with ctx.portal.db.read() as conn:
            batch = await statistics.page(conn, asked.selection, BATCH, place)
        if not batch:
            return
        yield batch
        place = batch[-1].place


def _file(asked: Asked, ending: str) -> str:
    return f"anrufe-{asked.first}-{asked.last}.{ending}"


ROUTES = (
    Route("portal.statistics", "GET", PATH, show),
    Route("portal.statistics.call", "GET", f"{PATH}/anruf/{{call}}", call),
    Route("portal.statistics.csv", "GET", f"{PATH}/anrufe.csv", as_csv),
    Route("portal.statistics.xlsx", "GET", f"{PATH}/anrufe.xlsx", as_xlsx),
)
