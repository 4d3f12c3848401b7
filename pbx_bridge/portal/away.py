""" "Ich bin weg bis …": the page on which a subaccount begins, made for a thumb and a hurry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal import own_people
from pbx_bridge.portal.agent_line import agent_line, until
from pbx_bridge.portal.visit import Change, Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import appointments
from rules.appointment_form import LONGEST_TEXT
from rules.appointments import ways_out
from rules.availability import availability, instant
from rules.model import Appointment, Customer, Employee
from rules.typed import line

PATH = "/portal/abwesend"


async def show(visit: Visit) -> web.StreamResponse:
    """What agents read about oneself now, and the ready answers to "until when"."""
    customer = await visit.customer()
    employee = _oneself(visit, customer)
    holds = availability(employee, customer.zone, visit.now)
    ways = [
        (way.code, until(visit, customer.zone, instant(way.end, customer.zone), visit.now))
        for way in ways_out(customer.zone, visit.now)
    ]
    return visit.page(
        "away.html",
        employee=employee,
        line=agent_line(visit, customer, employee, visit.now),
        ways=ways,
        away=bool(holds.source_id),
        imported=any(one.id == holds.source_id and one.imported for one in employee.appointments),
    )


async def leave(visit: Visit) -> web.StreamResponse:
    """An appointment from now on, until what `way` means now."""
    posted = await visit.posted()
    async with visit.changing("away_left", reach=_own(visit)) as change:
        employee, start = _oneself(visit, change.customer), _wall(visit, change.customer)
        way = next((w for w in ways_out(change.customer.zone, visit.now) if w.code == posted["way"]), None)
        if way is None:
            return visit.go(PATH)
        # In the repeated hour of autumn the clock can show an earlier end; the store wants them in order.
        end = max(way.end, start.replace(fold=1))
        text = line(posted["text"]).strip()[:LONGEST_TEXT] or visit.t("away.text.default")
        await appointments.insert(change.conn, employee.id, Appointment("", text, start, end))
    return visit.done(PATH, change)


async def come_back(visit: Visit) -> web.StreamResponse:
    """All own appointments that run end now."""
    async with visit.changing("away_back", reach=_own(visit)) as change:
        employee, now = _oneself(visit, change.customer), _wall(visit, change.customer)
        for one in employee.appointments:
            if _runs(one, change.customer.zone, visit.now) and not one.imported:
                await _end(change, employee, one, now)
    return visit.done(PATH, change)


async def _end(change: Change, employee: Employee, running: Appointment, now: datetime) -> None:
    """One that began this very minute was a slip: it goes."""
    if now <= running.start:
        await appointments.delete(change.conn, change.customer.id, running.id)
    else:
        ended = replace(running, end=now, all_day=False)
        await appointments.update(change.conn, change.customer.id, employee.id, ended)


def _runs(one: Appointment, zone: str, now: datetime) -> bool:
    return instant(one.start, zone) <= now < instant(one.end, zone)


def _own(visit: Visit) -> undo.Reach:
    return undo.Reach(employees=[visit.account.employee_id] if visit.account.employee_id else [])


def _oneself(visit: Visit, customer: Customer) -> Employee:
    if visit.account.employee_id is None:
        raise NotFoundError
    return own_people.person(visit, customer, visit.account.employee_id)


def _wall(visit: Visit, customer: Customer) -> datetime:
    """This minute on the company's clock; fold says which one of a repeated hour."""
    return visit.now.astimezone(ZoneInfo(customer.zone)).replace(second=0, microsecond=0, tzinfo=None)


ROUTES = (
    Route("portal.away", "GET", PATH, show),
    Route("portal.away", "POST", PATH, leave),
    Route("portal.away.back", "POST", f"{PATH}/zurueck", come_back),
)
