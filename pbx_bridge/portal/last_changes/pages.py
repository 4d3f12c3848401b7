"""Letzte Änderungen: who changed what within a day, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.undo import last_changes
from pbx_bridge.storage.undo.last_changes import LastChange
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.lists import Listed

PATH = "/portal/letzte-aenderungen"
ROWS = 25


@dataclass(frozen=True, slots=True)
class Row:
    """A change in words; `why_not` is empty if it can be taken back."""

    change: LastChange
    at: str
    words: str
    names: str
    why_not: str


async def show(visit: Visit) -> web.StreamResponse:
    """The newest first; an employee with a log-in of their own sees only their own."""
    customer = await visit.customer()
    only = visit.account.id if visit.account.role is Role.SUBACCOUNT else None
    wanted = visit.request.query.get("page", "1")
    async with visit.portal.db.read() as conn:
        total = await last_changes.count(conn, customer.id, visit.now, only)
        pages = max(1, -(-total // ROWS))
        page = min(max(int(wanted[:9]), 1), pages) if wanted.isdecimal() else 1
        found = await last_changes.listed(conn, customer.id, visit.now, (page - 1) * ROWS, ROWS, only)
    moments = Moments(visit.t, customer.zone)
    rows = tuple(_row(visit, moments, change) for change in found)
    return visit.page("last_changes/list.html", listed=Listed(rows, total, page, pages), path=PATH)


def _row(visit: Visit, moments: Moments, change: LastChange) -> Row:
    key = f"changes.deed.{change.deed}"
    names = " · ".join(change.names)
    if change.more:
        names = f"{names} {visit.t('changes.more', n=change.more)}"
    why_not = "undone" if change.undone else "overtaken" if change.overtaken else ""
    words = visit.t(key if visit.knows(key) else "changes.deed.other")
    why = visit.t(f"changes.{why_not}") if why_not else ""
    return Row(change, moments.full(change.at), words, names, why)


ROUTES = (Route("portal.changes", "GET", PATH, show),)
