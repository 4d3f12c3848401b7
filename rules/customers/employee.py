"""What a customer may say about an employee: typed texts to an employee, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.fault import Fault
from rules.fields.declaration import on_form
from rules.fields.employee import EMPLOYEE
from rules.fields.values import Around, faults_of, value_of
from rules.fields.values import texts_of as texts_of_fields
from rules.model import Customer, Employee, PutThrough
from rules.stepwise import Steps
from rules.text.dialling import DialRules
from rules.text.names import split_name
from rules.text.phone_numbers import is_mobile, to_e164
from rules.text.working_hours import DAYS

_ORDER = {one.name: at for at, one in enumerate(EMPLOYEE)}
_FORM = on_form(EMPLOYEE)


def texts_of(employee: Employee, days: Sequence[str] = DAYS) -> dict[str, str]:
    """An employee as the form shows it, in the order of `EMPLOYEE`; `days`: the names of those of a week."""
    return texts_of_fields(_FORM, employee, days)


def all_texts_of(employee: Employee) -> dict[str, str]:
    """Every declared field, also what has a page of its own."""
    return texts_of_fields(EMPLOYEE, employee)


def read_employee(
    texts: Mapping[str, str],
    base: Employee,
    colleagues: Collection[str],
    allowed: DialRules,
    days: Sequence[str] = (),
) -> Employee | tuple[Fault, ...]:
    """`base` with what `texts` say, or all faults, in the order of the form.

    `colleagues`: ids that can be deputies; `allowed.region` reads national numbers; `days`: see `read_week`.
    """
    around = Around(allowed, colleagues, days)
    fields = [one for one in EMPLOYEE if one.name in texts]
    typed = {one.name: texts[one.name].strip() for one in fields}
    faults = [fault for one in fields for fault in faults_of(one, typed[one.name], around)]
    faults += _together(typed, base, around, {fault.field for fault in faults})
    if faults:
        return tuple(sorted(faults, key=lambda fault: _ORDER[fault.field]))
    values: dict[str, Any] = {
        one.of_model: value_of(one, typed[one.name], around, getattr(base, one.of_model)) for one in fields
    }
    name = split_name(values.get("name", base.name))
    return replace(base, given_name=name.given, family_name=name.family, **values)


def _together(
    typed: Mapping[str, str], base: Employee, around: Around, faulty: Collection[str]
) -> Iterator[Fault]:
    """What is wrong with one field because of another, or of whose it is."""
    silent = [one for one in EMPLOYEE if one.name not in typed]
    says = {**texts_of_fields(silent, base), **typed}
    if says["name"] and "name" not in faulty and not _is_name(says["name"]):
        yield Fault("name", "name_unreadable")
    if (says["sms"] or says["vip_sms"]) and "mobile" not in faulty:
        number = to_e164(says["mobile"], around.allowed.region)
        if not is_mobile(number):
            yield Fault("mobile", "mobile_not_mobile" if number else "mobile_missing")
    if deputy := says["deputy"]:
        if deputy == base.id:
            yield Fault("deputy", "deputy_self")
        elif deputy not in around.people:
            yield Fault("deputy", "deputy_unknown")
    if says["put_through"] in {PutThrough.ALL, PutThrough.VIP} and not says["extension"]:
        yield Fault("extension", "extension_missing")


def _is_name(text: str) -> bool:
    return bool(split_name(text).family) and any(char.isalpha() for char in text)


@dataclass(frozen=True, slots=True)
class Ties:
    """Where a company still counts on an employee: names of people, and whether central notes go to them."""

    deputy_of: tuple[str, ...] = ()
    copied_by: tuple[str, ...] = ()
    central: bool = False
    vips: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.deputy_of or self.copied_by or self.central or self.vips)


def ties(customer: Customer, employee: Employee) -> Steps[Ties]:
    """What is lost or left open when this employee goes."""
    email = employee.email.casefold()
    deputy_of, copied_by = list[str](), list[str]()
    for other in customer.employees:
        yield
        if other.id == employee.id:
            continue
        if other.deputy_id == employee.id:
            deputy_of.append(other.name)
        if email and email in map(str.casefold, other.cc):
            copied_by.append(other.name)
    vips = [vip.name for vip in customer.vip_callers if vip.employee_id == employee.id]
    central = bool(email) and customer.default_email.casefold() == email
    return Ties(tuple(deputy_of), tuple(copied_by), central, tuple(vips))


def has_namesake(customer: Customer, employee: Employee) -> bool:
    """Whether agents see somebody else of the very same name whose position does not tell the two apart."""
    family, given = employee.family_name.casefold(), employee.given_name.casefold()
    position = employee.position.casefold()
    relatives = [one for one in customer.employees if one.family_name.casefold() == family]
    return any(
        one.given_name.casefold() == given and (not position or one.position.casefold() in {"", position})
        for one in relatives
        if one.id != employee.id
    )


def is_mutual(customer: Customer, employee: Employee) -> bool:
    """Two who are each other's deputies: allowed, and worth saying."""
    deputy = customer.employee(employee.deputy_id)
    return deputy is not None and deputy.deputy_id == employee.id
