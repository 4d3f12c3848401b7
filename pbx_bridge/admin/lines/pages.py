"""Rufnummern: the pool of the house with search, order and pages, and one line with what can be done."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.customers import customers, line_list
from pbx_bridge.storage.customers.line_list import LineOrder, LineSearch, ListedLine, PoolState
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form

PATH = "/admin/rufnummern"
ONE = f"{PATH}/{{line}}"
ROWS = 50
GIVEN = {"company": "", "take_shared": "", "take_from": ""}
"""The form that gives a line to a company."""


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """`q` searches numbers and companies, `art` chooses; by number, or by since when they are as they are.
    `unternehmen`: the id of a company, whose name is searched for then."""
    if company := ctx.words("unternehmen"):
        async with ctx.office.db.read() as conn:
            return ctx.look_for(PATH, q=await customers.name(conn, company) or "")
    search = search_of(ctx)
    async with ctx.office.db.read() as conn:
        skip = (ctx.page_number - 1) * ROWS
        found, total = await line_list.listed(conn, search, skip=skip, most=ROWS)
        there = total or await line_list.count(conn)
    return ctx.page(
        "lines/list.html",
        query=search.words,
        kind=search.kind.value,
        kinds=tuple(PoolState),
        sorting=ctx.sorting(tuple(LineOrder)),
        sorts=tuple(LineOrder),
        listed=ctx.listed(found, total, ROWS),
        empty=not there,
    )


def search_of(ctx: OfficeContext) -> LineSearch:
    """As the address asks for it."""
    kind, sorting = ctx.words("art"), ctx.sorting(tuple(LineOrder))
    return LineSearch(
        words=ctx.words(),
        kind=PoolState(kind) if kind in set(PoolState) else PoolState.ALL,
        order=LineOrder(sorting.column),
        down=sorting.down,
    )


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """Whose it is, since when, and when it rang last."""
    async with ctx.office.db.read() as conn:
        line = await line_of(ctx, conn)
    return page_of(ctx, line, forms.shown(GIVEN))


def page_of(ctx: OfficeContext, line: ListedLine, form: Form) -> web.Response:
    """`form`: to whom it is to be given."""
    return ctx.page(
        "lines/one.html",
        status=422 if form.faults else 200,
        line=line,
        form=form,
        path=f"{PATH}/{line.id}",
    )


async def line_of(ctx: OfficeContext, conn: AsyncConnection) -> ListedLine:
    """Which the path names. Raises NotFoundError."""
    found = await line_list.one(conn, ctx.request.match_info["line"])
    if found is None:
        raise NotFoundError
    return found


ROUTES = (
    Route("admin.lines", "GET", PATH, show),
    Route("admin.line", "GET", ONE, show_one),
)
