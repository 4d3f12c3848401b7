"""Tarife: the list, and one with its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.tariffs.messages import TermsWords
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.customers import tariff_list
from pbx_bridge.storage.customers.tariff_list import ListedTariff
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.billing.terms import running

PATH = "/admin/tarife"
ONE = f"{PATH}/{{tariff}}"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """All by name or another column, each with what holds today."""
    async with ctx.office.db.read() as conn:
        found = await tariff_list.listed(conn)
    day, words = today(ctx), TermsWords(ctx.t, ctx.locale)
    rows = []
    for one in found:
        now = running(one.terms, day)
        coming = min((each.first_day for each in one.terms if each.first_day > day), default=None)
        rows.append((one, words.short(now) if now else None, coming))
    sorting = ctx.sorting(tuple(_SORTS))
    rows.sort(key=lambda row: _SORTS[sorting.column](row[0]), reverse=sorting.down)
    return ctx.page("tariffs/list.html", rows=rows, sorting=sorting, sorts=tuple(_SORTS))


_SORTS: Mapping[str, Callable[[ListedTariff], tuple[Any, ...]]] = {
    "name": lambda one: (one.tariff.name.casefold(),),
    "put_through": lambda one: (one.tariff.put_through, one.tariff.name.casefold()),
    "companies": lambda one: (one.companies, one.tariff.name.casefold()),
}
"""Columns of the list; there are few tariffs."""


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """Its versions, newest first: those to come, the one that holds, those that have held."""
    async with ctx.office.db.read() as conn:
        found = await tariff_of(ctx, conn)
    day, words = today(ctx), TermsWords(ctx.t, ctx.locale)
    now = running(found.terms, day)
    versions = [
        (terms, words.of(terms), "coming" if terms.first_day > day else "now" if terms is now else "past")
        for terms in reversed(found.terms)
    ]
    return ctx.page("tariffs/one.html", found=found, versions=versions, now=now, path=path_of(found))


async def tariff_of(ctx: OfficeContext, conn: AsyncConnection) -> ListedTariff:
    """Which the path names. Raises NotFoundError."""
    found = await tariff_list.one(conn, ctx.request.match_info["tariff"])
    if found is None:
        raise NotFoundError
    return found


def path_of(found: ListedTariff) -> str:
    """Of its page."""
    return f"{PATH}/{found.tariff.id}"


def today(ctx: OfficeContext) -> date:
    """On the clock of the house."""
    return ctx.now.astimezone(ctx.zone).date()


ROUTES = (
    Route("admin.tariffs", "GET", PATH, show),
    Route("admin.tariff", "GET", ONE, show_one),
)
