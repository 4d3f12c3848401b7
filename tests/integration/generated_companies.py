"""Fifty companies that differ in all that decides about a call, the same at every run; and who calls them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

COMPANIES = 50
SHARED_LINE = "+493023125900"

_GREETINGS = (
    "Herzlich Willkommen bei {name}, mein Name ist [Vorname, Nachname].",
    "{name}, Sie sprechen mit [Vorname].",
    "Guten Tag, [Nachname], {name}.",
)
_APPOINTMENTS: tuple[tuple[dict[str, Any], ...], ...] = (
    (),
    (),
    ({"text": "Im Urlaub.", "from": "today-2", "until": "today+4", "reachable": False},),
    ({"text": "Unterwegs, mobil erreichbar.", "from": "today-1", "until": "today+1", "reachable": True},),
    ({"text": "Vorbei.", "from": "today-9", "until": "today-3", "reachable": False},),
    ({"text": "Kommt noch.", "from": "today+3", "until": "today+5", "reachable": False},),
    (
        {"text": "Im Urlaub.", "from": "today-5", "until": "today+5", "reachable": False},
        {"text": "Doch da, in einer Besprechung.", "from": "today-1", "until": "today+1", "reachable": True},
    ),
)


@dataclass(frozen=True, slots=True)
class Call:
    """`line` and `number` as digits; `diversion`: the company's own number, on the shared line."""

    company: str
    line: str
    number: str
    withheld: bool
    diversion: str
    asked_for: str


def document() -> dict[str, Any]:
    """A file of the importer's format."""
    return {
        "tariff": [
            {"name": "Mit Vermittlung", "put_through": True, "sms_price": "0.10"},
            {"name": "Basis", "put_through": False, "sms_price": "0.10"},
        ],
        "line": [{"number": SHARED_LINE}],
        "customer": [_company(number) for number in range(COMPANIES)],
    }


def calls() -> list[Call]:
    """One for each company."""
    return [_call(number) for number in range(COMPANIES)]


def _name(number: int) -> str:
    return f"Firma {number:02}"


def _company(number: int) -> dict[str, Any]:
    chance = random.Random(number)
    people = [_person(number, place, chance) for place in range(chance.randint(1, 4))]
    for person in people:
        others = [other["name"] for other in people if other is not person]
        if others and chance.random() < 0.7:
            person["deputy"] = chance.choice(others)
    company = {
        "name": _name(number),
        "tariff": "Mit Vermittlung" if chance.random() < 0.8 else "Basis",
        "greeting": chance.choice(_GREETINGS).format(name=_name(number)),
        "instruction": chance.choice(("", "Bitte immer die Kundennummer aufnehmen.")),
        "default_email": f"zentrale@firma{number}.example",
        "confidential": chance.random() < 0.2,
        "hue": number % 12,
        "public_numbers": [f"+4930231250{number:02}"],
        "employee": people,
        "faq": [{"question": "Wo parken?", "answer": "Im Hof."}] * chance.randint(0, 2),
        "note_field": [{"key": "kunde", "label": "Kundennummer", "kind": "text", "required": False}],
    }
    if number % 5:
        company["lines"] = [f"+4930231255{number:02}"]
    if number % 3 == 0:
        company["vip"] = [{"number": "+491713920*", "name": "Haus Vogt", "info": "Bitte gleich verbinden."}]
    return company


def _person(number: int, place: int, chance: random.Random) -> dict[str, Any]:
    name = ("Erika Beispiel", "Meier, Jens", "Lena Vogel", "Dr. Ömer Groß")[place]
    person: dict[str, Any] = {
        "name": name,
        "position": chance.choice(("", "Vertrieb")),
        "put_through": chance.choice(("all", "all", "vip", "none")),
        "absence_info": chance.choice(("", "Nur vormittags im Haus.")),
        "appointment": list(chance.choice(_APPOINTMENTS)),
        "vip_sms": chance.random() < 0.4,
        "sms": chance.random() < 0.4,
        "mobile": f"+4917139200{place + 90}",
        "email": f"{place}@firma{number}.example" if chance.random() < 0.9 else "",
        "cc": [f"kopie@firma{number}.example"] if chance.random() < 0.4 else [],
    }
    if chance.random() < 0.9:
        shared_telephone = place > 0 and chance.random() < 0.15
        person["extension"] = f"+49302312{5100 + number * 4 + (0 if shared_telephone else place)}"
    else:  # with the wish, but without a number: see rehearsed_calls.furnish
        person["put_through"] = "none"
    if number % 4 == 1 and place == 0:
        person["vip"] = [
            {"number": f"+4917139200{number:02}", "name": "Hans Müller", "info": "Nicht fragen."}
        ]
    return person


def _call(number: int) -> Call:
    chance = random.Random(1000 + number)
    company = _company(number)
    own_line = company.get("lines", [""])[0]
    return Call(
        company=company["name"],
        line=(own_line or SHARED_LINE).lstrip("+"),
        number=f"4917139200{number:02}",
        withheld=chance.random() < 0.15,
        diversion="" if own_line else company["public_numbers"][0],
        asked_for=chance.choice(company["employee"])["name"],
    )
