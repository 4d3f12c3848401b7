"""Every optional key of an import file's company and employee: two values each, and how they are stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rules.model import Customer

Values = tuple[tuple[Any, Any], tuple[Any, Any]]


@dataclass(frozen=True)
class Key:
    """`values`: two as they stand in a file, each with what is stored of it; `read`: how it is stored."""

    values: Values
    read: Callable[[Any], Any]


def same(*values: Any) -> Values:
    return ((values[0], values[0]), (values[1], values[1]))


def plain(name: str, *values: Any) -> Key:
    return Key(same(*values), lambda owner: getattr(owner, name))


def vips_of(customer: Customer, employee: str | None) -> list[tuple[str, str, str]]:
    return sorted((v.pattern, v.name, v.info) for v in customer.vip_callers if v.employee_id == employee)


def vip(number: str, info: str) -> dict[str, str]:
    return {"number": number, "name": "Haus", "info": info}


OF_COMPANY: dict[str, Key] = {
    "spoken_name": plain("spoken_name", "Muster-mann", "Mustermann"),
    "instruction": plain("instruction", "Bitte Termin anbieten.", ""),
    "default_email": plain("default_email", "a@mustermann.example", "b@mustermann.example"),
    "hue": plain("hue", 7, 2),
    "zone": plain("zone", "Europe/Vienna", "Europe/Berlin"),
    "region": plain("region", "AT", "DE"),
    "state": plain("state", "BY", ""),
    "confidential": plain("confidential", True, False),
    "language": Key(same("en", "de"), lambda customer: customer.answering.language),
    "public_numbers": Key(
        ((["+493023125050"], ("+493023125050",)), ([], ())), lambda customer: customer.public_numbers
    ),
    "note_field": Key(
        (
            ([{"key": "nr", "label": "Kundennummer", "required": True, "retired": False}], [("nr", True)]),
            ([{"key": "art", "label": "Art", "required": False, "retired": False}], [("art", False)]),
        ),
        lambda customer: [(field.key, field.required) for field in customer.asked_fields],
    ),
    "faq": Key(
        (([{"question": "Wo?", "answer": "Hier."}], ["Wo?"]), ([], [])),
        lambda customer: [entry.question for entry in customer.faq],
    ),
    "text_block": Key(
        (([{"name": "Angebot", "text": "{anrufer} fragt."}], [("Angebot", "{anrufer} fragt.")]), ([], [])),
        lambda customer: [(one.name, one.text) for one in customer.text_blocks],
    ),
    "vip": Key(
        (
            ([vip("+49 30 23125-6*", "A")], [("+4930231256*", "Haus", "A")]),
            ([vip("+49 30 23125-9*", "B")], [("+4930231259*", "Haus", "B")]),
        ),
        lambda customer: vips_of(customer, None),
    ),
    "blocked": Key(
        (
            ([{"number": "+49 30 23125-888", "remark": "eins"}], {"+493023125888": "eins"}),
            ([{"number": "+49 30 23125-888", "remark": "zwei"}], {"+493023125888": "zwei"}),
        ),
        lambda customer: {one.number: one.remark for one in customer.blocked},
    ),
}
OF_EMPLOYEE: dict[str, Key] = {
    "position": plain("position", "Vorständin", ""),
    "responsibility": plain("responsibility", "Presse", ""),
    "email": plain("email", "e@mustermann.example", ""),
    "cc": Key(((["x@mustermann.example"], ("x@mustermann.example",)), ([], ())), lambda one: one.cc),
    "sms": plain("sms", False, True),
    "mobile": Key(
        (("+49 171 3920099", "+491713920099"), ("+49 171 3920098", "+491713920098")), lambda one: one.mobile
    ),
    "deputy": Key((("", None), ("Jens Meier", "Jens")), lambda one: one.deputy_id and "Jens"),
    "extension": Key(
        (("+49 30 23125-199", "+493023125199"), ("+49 30 23125-198", "+493023125198")),
        lambda one: one.extension,
    ),
    "put_through": plain("put_through", "none", "vip"),
    "vip_sms": plain("vip_sms", False, True),
    "absence_info": plain("absence_info", "Nachmittags.", ""),
    "hours": Key((("Mo 9–10", True), ("", False)), lambda one: one.hours is not None),
    "ring_seconds": Key(((33, 33), (0, None)), lambda one: one.ring_seconds),
    "appointment": Key(
        (
            ([{"text": "Kur", "from": "today", "until": "today+9", "reachable": True}], [("Kur", True)]),
            ([], []),
        ),
        lambda one: [(a.text, a.reachable) for a in one.appointments],
    ),
    "vip": Key((([vip("+49 171 3920050", "C")], 1), ([], 0)), lambda one: one),
}
ALL = [("customer", name) for name in OF_COMPANY] + [("employee", name) for name in OF_EMPLOYEE]
