"""Appointments as a calendar that other programs read under a secret address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import icalendar
from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.services import Portal
from pbx_bridge.storage.customers import calendars
from pbx_bridge.time_slices import gently
from pbx_bridge.web.i18n import translate
from rules.model import Appointment, Customer, Employee
from rules.presence.availability import instant
from rules.text.names import split_name
from rules.vocabulary import FIRST_LANGUAGE

PATH = "/calendar/{secret}.ics"
KEPT = timedelta(days=90)
"""How long past appointments stay in the feed."""


def new_secret() -> tuple[str, str]:
    """The secret part of an address, and the hash under which it is stored."""
    secret = secrets.token_urlsafe(32)
    return secret, hashed(secret)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def routes(portal: Portal) -> list[web.RouteDef]:
    """Public: calendar programs have no log-in, and the secret cannot be guessed."""

    async def serve(request: web.Request) -> web.StreamResponse:
        async with portal.db.read() as conn:
            feed = await calendars.feed(conn, hashed(request.match_info["secret"]))
        customer = await portal.companies.read(feed.customer_id) if feed else None
        if feed is None or customer is None:
            raise NotFoundError
        own = customer.employee(feed.employee_id)
        people = customer.employees if feed.employee_id is None else (own,) if own else ()
        pieces = render(customer, people, portal.clock(), whole=feed.employee_id is None)
        body = b"".join([piece async for piece in gently(pieces)])
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)

    return [web.get(PATH, serve, name="calendar_feed")]


def render(customer: Customer, people: Iterable[Employee], now: datetime, *, whole: bool) -> Iterator[bytes]:
    """The file (RFC 5545) in small pieces. What came in from calendars elsewhere does not go out again."""
    calendar = icalendar.Calendar()
    title = translate("portal", FIRST_LANGUAGE, "calendar.feed_name", name=customer.name)
    for name, value in (("prodid", "-//pbx-bridge//appointments//DE"), ("version", "2.0")):
        calendar.add(name, value)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval;value=duration", "PT15M")
    end = b"END:VCALENDAR\r\n"
    yield bytes(calendar.to_ical()).removesuffix(end)
    for person in people:
        yield b""  # a step, also where there is nothing
        for one in person.appointments:
            if not one.imported and instant(one.end, customer.zone) > now - KEPT:
                yield bytes(_event(customer, person, one, now, whole=whole).to_ical())
    yield end


def _event(
    customer: Customer, person: Employee, one: Appointment, now: datetime, *, whole: bool
) -> icalendar.Event:
    """Whole days as days, hours as moments in UTC, so that no reader has to know our zone."""
    event = icalendar.Event()
    event.add("uid", f"{one.id}@pbx-bridge")
    event.add("dtstamp", customer.changed_at or now)
    event.add("dtstart", one.start.date() if one.all_day else instant(one.start, customer.zone))
    event.add("dtend", one.end.date() if one.all_day else instant(one.end, customer.zone))
    event.add("summary", f"{split_name(person.name).spoken}: {one.text}" if whole else one.text)
    event.add("transp", "TRANSPARENT" if one.reachable else "OPAQUE")
    return event
