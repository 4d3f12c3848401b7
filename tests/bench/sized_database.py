"""A database with many companies and agents, as large as a figure needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.maintenance.migrate import upgrade

EMPLOYEES = 14
AGENTS = 50


@dataclass(frozen=True, slots=True)
class SizedDatabase:
    """Lines as digits, one per company; session token by agent's phone."""

    lines: tuple[str, ...]
    tokens: dict[str, str]


async def furnish(url: str, companies: int, vips: int, staff: int = AGENTS) -> SizedDatabase:
    """Make all of it in a new database; `staff`: how many agents."""
    db = Database(url)
    await upgrade(db)
    sessions = Sessions(db, AuthSettings(), lambda: datetime.now(UTC))
    async with db.write() as conn:
        await insert_all(conn, tables.tariff, [{"id": "t", "name": "Premium", "put_through": True}])
        ids = [new_id() for _ in range(companies)]
        await insert_all(conn, tables.customer, [_customer(*item) for item in enumerate(ids)])
        lines = [f"493023125{number:03d}" for number in range(companies)]
        await insert_all(
            conn,
            tables.line,
            [{"id": new_id(), "number": f"+{n}", "customer_id": c} for n, c in zip(lines, ids, strict=True)],
        )
        for customer in ids:
            await _people(conn, customer)
        await insert_all(conn, tables.vip_caller, [_vip(n, ids[n % companies]) for n in range(vips)])
        tokens = dict([await _agent(conn, sessions, number) for number in range(staff)])
        await data_version.touch(conn, None, datetime.now(UTC))
    await db.close()
    return SizedDatabase(tuple(lines), tokens)


def _customer(number: int, customer_id: str) -> dict[str, Any]:
    greeting = f"Herzlich Willkommen bei der Mustermann {number} AG, mein Name ist [Vorname, Nachname]."
    name = f"Mustermann {number} AG"
    return {"id": customer_id, "name": name, "tariff_id": "t", "greeting": greeting, "hue": number % 12}


async def _people(conn: AsyncConnection, customer: str) -> None:
    ids = [new_id() for _ in range(EMPLOYEES)]
    people = [_employee(customer, employee, number) for number, employee in enumerate(ids)]
    await insert_all(conn, tables.employee, people)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    hours = {"start_local": "2026-01-01T00:00", "end_local": f"{tomorrow:%Y-%m-%d}T00:00", "all_day": True}
    away = [{"id": new_id(), "employee_id": e, "text": "Urlaub"} | hours for e in ids[::5]]
    await insert_all(conn, tables.appointment, away)
    faq = {
        "customer_id": customer,
        "question": "Wie sind die Öffnungszeiten?",
        "answer": "Montag bis Freitag.",
    }
    await insert_all(conn, tables.faq_entry, [{"id": new_id(), "place": n} | faq for n in range(5)])


def _employee(customer: str, employee: str, number: int) -> dict[str, Any]:
    return {
        "id": employee,
        "customer_id": customer,
        "name": f"Erika Beispiel {number}",
        "given_name": "Erika",
        "family_name": f"Beispiel {number}",
        "position": "Sachbearbeitung",
        "responsibility": "Einkauf und Verkauf",
        "extension": f"+493023125{number:03d}",
        "put_through": "all",
        "email": "erika@example.org",
    }


def _vip(number: int, customer: str) -> dict[str, Any]:
    """Longer than any number that calls, so that a large table costs what it costs and nobody is in it."""
    pattern = f"+4917139200{number:06d}"
    return {"id": new_id(), "customer_id": customer, "pattern": pattern, "name": f"VIP {number}"}


async def _agent(conn: AsyncConnection, sessions: Sessions, number: int) -> tuple[str, str]:
    account = Account("", f"agent{number:02d}", Role.AGENT)
    account_id = await accounts.insert(conn, account, "no hash", datetime.now(UTC))
    phone = f"PJSIP/agent{number:02d}"
    await agents.insert(conn, account_id, "Anna", f"Keller {number}", phone)
    stored = await accounts.by_id(conn, account_id)
    assert stored is not None
    token, _ = await sessions.begin(conn, stored)
    return phone, token
