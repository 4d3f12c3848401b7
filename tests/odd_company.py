"""Sixty-one people with the names that people really have, and more to say than fits, for Mustermann AG."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from rules.text.names import split_name
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW, SampleCompany

NAMES = (
    "Dr. Karl-Theodor Freiherr von und zu Brüggemann-Österreicher",
    "Łukasz Żółć",
    "Nguyễn Thị Ánh",
    "Şahin, İpek",
    "Seán O'Neill",
    "Müller-Lüdenscheidt, Frau Prof. Dr. Dr. h. c. Annegret",
    "X",
    "Q" * 60,
    "Meier, Jens",
    "Øyvind Sørensen-Åkesson",
    "Δημήτριος Παπαδόπουλος",
    "Ольга Иванова",
)
POSITIONS = ("Geschäftsführerin", "Sachbearbeiterin Rechnungswesen", "Auszubildender", "", "IT")
DUTIES = (
    "Neukunden/Interessenten",
    "Buchhaltung, Mahnwesen und Reisekostenabrechnung für alle Gesellschaften der Gruppe",
    "",
)
ABSENT = "Frau Mustermann ist nur vormittags im Hause. Darf ich einen Rückruf ausrichten?"


async def fill(db: Database, house: SampleCompany, count: int = 59) -> None:
    """`count` more employees beside the two who are there; calls, appointments, VIPs and questions."""
    people = [_person(house.customer_id, number) for number in range(count)]
    async with db.write() as conn:
        await insert_all(conn, tables.employee, people)
        await insert_all(conn, tables.appointment, [_away(one["id"], n) for n, one in enumerate(people[:24])])
        await insert_all(conn, tables.vip_caller, [_vip(house, people, n) for n in range(12)])
        await insert_all(conn, tables.faq_entry, [_question(house, n) for n in range(12)])
        await data_version.touch(conn, house.customer_id, NOW)
    await call_often(db, house, NOW, 60)


def _person(customer_id: str, number: int) -> dict[str, Any]:
    name = NAMES[number % len(NAMES)]
    split = split_name(name)
    reached = {"email": f"p{number}@example.org", "mobile": f"+491713920{number:03}", "sms": number % 3 == 0}
    return {
        "id": new_id(),
        "customer_id": customer_id,
        "name": name,
        "given_name": split.given,
        "family_name": split.family,
        "position": POSITIONS[number % len(POSITIONS)],
        "responsibility": DUTIES[number % len(DUTIES)],
        "absence_info": ABSENT if number % 4 == 0 else "",
        "put_through": ("all", "vip", "none")[number % 3],
        "extension": f"+4930231252{number:02}" if number % 3 < 2 else "",
    } | reached


def _away(employee_id: str, number: int) -> dict[str, Any]:
    begins = NOW.replace(tzinfo=None) + timedelta(hours=20 * number - 60)
    ends = begins + timedelta(days=1 + number % 12)
    times = {"start_local": f"{begins:%Y-%m-%dT%H:%M}", "end_local": f"{ends:%Y-%m-%dT%H:%M}"}
    text = "im Urlaub - Rückrufe ab dem nächsten Montag, in dringenden Fällen an die Zentrale"
    return {"id": new_id(), "employee_id": employee_id, "text": text if number % 2 else "krank"} | times


def _vip(house: SampleCompany, people: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "customer_id": house.customer_id,
        "employee_id": people[number]["id"] if number % 2 else None,
        "pattern": f"+4940555{number:03}{'*' if number % 5 == 0 else '77'}",
        "name": f"{NAMES[number]}, Donaudampfschifffahrtsgesellschaft mbH",
        "info": "Herrn Mustermann bitte nicht nach seinen Kontaktdaten fragen. Diese sind bekannt.",
    }


def _question(house: SampleCompany, number: int) -> dict[str, Any]:
    answer = "Auf der Website unter beispiel.example/service" + "/bestellliste" * number
    return {
        "id": new_id(),
        "customer_id": house.customer_id,
        "place": 10 + number,
        "question": f"Wo finde ich die Bestellliste {number}?",
        "answer": answer,
    }
