"""Taking a change back: the button beside "Gespeichert"."""

from __future__ import annotations

import contextlib

from aiohttp import web

from pbx_bridge.errors import Refused
from pbx_bridge.garbage import lasting
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.accounts import Role

MANY = 500
"""People of a company of whom an import may have changed all."""
_SAID = {"undo_overtaken": "undo_overtaken", "not_found": "undo_gone"}


async def take_back(visit: Visit) -> web.StreamResponse:
    """Put back what a step replaced and return to the page it was seen on."""
    form = await visit.posted()
    only_own = visit.account.role is Role.SUBACCOUNT
    mine = (visit.customer_id, visit.account.id)
    customer = await visit.customer()
    with lasting() if len(customer.employees) > MANY else contextlib.nullcontext():
        async with visit.portal.db.write() as conn:
            done = await undo.undo(conn, *mine, form["step"], visit.now, only_own=only_own)
    path = visit.own_path(form["back"])
    if isinstance(done, Refused):
        return visit.go(path, said=_SAID[done.code])
    return visit.go(path, said="undone", step=done)


ROUTES = (Route("portal.undo", "POST", "/portal/rueckgaengig", take_back),)
