"""A whole company as the operator's file writes it: what was loaded, or typed into the portal, given back.

Loading the file makes the same company again, under the same names; ids, log-ins and what happened are not in
it. A line of TOML is a JSON text, but for DEL, which JSON leaves as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import Field, Kind, on_form
from rules.fields.employee import EMPLOYEE
from rules.fields.values import text_of
from rules.fields.vip_caller import VIP_CALLER
from rules.model import Appointment, Customer, Employee, VipCaller
from rules.stepwise import Steps

_OF_VIP = tuple(one for one in VIP_CALLER if one.kind is not Kind.PERSON)


def company_toml(customer: Customer, lines: Sequence[str]) -> Steps[list[str]]:
    """In pieces, which are put together. `lines`: its own ones, E.164."""
    named = {one.id: one.name for one in customer.employees}
    tariff = customer.tariff
    told = [_table("[[tariff]]", {"name": tariff.name, "put_through": tariff.put_through})]
    plain: dict[str, Any] = {
        "name": customer.name,
        "tariff": tariff.name,
        **_fields(CUSTOMER, customer, named),
    }
    plain |= {"lines": list(lines), "public_numbers": list(customer.public_numbers)}
    told.append(_table("[[customer]]", plain))
    for field in customer.note_fields:
        asked: dict[str, Any] = {"key": field.key, "label": field.label, "kind": field.kind.value}
        chosen = {"choices": list(field.choices)} if field.choices else {}
        more = ({"help": field.help} if field.help else {}) | ({"retired": True} if field.retired else {})
        told.append(_table("[[customer.note_field]]", asked | {"required": field.required} | chosen | more))
    for entry in customer.faq:
        yield
        told.append(_table("[[customer.faq]]", {"question": entry.question, "answer": entry.answer}))
    blocks = [{"name": one.name, "text": one.text} for one in customer.text_blocks]
    told += [_table("[[customer.text_block]]", block) for block in blocks]
    of: dict[str, list[VipCaller]] = {}
    for vip in customer.vip_callers:
        yield
        of.setdefault(vip.employee_id or "", []).append(vip)
    told += _vips("customer", of.get("", ()))
    for one in customer.blocked:
        yield
        caller = {"number": one.number, "reason": one.reason.value, "remark": one.remark}
        told.append(_table("[[customer.blocked]]", caller))
    for person in customer.employees:
        yield
        told.append(_table("[[customer.employee]]", _fields(EMPLOYEE, person, named)))
        told += _vips("customer.employee", of.get(person.id, ()))
        told += _absences(person)
    return told


def _fields(fields: Iterable[Field], owner: object, named: dict[str, str]) -> dict[str, Any]:
    """As the file has them; numbers that are not set are left out."""
    found: dict[str, Any] = {}
    for one in fields:
        value = getattr(owner, one.of_model)
        match one.kind:
            case Kind.TICK:
                found[one.key] = bool(value)
            case Kind.NUMBER:
                found |= {} if value is None else {one.key: int(value)}
            case Kind.EMAILS:
                found[one.key] = list(value)
            case Kind.PERSON:
                found[one.key] = named.get(value or "", "")
            case _:
                found[one.key] = text_of(one, value)
    return found


def _vips(owner: str, vips: Iterable[VipCaller]) -> Iterator[str]:
    for vip in vips:
        yield _table(f"[[{owner}.vip]]", _fields(_OF_VIP, vip, {}))


def _absences(person: Employee) -> Iterator[str]:
    """Their own; what a calendar elsewhere brought comes from there again."""
    for one in person.appointments:
        if not one.imported:
            span = dict(zip(("from", "until"), _span(one), strict=True))
            yield _table("[[customer.employee.appointment]]", _fields(on_form(APPOINTMENT), one, {}) | span)


def _span(one: Appointment) -> tuple[str, str]:
    """Two days, the last one included, or two moments on the company's clock."""
    if one.all_day:
        return one.start.date().isoformat(), (one.end.date() - timedelta(days=1)).isoformat()
    return _moment(one.start), _moment(one.end)


def _moment(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}"


def _table(head: str, values: dict[str, Any]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in values.items()]
    return "\n".join([head, *lines, "", ""])


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
