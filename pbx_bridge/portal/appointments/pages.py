"""Termine: what is to come, what was, who is away in a month; and which of overlapping ones holds when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from aiohttp import web

from pbx_bridge.portal import choices, own_people
from pbx_bridge.portal.agent_line import span
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.time_slices import finished, gently
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.choosing import Choosing
from pbx_bridge.web.kit.date_format import Moments, weekdays
from pbx_bridge.web.kit.lists import part
from rules.customers.directory import ordered, parts_of, words_of
from rules.customers.month_grid import Day, MonthBar, neighbour, weeks
from rules.customers.namesakes import brief, hint, shared_families
from rules.model import Appointment, Customer, Employee
from rules.presence.appointments import is_past, last_day, replaced
from rules.presence.availability import Presence, availability, instant
from rules.stepwise import Steps
from rules.text.typed_moments import read_day

PATH = "/portal/termine"
PAST_SHOWN = 100
DAY_SHOWN = 12
"""Appointments of a day in the month; the list has the others."""
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Row:
    """An appointment of the list. `state`: now, hidden, coming, past; `instead`: what holds in its place;
    `apart`: which of several with the name."""

    employee: Employee
    appointment: Appointment
    when: str
    state: str
    instead: tuple[str, ...] = ()
    apart: str = ""

    @property
    def listed(self) -> str:
        return f"{self.employee.name} · {self.apart}" if self.apart else self.employee.name


async def show(ctx: PortalContext) -> web.StreamResponse:
    """What runs and what is to come, soonest first; past ones folded below, latest first."""
    customer, asked = await ctx.customer(), ctx.query
    query, day = asked.get("q", "").strip()[:100], read_day(asked.get("tag", ""))
    people = await _people(ctx)
    who = choosing.read(asked, "mitarbeiter", people)
    seen = _chosen(ctx, customer, who.id)
    coming, past = await finished(_found(customer, seen, parts_of(query), day, ctx.now))
    listed = part(coming, asked.get("page", "1"))
    everybody = await own_people.seen(ctx, customer)

    def named(row: Row) -> Row:
        same = everybody.namesakes(row.employee)
        return replace(row, apart=hint(row.employee, same, extension=True))

    return ctx.page(
        "appointments/list.html",
        customer=customer,
        many=people.count > 1,
        field=choosing.shown(people, who.id, who),
        query=query,
        who=who.id,
        day=day,
        moments=Moments(ctx.t, customer.zone),
        listed=listed,
        rows=[named(await _row(ctx, customer, entry)) async for entry in gently(listed.rows)],
        past=[named(_past(ctx, customer, entry)) async for entry in gently(past)],
    )


@dataclass(frozen=True, slots=True)
class AppointmentEntry:
    """An appointment and whose it is."""

    employee: Employee
    appointment: Appointment

    @property
    def key(self) -> str:
        """Where it stands: by its begin."""
        return f"{self.appointment.start.isoformat()} {self.appointment.id}"


def _found(
    customer: Customer, people: Iterable[Employee], parts: Collection[str], day: date | None, now: datetime
) -> Steps[tuple[Sequence[AppointmentEntry], Sequence[AppointmentEntry]]]:
    """What is to come, soonest first, and the last ones that are over, latest first."""
    coming, past = list[AppointmentEntry](), list[AppointmentEntry]()
    for person in people:
        whose = words_of(person.name) if parts else ""
        yield
        for one in person.appointments:
            if day and not one.start.date() <= day <= last_day(one):
                continue
            if parts and not all(part in whose or part in words_of(one.text) for part in parts):
                continue
            (past if is_past(one, customer.zone, now) else coming).append(AppointmentEntry(person, one))
            yield
    in_order = yield from ordered(coming, attrgetter("key"))
    over = yield from ordered(past, attrgetter("key"))
    return in_order, over[: -PAST_SHOWN - 1 : -1]


async def month(ctx: PortalContext) -> web.StreamResponse:
    """A month as on the wall; `monat` is "2026-11", this month if it is missing or none."""
    customer, people = await ctx.customer(), await _people(ctx)
    everybody = await own_people.seen(ctx, customer)
    shared = await finished(shared_families(own_people.some(ctx, customer)))
    who = choosing.read(ctx.query, "mitarbeiter", people).id
    today = ctx.local(customer).date()
    match = _MONTH.fullmatch(ctx.query.get("monat", ""))
    year, number = (int(match[1]), int(match[2])) if match else (today.year, today.month)
    if not (1970 <= year <= 2200 and 1 <= number <= 12):
        year, number = today.year, today.month
    shown = await finished(weeks(year, number, _chosen(ctx, customer, who), DAY_SHOWN))
    return ctx.page(
        "appointments/month.html",
        customer=customer,
        many=people.count > 1,
        who=who,
        today=today,
        first=date(year, number, 1),
        weekdays=weekdays(ctx.t),
        weeks=shown,
        earlier="{:04}-{:02}".format(*neighbour(year, number, -1)),
        later="{:04}-{:02}".format(*neighbour(year, number, 1)),
        moments=Moments(ctx.t, customer.zone),
        label=lambda day, bar: _label(
            day, bar, brief(bar.employee, shared, everybody.namesakes(bar.employee))
        ),
        hours=_within_a_day,
    )


async def _people(ctx: PortalContext) -> Choosing:
    return choices.people(await own_people.seen(ctx, await ctx.customer()))


def _chosen(ctx: PortalContext, customer: Customer, who: str) -> Sequence[Employee]:
    known = own_people.known(ctx, customer, who)
    return (known,) if known else own_people.some(ctx, customer)


async def _row(ctx: PortalContext, customer: Customer, entry: AppointmentEntry) -> Row:
    """With what replaces it, and when."""
    employee, appointment = entry.employee, entry.appointment
    holds = availability(employee, customer.zone, ctx.now)
    running = instant(appointment.start, customer.zone) <= ctx.now
    state = "coming" if not running else "now" if holds.source_id == appointment.id else "hidden"
    instead = tuple(
        ctx.t(
            "appointments.instead",
            when=span(ctx, customer.zone, stretch.start, stretch.end),
            text=stretch.holds.text,
        )
        for stretch in await finished(replaced(appointment, employee, customer.zone))
        if stretch.holds.kind is Presence.AWAY
    )
    return Row(employee, appointment, when(ctx, customer, appointment), state, instead)


def _past(ctx: PortalContext, customer: Customer, entry: AppointmentEntry) -> Row:
    return Row(entry.employee, entry.appointment, when(ctx, customer, entry.appointment), "past")


def when(ctx: PortalContext, customer: Customer, appointment: Appointment) -> str:
    """From when until when, in words, with the year where it is not this one."""
    start, end = instant(appointment.start, customer.zone), instant(appointment.end, customer.zone)
    words = span(ctx, customer.zone, start, end)
    years = {appointment.start.year, last_day(appointment).year}
    if years == {ctx.local(customer).year}:
        return words
    return ctx.t("appointments.in_year", when=words, year=max(years))


def _within_a_day(appointment: Appointment) -> bool:
    """It has hours and ends on the day on which it begins."""
    return not appointment.all_day and appointment.start.date() == last_day(appointment)


def _label(day: Day, bar: MonthBar, name: str) -> str:
    """ "10:00 Meier: Besprechung" on the day it begins, without the time on others."""
    appointment = bar.appointment
    begins = not appointment.all_day and appointment.start.date() == day.date
    return (
        f"{appointment.start:%H:%M} {name}: {appointment.text}" if begins else f"{name}: {appointment.text}"
    )


ROUTES = (
    Route("portal.appointments", "GET", PATH, show),
    Route("portal.appointments.month", "GET", f"{PATH}/monat", month),
)
