"""Mustermann AG as big as a company can be, on the day of its most calls; written past the service."""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rules.customers.text_blocks import MOST as TEXT_BLOCKS
from tests.big import day
from tests.big.day import BIG, CALLS_TODAY, LINE, NOTED, moment

EMPLOYEES = 20_000
VIPS = 10_000
APPOINTMENTS = 20_000
CALENDARS, EVENTS = 500, 5_000
FAQ = 1_000
BLOCKED = 2_000
SUBACCOUNTS = 5_000
SMALL, SMALL_LINE = "small", "+493023125200"

GIVEN = ("Erika", "Jens", "Jörg", "Maximiliane", "Hans", "Özlem", "Anne-Kathrin", "Uwe", "Zoë", "Friedrich")
FAMILY = (
    "Beispiel",
    "Meier",
    "Weiß",
    "von der Mühlenberg",
    "Müller",
    "Çelik",
    "Ott",
    "Zu Guten",
    "Brandt",
    "Ölke",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Of the `number`th employee."""

    number: int

    @property
    def id(self) -> str:
        return f"e{self.number:05}"

    @property
    def given(self) -> str:
        return GIVEN[self.number % 10]

    @property
    def family(self) -> str:
        return f"{FAMILY[self.number // 10 % 10]}-{self.number:05}"

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}" if self.number % 2 else f"{self.family}, Dr. {self.given}"


def build(path: Path, now: datetime) -> None:
    """Fill an upgraded SQLite database that is empty."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = 0")
    database.execute("PRAGMA synchronous = 0")
    for table, rows in _rows(now):
        _insert(database, table, rows)
    database.execute("UPDATE data_version SET version = 1")
    database.commit()
    database.close()


def move_in(path: Path, tariff: str) -> None:
    """The company and its people into a database that has others, without a line; "kunde" may log in. It
    pays for 100,000 calls of this day."""
    now, people = datetime.now(UTC), [Person(number) for number in range(EMPLOYEES)]
    with contextlib.closing(sqlite3.connect(path)) as database:
        _insert(database, "customer", [_customer(BIG, "Mustermann AG") | {"tariff_id": tariff}])
        _insert(database, "employee", map(_employee, people))
        _insert(database, "appointment", (_appointment(number, now) for number in range(APPOINTMENTS)))
        _insert(database, "vip_caller", map(_vip, range(VIPS)))
        _insert(database, "account", [_account("kunde", "customer") | {"customer_id": BIG}])
        _insert(database, "tariff_terms", [_PRICES | {"tariff_id": tariff}])
        _insert(database, "usage", (day.used(number, now) for number in range(CALLS_TODAY)))
        database.execute("UPDATE data_version SET version = version + 1")
        database.commit()


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    found = iter(rows)
    first = next(found)
    gaps = ", ".join(f":{name}" for name in first)
    statement = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({gaps})"  # noqa: S608 - names of our own
    database.executemany(statement, itertools.chain([first], found))


def _rows(now: datetime) -> Iterable[tuple[str, Iterable[Mapping[str, Any]]]]:
    people = [Person(number) for number in range(EMPLOYEES)]
    yield "tariff", [{"id": "t", "name": "Premium", "put_through": True}]
    yield "customer", [_customer(BIG, "Mustermann AG"), _customer(SMALL, "Praxis Dr. Sommer")]
    yield "line", [_line(LINE, BIG), _line(SMALL_LINE, SMALL)]
    yield "public_number", ({"number": f"+49302313{n:04}", "customer_id": BIG} for n in range(100))
    yield "employee", map(_employee, people)
    yield "employee", [{"id": "sommer", "customer_id": SMALL, "name": "Dr. Sommer", "family_name": "Sommer"}]
    yield (
        "employee_cc",
        ({"employee_id": one.id, "place": 1, "email": "cc@example.org"} for one in people[::3]),
    )
    yield "appointment", (_appointment(number, now) for number in range(APPOINTMENTS))
    yield "calendar_source", (_calendar(number, now) for number in range(CALENDARS))
    yield "calendar_event", (_event(number, now) for number in range(EVENTS))
    yield "vip_caller", map(_vip, range(VIPS))
    yield "blocked_caller", (_blocked(number, now) for number in range(BLOCKED))
    yield "faq_entry", map(_faq, range(FAQ))
    yield "text_block", map(_text_block, range(TEXT_BLOCKS))
    yield "note_field", [_field(number) for number in range(10)]
    yield "account", [_account("anna", "agent"), _account("ben", "agent"), _account("chefin", "supervisor")]
    yield "account", [_account("kunde", "customer") | {"customer_id": BIG}]
    yield "account", (_subaccount(number) for number in range(SUBACCOUNTS))
    yield "agent", [_agent("anna", "Anna", "Keller"), _agent("ben", "Ben", "Vogt")]
    yield "call", (day.call(number, now) for number in range(CALLS_TODAY))
    yield "call_note", (day.note(number, now) for number in range(NOTED))
    yield "note_recipient", ({"note_id": f"n{n:06}", "employee_id": f"e{n:05}"} for n in range(NOTED))
    yield "notification", (day.notification(number, now) for number in range(NOTED))


_PRICES = {"tariff_id": "t", "first_day": "2026-01-01", "included_calls": 1_000, "minute_micros": 690_000}


def _customer(customer_id: str, name: str) -> dict[str, Any]:
    return {
        "id": customer_id,
        "name": name,
        "tariff_id": "t",
        "greeting": "Guten Tag, hier ist [Vorname, Nachname].",
        "instruction": "Bitte freundlich. " * 200,
        "default_email": "zentrale@example.org",
        "hue": 3,
        "state": "BE",
    }


def _line(number: str, customer_id: str) -> dict[str, Any]:
    return {"id": f"line-{customer_id}", "number": number, "customer_id": customer_id}


def _employee(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "customer_id": BIG,
        "name": one.name,
        "given_name": one.given,
        "family_name": one.family,
        "position": "Sachbearbeitung",
        "responsibility": f"Einkauf und Verkauf, Bereich {one.number % 97}",
        "email": f"{one.id}@example.org" if one.number % 5 else "",
        "mobile": f"+491713920{one.number % 1000:03}",
        "deputy_id": f"e{(one.number + 1) % EMPLOYEES:05}",
        "extension": f"+4930231{one.number:05}",
        "put_through": ("all", "vip", "none")[one.number % 3],
        "absence_info": "Im Urlaub bis zum 18.10." if one.number % 4 == 0 else "",
        "hours": "Mo–Do 08:00–17:00; Fr 08:00–14:00" if one.number % 2 else "",
    }


def _appointment(number: int, now: datetime) -> dict[str, Any]:
    """Every tenth runs now, every other tenth is over."""
    begins = now + timedelta(hours=(number % 10 - 1) * 30 - 1)
    return _when(begins, timedelta(hours=12)) | {
        "id": f"a{number:05}",
        "employee_id": f"e{number * 7 % EMPLOYEES:05}",
        "text": f"Besprechung {number}",
    }


def _when(begins: datetime, lasts: timedelta) -> dict[str, str]:
    return {"start_local": f"{begins:%Y-%m-%dT%H:%M}", "end_local": f"{begins + lasts:%Y-%m-%dT%H:%M}"}


def _calendar(number: int, now: datetime) -> dict[str, Any]:
    checked = {"result": "ok", "events": 10, "checked_at": moment(now), "succeeded_at": moment(now)}
    return {
        "id": f"s{number:05}",
        "employee_id": f"e{number:05}",
        "url": "https://example.org/a.ics",
    } | checked


def _event(number: int, now: datetime) -> dict[str, Any]:
    """The first calendar has as many as all others together."""
    source = 0 if number % 2 else number % CALENDARS
    begins = now + timedelta(hours=number % 500)
    return _when(begins, timedelta(hours=1)) | {
        "id": f"v{number:05}",
        "source_id": f"s{source:05}",
        "text": f"Termin {number}",
    }


def _vip(number: int) -> dict[str, Any]:
    """Every hundredth is a block, every thousandth number is known twice."""
    block = number % 100 == 0
    shown = number // 1000 * 1000 if number % 1000 == 1 else number
    return {
        "id": f"vip{number:05}",
        "customer_id": BIG,
        "employee_id": f"e{number:05}" if number < VIPS - 100 else None,
        "pattern": f"+4940{shown:06}*" if block else f"+4940{shown:08}",
        "name": f"Hans Müller {number}",
        "info": "Bitte nicht nach Kontaktdaten fragen.",
    }


def _blocked(number: int, now: datetime) -> dict[str, Any]:
    values = {"number": f"+49891{number:07}", "reason": "advertising", "remark": f"Lotto {number}"}
    return {"id": f"b{number:05}", "customer_id": BIG, "account_id": "anna", "at": moment(now)} | values


def _faq(number: int) -> dict[str, Any]:
    words = {
        "question": f"Wie sind die Öffnungszeiten von Haus {number}?",
        "answer": "Von acht bis fünf. " * 30,
    }
    return {"id": f"f{number:05}", "customer_id": BIG, "place": number + 1} | words


def _text_block(number: int) -> dict[str, Any]:
    words = {"name": f"Rückruf {number}", "text": "Bitte um Rückruf an {nummer}. " * 16}
    return {"id": f"f{number:05}", "customer_id": BIG, "place": number + 1} | words


def _field(number: int) -> dict[str, Any]:
    choices = json.dumps([f"Wahl {n}" for n in range(50)])
    values = {"key": f"feld{number}", "label": f"Feld {number}", "kind": "choice", "choices": choices}
    return {"customer_id": BIG, "place": number} | values


def _account(login: str, role: str) -> dict[str, Any]:
    return {"id": login, "login": login, "password_hash": "no hash", "role": role}


def _subaccount(number: int) -> dict[str, Any]:
    values = _account(f"e{number:05}@example.org", "subaccount")
    return values | {"customer_id": BIG, "employee_id": f"e{number:05}"}


def _agent(login: str, given: str, family: str) -> dict[str, Any]:
    names = {"given_name": given, "family_name": family}
    return {"id": f"agent-{login}", "account_id": login, "interface": f"PJSIP/{login}"} | names
