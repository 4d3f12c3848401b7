"""What a customer has forgotten: the check that everybody is asked to make before the first forwarding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.calls.blocking import public_numbers
from rules.calls.greeting import check_greeting
from rules.calls.transfer import chain
from rules.model import Customer, Employee, PutThrough
from rules.presence.availability import Presence, availability
from rules.stepwise import Steps, at_once
from rules.text.dialling import DialRules, may_dial
from rules.text.phone_numbers import is_mobile


class Severity(StrEnum):
    """`ERROR`: callers or notes will suffer; `WARNING`: probably not meant so."""

    ERROR = "error"
    WARNING = "warning"


class Gap(StrEnum):
    """What is missing or wrong; each leads to the place to mend it."""

    GREETING = "greeting"
    NO_DEFAULT_ADDRESS = "no_default_address"
    NO_EMPLOYEES = "no_employees"
    NO_EMAIL = "no_email"
    NO_EXTENSION = "no_extension"
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    COMES_BACK = "comes_back"
    SMS_WITHOUT_MOBILE = "sms_without_mobile"
    TARIFF_WITHOUT_PUT_THROUGH = "tariff_without_put_through"
    DEPUTY_GONE = "deputy_gone"
    DEPUTY_TAKES_NO_CALLS = "deputy_takes_no_calls"
    NOBODY_REACHABLE = "nobody_reachable"
    BOTH_AWAY = "both_away"
    VIP_ONLY_WITHOUT_VIPS = "vip_only_without_vips"
    DATE_GONE_BY = "date_gone_by"


@dataclass(frozen=True, slots=True)
class Finding:
    """`field` names the form field to mend; `employee_id` None: the company's page."""

    severity: Severity
    code: Gap
    field: str
    employee_id: str | None = None
    params: Mapping[str, str] = attribute(default_factory=dict, hash=False)


IsLine = Callable[[str], object]
"""Whether an E.164 number is a line of ours."""


def no_line(_number: str) -> None:
    """Where nobody knows our lines."""


def check(
    customer: Customer, now: datetime, dial_rules: DialRules, line: IsLine = no_line
) -> tuple[Finding, ...]:
    """Everything that is missing at `now` (aware), errors first, else in the order of the pages."""
    return at_once(checking(customer, now, dial_rules, line))


def checking(
    customer: Customer, now: datetime, dial_rules: DialRules, line: IsLine = no_line
) -> Steps[tuple[Finding, ...]]:
    """The same for any number of employees."""
    public = frozenset(public_numbers(customer))
    found = [*_company(customer, now)]
    owners = frozenset(vip.employee_id for vip in customer.vip_callers)
    for employee in customer.employees:
        found += [
            *_addresses(customer, employee),
            *_wish(customer, employee, owners, dial_rules),
            *_comes_back(employee, public, line),
            *_absence(customer, employee, now),
        ]
        yield
    return tuple(sorted(found, key=lambda finding: finding.severity is Severity.WARNING))


def _company(customer: Customer, now: datetime) -> Iterator[Finding]:
    greeting = check_greeting(customer.greeting)
    if not greeting:
        yield Finding(
            Severity.ERROR, Gap.GREETING, "greeting", None, {"fault": greeting.code, **greeting.params}
        )
    if not customer.default_email:
        yield Finding(Severity.ERROR, Gap.NO_DEFAULT_ADDRESS, "default_email")
    if not customer.employees:
        yield Finding(Severity.WARNING, Gap.NO_EMPLOYEES, "employees")
    if gone := date_gone_by(customer.instruction, now.astimezone(ZoneInfo(customer.zone)).date()):
        yield Finding(Severity.WARNING, Gap.DATE_GONE_BY, "instruction", None, {"date": gone})


def _addresses(customer: Customer, employee: Employee) -> Iterator[Finding]:
    if not (employee.email or employee.cc):
        lost = not customer.default_email
        yield Finding(Severity.ERROR if lost else Severity.WARNING, Gap.NO_EMAIL, "email", employee.id)
    if (employee.sms or employee.vip_sms) and not is_mobile(employee.mobile):
        yield Finding(Severity.ERROR, Gap.SMS_WITHOUT_MOBILE, "mobile", employee.id)


def _wish(
    customer: Customer, employee: Employee, owners: AbstractSet[str | None], dial_rules: DialRules
) -> Iterator[Finding]:
    """What stands in the way of the put-through that the employee wishes. `owners`: who knows any VIP."""
    if employee.deputy_id and not customer.employee(employee.deputy_id):
        yield Finding(Severity.WARNING, Gap.DEPUTY_GONE, "deputy", employee.id)
    if employee.put_through is PutThrough.NONE:
        return
    if not customer.tariff.put_through:
        yield Finding(Severity.WARNING, Gap.TARIFF_WITHOUT_PUT_THROUGH, "put_through", employee.id)
        return
    dialled = may_dial(employee.extension, dial_rules)
    if not employee.extension:
        yield Finding(Severity.ERROR, Gap.NO_EXTENSION, "extension", employee.id)
    elif not dialled:
        yield Finding(
            Severity.ERROR, Gap.NUMBER_NOT_ALLOWED, "extension", employee.id, {"reason": dialled.code}
        )
    if employee.put_through is PutThrough.VIP and not {None, employee.id} & owners:
        yield Finding(Severity.WARNING, Gap.VIP_ONLY_WITHOUT_VIPS, "put_through", employee.id)
    deputy = customer.employee(employee.deputy_id)
    if employee.deputy_id and not any(
        _can_be_rung(person, dial_rules) for person in chain(customer, employee)
    ):
        yield Finding(Severity.ERROR, Gap.NOBODY_REACHABLE, "deputy", employee.id)
    elif deputy and not _can_be_rung(deputy, dial_rules):
        said = {"deputy": deputy.name}
        yield Finding(Severity.WARNING, Gap.DEPUTY_TAKES_NO_CALLS, "deputy", employee.id, said)


def _comes_back(employee: Employee, public: AbstractSet[str], line: IsLine) -> Iterator[Finding]:
    """Whoever is put through there comes to us again: the number is ours, or one that is forwarded to us."""
    if employee.put_through is PutThrough.NONE or not employee.extension:
        return
    if line(employee.extension):
        yield Finding(Severity.ERROR, Gap.COMES_BACK, "extension", employee.id, {"reason": "line"})
    elif employee.extension in public:
        yield Finding(Severity.WARNING, Gap.COMES_BACK, "extension", employee.id, {"reason": "public"})


def _can_be_rung(employee: Employee, dial_rules: DialRules) -> bool:
    return employee.put_through is not PutThrough.NONE and bool(may_dial(employee.extension, dial_rules))


def _called_away(employee: Employee, zone: str, now: datetime) -> bool:
    """Nobody to be rung, for another reason than that the working day is over."""
    present = availability(employee, zone, now)
    return not present.reachable and not present.by_hours


def _absence(customer: Customer, employee: Employee, now: datetime) -> Iterator[Finding]:
    current = availability(employee, customer.zone, now)
    deputy = customer.employee(employee.deputy_id)
    if deputy and all(_called_away(one, customer.zone, now) for one in (employee, deputy)):
        yield Finding(Severity.WARNING, Gap.BOTH_AWAY, "deputy", employee.id, {"deputy": deputy.name})
    today = now.astimezone(ZoneInfo(customer.zone)).date()
    if (current.kind is Presence.INFO or current.by_hours) and (gone := date_gone_by(current.text, today)):
        yield Finding(Severity.WARNING, Gap.DATE_GONE_BY, "absence_info", employee.id, {"date": gone})


_MONTHS = ("jan", "feb", "mär|mar", "apr", "mai|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dez|dec")
_MONTH = "|".join(f"(?:{month})" for month in _MONTHS)
_DAY = rf"(\d{{1,2}})\.\s?(?:(\d{{1,2}})\.|((?:{_MONTH})\w*)\.?)\s?(\d{{4}}|\d{{2}}\b)?"
_UNTIL = re.compile(
    rf"(?:\b(?:bis|until|till)\s+(?:einschließlich\s+|einschl\.\s+)?(?:zum\s+)?(?:\w{{2,10}}\.?,?\s+)?"
    rf"|\b\d{{1,2}}\.(?:\s?\d{{1,2}}\.(?:\d{{4}}|\d{{2}})?)?\s?[-–—]\s?){_DAY}",
    re.IGNORECASE,
)


def date_gone_by(text: str, today: date) -> str:
    """The "bis 18.10." in a text that should no longer be told on the 20th; "" while all of them are to come.

    Without a year the date is the nearest one: of last summer in November, of next January in December.
    """
    for match in _UNTIL.finditer(text):
        day, number, name, year = match.groups()
        month = number or str(_month(name))
        years = (
            [int(year) + (2000 if len(year) == 2 else 0)] if year else [today.year + n for n in (-1, 0, 1)]
        )
        dates = [date(y, int(month), int(day)) for y in years if _is_day(y, int(month), int(day))]
        if dates and min(dates, key=lambda d: abs(d - today)) < today:
            return match[0].strip()
    return ""


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if re.match(month, name, re.IGNORECASE))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
