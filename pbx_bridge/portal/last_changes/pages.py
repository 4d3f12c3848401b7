"""Letzte Änderungen: who changed what within a day, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.editing.undoing import OF_THE_HOUSE
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.undo import last_changes
from pbx_bridge.storage.undo.last_changes import LastChange
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.lists import Listed

PATH = "/portal/letzte-aenderungen"
ROWS = 25


@dataclass(frozen=True, slots=True)
class Row:
    """A change in words; `why_not` is empty if it can be taken back here."""

    change: LastChange
    at: str
    words: str
    names: str
    why_not: str


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The newest first; an employee with a log-in of their own sees only their own."""
    customer = await ctx.customer()
    only = ctx.account.id if ctx.account.role is Role.SUBACCOUNT else None
    wanted = ctx.query.get("page", "1")
    async with ctx.portal.db.read() as conn:
        total = await last_changes.count(conn, customer.id, ctx.now, only)
        pages = max(1, -(-total // ROWS))
        page = min(max(int(wanted[:9]), 1), pages) if wanted.isdecimal() else 1
        found = await last_changes.listed(conn, customer.id, ctx.now, (page - 1) * ROWS, ROWS, only)
    moments = Moments(ctx.t, customer.zone)
    rows = tuple(_row(ctx, moments, change) for change in found)
    return ctx.page("last_changes/list.html", listed=Listed(rows, total, page, pages), path=PATH)


def _row(ctx: PortalContext, moments: Moments, change: LastChange) -> Row:
    key = f"changes.deed.{change.change_code}"
    names = " · ".join(change.names)
    if change.more:
        names = f"{names} {ctx.t('changes.more', n=change.more)}"
    house = "house" if change.change_code in OF_THE_HOUSE else ""
    why_not = "undone" if change.undone else house or ("overtaken" if change.overtaken else "")
    words = ctx.t(key if ctx.knows(key) else "changes.deed.other")
    why = ctx.t(f"changes.{why_not}") if why_not else ""
    return Row(change, moments.full(change.at), words, names, why)


ROUTES = (Route("portal.changes", "GET", PATH, show),)
