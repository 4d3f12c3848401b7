"""A small Mustermann AG in the database, for tests that need something to hang their rows on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pbx_bridge.storage import tables
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all

Row = dict[str, Any]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IN_TIME = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """Ids of what `furnish` made."""

    customer_id: str
    erika: str
    jens: str
    anna: str
    anna_account: str
    ben: str


async def furnish(db: Database) -> SampleCompany:
    """Mustermann AG with Erika Beispiel, her deputy Jens Meier and all that a company can have; agents Anna
    and Ben."""
    async with db.write() as conn:
        tariff, customer_id, erika, jens = (new_id() for _ in range(4))
        await insert_all(conn, tables.tariff, [{"id": tariff, "name": "Premium", "put_through": True}])
        await insert_all(conn, tables.customer, [_customer(customer_id, tariff)])
        await insert_all(conn, tables.employee, [_jens(customer_id, jens)])
        await insert_all(conn, tables.employee, [_erika(customer_id, erika, jens)])
        await insert_all(conn, tables.employee_cc, _ccs(erika))
        await insert_all(conn, tables.appointment, [_appointment(jens)])
        await insert_all(conn, tables.public_number, [{"number": "+4930231251", "customer_id": customer_id}])
        await insert_all(
            conn, tables.line, [{"id": new_id(), "number": "+493023125100", "customer_id": customer_id}]
        )
        await insert_all(conn, tables.vip_caller, _vips(customer_id, erika))
        await insert_all(conn, tables.faq_entry, [_faq(customer_id, place) for place in (2, 1)])
        await insert_all(conn, tables.note_field, [_field(customer_id)])
        anna_account, anna = await _agent(conn, "anna", "Anna", "Keller")
        _, ben = await _agent(conn, "ben", "Ben", "Vogt")
        await data_version.touch(conn, customer_id, NOW)
    return SampleCompany(customer_id, erika, jens, anna, anna_account, ben)


async def arrive(
    conn: AsyncConnection, house: SampleCompany, number: str = "+491713920042", pbx: str = "1.1"
) -> str:
    """A call for Mustermann AG; returns its id."""
    call = calls.StoredCall(new_id(), pbx, "+493023125100", NOW, house.customer_id, caller_number=number)
    assert await calls.insert(conn, call)
    return call.id


async def _agent(conn: AsyncConnection, login: str, given: str, family: str) -> tuple[str, str]:
    account_id = await accounts.insert(conn, Account("", login, Role.AGENT), "no hash", NOW)
    return account_id, await agents.insert(conn, account_id, given, family, f"PJSIP/{login}", bound=True)


def _customer(customer_id: str, tariff: str) -> Row:
    greeting = "Herzlich Willkommen bei der Mustermann AG, mein Name ist [Vorname, Nachname]."
    return {"id": customer_id, "name": "Mustermann AG", "tariff_id": tariff, "greeting": greeting, "hue": 3}


def _erika(customer_id: str, erika: str, jens: str) -> Row:
    names = {"name": "Beispiel, Erika", "given_name": "Erika", "family_name": "Beispiel"}
    ways = {
        "email": "erika@example.org",
        "put_through": "all",
        "extension": "+493023125110",
        "deputy_id": jens,
    }
    return {"id": erika, "customer_id": customer_id} | names | ways


def _jens(customer_id: str, jens: str) -> Row:
    return {
        "id": jens,
        "customer_id": customer_id,
        "name": "Jens Meier",
        "given_name": "Jens",
        "family_name": "Meier",
    }


def _ccs(erika: str) -> list[Row]:
    return [
        {"employee_id": erika, "place": 2, "email": "zweite@example.org"},
        {"employee_id": erika, "place": 1, "email": "erste@example.org"},
    ]


def _appointment(jens: str) -> Row:
    hours = {
        "start_local": "2026-10-25T02:30",
        "start_fold": 0,
        "end_local": "2026-10-25T02:30",
        "end_fold": 1,
    }
    return {"id": new_id(), "employee_id": jens, "text": "Urlaub"} | hours


def _vips(customer_id: str, erika: str) -> list[Row]:
    company: Row = {"pattern": "+49302312*", "name": "Haus Vogt", "employee_id": None}
    hers: Row = {"pattern": "+491713920042", "name": "Hans Müller", "employee_id": erika}
    return [{"id": new_id(), "customer_id": customer_id} | vip for vip in (company, hers)]


def _faq(customer_id: str, place: int) -> Row:
    return {
        "id": new_id(),
        "customer_id": customer_id,
        "place": place,
        "question": f"Frage {place}",
        "answer": "Ja.",
    }


def _field(customer_id: str) -> Row:
    kind = {"kind": "choice", "choices": ["Neukunde", "Bestandskunde"], "required": True}
    return {"customer_id": customer_id, "key": "art", "place": 1, "label": "Art"} | kind
