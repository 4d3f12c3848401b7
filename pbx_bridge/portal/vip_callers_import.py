"""VIP callers from a file: first what it would do, then all of it or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web

from pbx_bridge.portal.vip_callers import PATH
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.editing import vip_callers
from pbx_bridge.storage.ids import new_id
from rules import vip_csv
from rules.csv_text import decode, parse
from rules.fault import Fault
from rules.model import Customer
from rules.vip_csv import HEADERS, LineFault, Plan

FAULTS_SHOWN = 50


async def choose(visit: Visit) -> web.StreamResponse:
    """Which file, and what it may look like."""
    return visit.page("vip_import.html", plan=None, text="", headers=_headers(visit))


async def take(visit: Visit) -> web.StreamResponse:
    """A file is looked at; the text that was looked at comes back with `confirm` and is stored."""
    fields = await visit.request.post()
    sent = fields.get("file")
    text = decode(sent.file.read()) if isinstance(sent, web.FileField) else str(fields.get("text", ""))
    if "confirm" in fields and text:
        return await _store(visit, text, remove="remove" in fields)
    return await _preview(visit, await visit.customer(), text)


async def _store(visit: Visit, text: str, *, remove: bool) -> web.StreamResponse:
    async with visit.changing("vips_imported") as change:
        plan = await _plan(text, change.customer)
        if plan.faults:
            return await _preview(visit, change.customer, text)
        gone = [vip.id for vip in plan.missing] if remove else []
        await vip_callers.delete(change.conn, change.customer.id, gone)
        await vip_callers.update(change.conn, change.customer.id, [after for _, after in plan.changed])
        new = [replace(vip, id=new_id()) for vip in plan.new]
        await vip_callers.insert(change.conn, change.customer.id, new)
    return visit.done(PATH, change)


async def _preview(visit: Visit, customer: Customer, text: str | None) -> web.Response:
    plan = await _plan(text or "", customer)
    return visit.page(
        "vip_import.html",
        status=422 if plan.faults else 200,
        plan=plan,
        text=text or "",
        shown=plan.faults[:FAULTS_SHOWN],
        headers=_headers(visit),
    )


async def _plan(text: str, customer: Customer) -> Plan:
    """In a thread: ten thousand lines take a third of a second, in which calls must go on."""
    return await asyncio.to_thread(_planned, text, customer)


def _planned(text: str, customer: Customer) -> Plan:
    table = parse(text, vip_csv.knows) if text.strip() else None
    if table is None:
        return Plan(faults=(LineFault(1, Fault("file", "csv_unreadable")),))
    return vip_csv.plan(table, customer)


def _headers(visit: Visit) -> list[str]:
    return [names[visit.locale == "en"] for names in HEADERS.values()]


ROUTES = (
    Route("portal.vips.take", "GET", f"{PATH}/import", choose),
    Route("portal.vips.take", "POST", f"{PATH}/import", take),
)
