"""What a customer may say about an employee: typed texts to an employee, or all that is wrong with them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from rules.dialling import DialRules, may_dial, to_dial
from rules.email import bare_email, is_email, split_emails
from rules.fault import Fault
from rules.model import Customer, Employee, PutThrough
from rules.names import split_name
from rules.phone_numbers import digits_off, digits_too_many, is_mobile, is_two, to_e164
from rules.steps import Steps
from rules.working_hours import WorkingHours, read_week, write_week

FIELDS = (
    "name", "position", "responsibility", "email", "cc", "sms", "mobile", "deputy",
    "hours", "extension", "put_through", "vip_sms", "ring_seconds",
)  # fmt: skip
ONLY_WITH_PUT_THROUGH = ("extension", "put_through", "vip_sms", "ring_seconds")
"""What a tariff without put-through does not include."""

LONGEST = {"name": 120, "position": 120, "responsibility": 200}
MOST_CCS = 20
SHORTEST_RING, LONGEST_RING = 5, 60
_LONGEST_NUMBER = 10
"""Digits: Python refuses to read a number of five thousand."""


def texts_of(employee: Employee) -> dict[str, str]:
    """An employee as a form shows it, in the order of `FIELDS`; what is ticked is "yes"."""
    return {
        "name": employee.name,
        "position": employee.position,
        "responsibility": employee.responsibility,
        "email": employee.email,
        "cc": ", ".join(employee.cc),
        "sms": "yes" if employee.sms else "",
        "mobile": employee.mobile,
        "deputy": employee.deputy_id or "",
        "hours": write_week(employee.hours.week if employee.hours else None),
        "extension": employee.extension,
        "put_through": employee.put_through.value,
        "vip_sms": "yes" if employee.vip_sms else "",
        "ring_seconds": "" if employee.ring_seconds is None else str(employee.ring_seconds),
    }


def read_employee(
    texts: Mapping[str, str],
    base: Employee,
    colleagues: Collection[str],
    allowed: DialRules,
) -> Employee | tuple[Fault, ...]:
    """`base` with what `texts` say, or all faults, in the order of the form.

    `colleagues`: ids that can be deputies; `allowed.region` reads national numbers.
    """
    typed = {name: texts.get(name, "").strip() for name in FIELDS}
    typed["email"] = bare_email(typed["email"])
    week = read_week(typed["hours"])
    faults = (
        *_names(typed),
        *_addresses(typed),
        *_mobile(typed, allowed.region),
        *_deputy(typed["deputy"], base.id, colleagues),
        *((week,) if isinstance(week, Fault) else ()),
        *_extension(typed, allowed),
        *_ringing(typed["ring_seconds"]),
    )
    if faults or isinstance(week, Fault):
        return tuple(sorted(faults, key=lambda fault: FIELDS.index(fault.field)))
    name = split_name(typed["name"])
    return replace(
        base,
        name=typed["name"],
        given_name=name.given,
        family_name=name.family,
        position=typed["position"],
        responsibility=typed["responsibility"],
        email=typed["email"],
        cc=split_emails(typed["cc"]),
        sms=bool(typed["sms"]),
        mobile=to_e164(typed["mobile"], allowed.region),
        deputy_id=typed["deputy"] or None,
        hours=WorkingHours(week, base.hours.state if base.hours else "") if week else None,
        extension=to_dial(typed["extension"], allowed),
        put_through=PutThrough(typed["put_through"] or PutThrough.NONE),
        vip_sms=bool(typed["vip_sms"]),
        ring_seconds=int(typed["ring_seconds"]) if typed["ring_seconds"] else None,
    )


def _names(typed: Mapping[str, str]) -> Iterator[Fault]:
    if not typed["name"]:
        yield Fault("name", "name_missing")
    elif len(typed["name"]) <= LONGEST["name"] and not _is_name(typed["name"]):
        yield Fault("name", "name_unreadable")
    for field, most in LONGEST.items():
        if any(unicodedata.category(char) == "Cc" for char in typed[field][:most]):
            yield Fault(field, "one_line")
        if len(typed[field]) > most:
            yield Fault(field, "too_long", {"max": str(most), "length": str(len(typed[field]))})


def _is_name(text: str) -> bool:
    return bool(split_name(text).family) and any(char.isalpha() for char in text)


def _addresses(typed: Mapping[str, str]) -> Iterator[Fault]:
    if typed["email"] and not is_email(typed["email"]):
        yield Fault("email", "email")
    ccs = split_emails(typed["cc"])
    for wrong in (one for one in ccs[: MOST_CCS + 1] if not is_email(one)):
        yield Fault("cc", "cc", {"found": wrong})
    if len(ccs) > MOST_CCS:
        yield Fault("cc", "cc_too_many", {"max": str(MOST_CCS)})


def _mobile(typed: Mapping[str, str], region: str) -> Iterator[Fault]:
    number = to_e164(typed["mobile"], region)
    wanted = typed["sms"] or typed["vip_sms"]
    if typed["mobile"] and not number:
        yield _unreadable(typed["mobile"], region)
    elif off := digits_off(number):
        yield Fault("mobile", "mobile_too_long" if off > 0 else "mobile_too_short", {"n": str(abs(off))})
    elif wanted and not number:
        yield Fault("mobile", "mobile_missing")
    elif wanted and not is_mobile(number):
        yield Fault("mobile", "mobile_not_mobile")


def _unreadable(typed: str, region: str) -> Fault:
    if is_two(typed):
        return Fault("mobile", "mobile_two")
    many = digits_too_many(typed, region)
    return (
        Fault("mobile", "mobile_too_long", {"n": str(many)}) if many else Fault("mobile", "mobile_unreadable")
    )


def _deputy(deputy: str, own_id: str, colleagues: Collection[str]) -> Iterator[Fault]:
    if deputy and deputy == own_id:
        yield Fault("deputy", "deputy_self")
    elif deputy and deputy not in colleagues:
        yield Fault("deputy", "deputy_unknown")


def _extension(typed: Mapping[str, str], allowed: DialRules) -> Iterator[Fault]:
    if typed["put_through"] not in {"", *PutThrough}:
        yield Fault("put_through", "put_through_unknown")
    if typed["extension"]:
        verdict = may_dial(typed["extension"], allowed)
        if not verdict:
            yield Fault("extension", f"extension_{verdict.code}")
        elif not to_dial(typed["extension"], allowed):
            yield Fault("extension", "extension_unreadable")
    elif typed["put_through"] in {PutThrough.ALL, PutThrough.VIP}:
        yield Fault("extension", "extension_missing")


def _ringing(seconds: str) -> Iterator[Fault]:
    number = int(seconds) if seconds.isdecimal() and len(seconds) < _LONGEST_NUMBER else 0
    if seconds and not SHORTEST_RING <= number <= LONGEST_RING:
        yield Fault("ring_seconds", "ring_seconds", {"min": str(SHORTEST_RING), "max": str(LONGEST_RING)})


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
