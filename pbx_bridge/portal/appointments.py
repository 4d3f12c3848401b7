"""Termine: what is to come, what was, who is away in a month; and which of overlapping ones holds when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.portal import own_people
from pbx_bridge.portal.agent_line import span
from pbx_bridge.portal.moments import Moments
from pbx_bridge.portal.visit import Route, Visit
from rules.appointments import is_past, last_day, replaced
from rules.availability import Presence, availability, instant
from rules.model import Appointment, Customer, Employee
from rules.month import Day, neighbour, weeks
from rules.names import is_found, split_name

PATH = "/portal/termine"
PAST_SHOWN = 100
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Row:
    """An appointment of the list. `state`: now, hidden, coming, past; `instead`: what holds in its place."""

    employee: Employee
    appointment: Appointment
    when: str
    state: str
    instead: tuple[str, ...] = ()

    @property
    def listed(self) -> str:
        return split_name(self.employee.name).listed


async def show(visit: Visit) -> web.StreamResponse:
    """What runs and what is to come, soonest first; past ones folded below, latest first."""
    customer = await visit.customer()
    query, who = _asked(visit)
    found = [
        (person, one)
        for person in _chosen(visit, customer, who)
        for one in person.appointments
        if is_found(query, one.text, person.name)
    ]
    found.sort(key=lambda entry: (entry[1].start, entry[1].id))
    past = [entry for entry in found if is_past(entry[1], customer.zone, visit.now)]
    coming = [entry for entry in found if entry not in past]
    return visit.page(
        "appointments.html",
        customer=customer,
        people=own_people.people(visit, customer),
        query=query,
        who=who,
        rows=[_row(visit, customer, *entry) for entry in coming],
        past=[_past(visit, customer, *entry) for entry in reversed(past[-PAST_SHOWN:])],
    )


async def month(visit: Visit) -> web.StreamResponse:
    """A month as on the wall; `monat` is "2026-11", this month if it is missing or none."""
    customer = await visit.customer()
    _, who = _asked(visit)
    today = visit.local(customer).date()
    match = _MONTH.fullmatch(visit.request.query.get("monat", ""))
    year, number = (int(match[1]), int(match[2])) if match else (today.year, today.month)
    if not (1970 <= year <= 2200 and 1 <= number <= 12):
        year, number = today.year, today.month
    return visit.page(
        "appointments_month.html",
        customer=customer,
        people=own_people.people(visit, customer),
        who=who,
        today=today,
        year=year,
        month=number,
        weeks=weeks(year, number, _chosen(visit, customer, who)),
        earlier="{:04}-{:02}".format(*neighbour(year, number, -1)),
        later="{:04}-{:02}".format(*neighbour(year, number, 1)),
        moments=Moments(visit.t, customer.zone),
        label=lambda day, entry: _label(day, *entry),
    )


def _asked(visit: Visit) -> tuple[str, str]:
    query = visit.request.query
    return query.get("q", "").strip()[:100], query.get("mitarbeiter", "")


def _chosen(visit: Visit, customer: Customer, who: str) -> Iterator[Employee]:
    people = own_people.people(visit, customer)
    known = any(one.id == who for one in people)
    return (one for one in people if not known or one.id == who)


def _row(visit: Visit, customer: Customer, employee: Employee, appointment: Appointment) -> Row:
    """With what replaces it, and when."""
    holds = availability(employee, customer.zone, visit.now)
    running = instant(appointment.start, customer.zone) <= visit.now
    state = "coming" if not running else "now" if holds.source_id == appointment.id else "hidden"
    instead = tuple(
        visit.t(
            "appointments.instead",
            when=span(visit, customer.zone, stretch.start, stretch.end),
            text=stretch.holds.text,
        )
        for stretch in replaced(appointment, employee, customer.zone)
        if stretch.holds.kind is Presence.AWAY
    )
    return Row(employee, appointment, when(visit, customer, appointment), state, instead)


def _past(visit: Visit, customer: Customer, employee: Employee, appointment: Appointment) -> Row:
    return Row(employee, appointment, when(visit, customer, appointment), "past")


def when(visit: Visit, customer: Customer, appointment: Appointment) -> str:
    """From when until when, in words, with the year where it is not this one."""
    start, end = instant(appointment.start, customer.zone), instant(appointment.end, customer.zone)
    words = span(visit, customer.zone, start, end)
    years = {appointment.start.year, last_day(appointment).year}
    if years == {visit.local(customer).year}:
        return words
    return visit.t("appointments.in_year", when=words, year=max(years))


def _label(day: Day, employee: Employee, appointment: Appointment) -> str:
    """ "10:00 Meier: Besprechung" on the day it begins, without the time on others."""
    begins = not appointment.all_day and appointment.start.date() == day.date
    name = split_name(employee.name).family or employee.name
    return (
        f"{appointment.start:%H:%M} {name}: {appointment.text}" if begins else f"{name}: {appointment.text}"
    )


ROUTES = (
    Route("portal.appointments", "GET", PATH, show),
    Route("portal.appointments.month", "GET", f"{PATH}/monat", month),
)
