"""Offene Anrufe: on lines of nobody, without a note, or noted and told to nobody; of all companies."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.calls import calls, calls_in_need
from pbx_bridge.storage.calls.calls_in_need import CallNeed, CallSpan
from pbx_bridge.storage.customers import line_list
from rules.office.needs import LOOKED_BACK, UNNOTED_AFTER
from rules.vocabulary import CloseReason

PATH = "/admin/anrufe"
ROWS = 50


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """One kind of them, the newest first, and how many there are of each; a line that is not in the pool is
    put into it from here."""
    wanted = ctx.words("art")
    need = CallNeed(wanted) if wanted in set(CallNeed) else None
    span = CallSpan(ctx.now - LOOKED_BACK, ctx.now - UNNOTED_AFTER)
    async with ctx.office.db.read() as conn:
        counts = {one: (await calls_in_need.sighted(conn, one, span)).count for one in CallNeed}
        need = need or next((one for one in CallNeed if counts[one]), CallNeed.UNKNOWN_LINE)
        skip = (ctx.page_number - 1) * ROWS
        rows = await calls_in_need.listed(conn, need, span, skip=skip, most=ROWS)
        unknown = {one.line_number for one in rows} if need is CallNeed.UNKNOWN_LINE else set[str]()
        known = await line_list.by_number(conn, unknown)
    return ctx.page(
        "open_calls/list.html",
        need=need.value,
        counts={one.value: number for one, number in counts.items()},
        listed=ctx.listed(rows, counts[need], ROWS),
        reasons=REASONS,
        known=known,
    )


REASONS = tuple(one for one in CloseReason if one is not CloseReason.NOT_REACHED)
"""Whether a caller was reached only the agent knows."""


async def close(ctx: OfficeContext) -> web.StreamResponse:
    """No note will come: why not, as the agent would have said it."""
    reason = (await ctx.posted())["reason"]
    if reason not in REASONS:
        raise NotFoundError
    async with ctx.office.db.write() as conn:
        done = await calls.leave(conn, ctx.request.match_info["call"], reason)
    return ctx.go(PATH, art=CallNeed.UNNOTED.value, said="call_closed" if done else "call_settled")


ROUTES = (
    Route("admin.open_calls", "GET", PATH, show),
    Route("admin.open_calls.close", "POST", f"{PATH}/{{call}}/ohne-notiz", close),
)
