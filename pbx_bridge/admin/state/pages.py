"""Technik: PBX, database, mail and SMS, how they are since when, what to do while one is down, and of what
somebody was told."""

from __future__ import annotations

import contextlib

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.storage.outbox import alarms
from pbx_bridge.storage.outbox.alarms import PastAlarm

PATH = "/admin/technik"
SHOWN = 20
"""Alarms of before."""


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """What is known in memory: the page comes at once when something is down, without the list of alarms if
    it is the database."""
    systems = ctx.office.state.systems()
    past: tuple[PastAlarm, ...] = ()
    with contextlib.suppress(StorageUnavailable):
        async with ctx.office.db.read() as conn:
            past = await alarms.latest(conn, SHOWN)
    return ctx.page(
        "state/page.html",
        systems=systems,
        alarms=ctx.office.alarms,
        past=past,
        reason=lambda one: _reason(ctx, one.reason),
    )


def _reason(ctx: OfficeContext, code: str) -> str:
    """In words where there are any; a code helps whoever looks into the log."""
    return ctx.t(f"systems.reason.{code}") if ctx.knows(f"systems.reason.{code}") else code


ROUTES = (Route("admin.state", "GET", PATH, show),)
