"""What is stored of a company, by the names under which a file speaks of it; what it does not name stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from pbx_bridge.importing.section import Section
from pbx_bridge.importing.values import person_key
from pbx_bridge.storage.db.field_columns import columns, row_of
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.model import Appointment, BlockedCaller, Customer, Employee, FieldKind, NoteField, VipCaller
from rules.text.working_hours import write_week

PLAIN = ("name", *columns(CUSTOMER))
"""What a company has once."""
LISTS = ("public_numbers", "vip", "faq", "text_block", "note_field")
LISTS_OF_EMPLOYEES = ("cc", "vip", "appointment")
"""Keys of lists that become as in the file when it names them."""


class Stored:
    """Of a new company: nothing. A table that replaces is told nothing either."""

    def __init__(self, customer: Customer | None) -> None:
        self._customer = customer
        employees = customer.employees if customer else ()
        names = {one.id: person_key(one.name) for one in employees}
        self._employees = {
            names[one.id]: replace(one, id=names[one.id], deputy_id=names.get(one.deputy_id or ""))
            for one in employees
        }
        self._vips = [
            replace(vip, employee_id=names.get(vip.employee_id) if vip.employee_id else None)
            for vip in (customer.vip_callers if customer else ())
        ]
        self._blocked = {one.number: one for one in (customer.blocked if customer else ())}
        self._fields = {one.key: one for one in (customer.note_fields if customer else ())}
        self.keys = frozenset(self._employees)

    def employee(self, key: str, section: Section) -> Employee | None:
        """With the deputy's key in place of an id."""
        return None if section.replaces else self._employees.get(key)

    def vip(self, pattern: str, employee: str | None, section: Section) -> VipCaller:
        """The entry of the same number, of the company or of the same employee."""
        nothing = VipCaller("", pattern, "")
        same = (vip for vip in self._vips if (vip.pattern, vip.employee_id) == (pattern, employee))
        return nothing if section.replaces else next(same, nothing)

    def blocked(self, number: str, section: Section) -> BlockedCaller:
        """Why this number is blocked."""
        nothing = BlockedCaller("", number)
        return nothing if section.replaces else self._blocked.get(number, nothing)

    def note_field(self, key: str, section: Section) -> NoteField:
        """The field with this key."""
        nothing = NoteField(key, "", FieldKind.TEXT, required=False)
        return nothing if section.replaces else self._fields.get(key, nothing)

    def other_vips(self, lists: Collection[tuple[str, str]]) -> list[VipCaller]:
        """Those that stay, as the file says nothing of their list."""
        return [vip for vip in self._vips if (vip.employee_id or "", "vip") not in lists]

    def is_already(self, customer: Customer, lists: Collection[tuple[str, str]]) -> bool:
        """Whether `customer`, as the file makes it with the `lists` that it decides about, is stored already:
        then nobody has to wait until it is written again."""
        old = self._customer
        return (
            old is not None
            and old.tariff.name == customer.tariff.name
            and old.answering == customer.answering
            and all(getattr(old, name) == getattr(customer, name) for name in PLAIN)
            and all(self._has_employee(one, lists) for one in customer.employees)
            and all(self._has_blocked(one) for one in customer.blocked)
            and all(
                self._vips_of(self._vips, key) == self._vips_of(customer.vip_callers, key)
                for key, name in lists
                if name == "vip"
            )
            and all(
                _listed(old, name) == _listed(customer, name)
                for key, name in lists
                if not key and name != "vip"
            )
        )

    def _has_employee(self, one: Employee, lists: Collection[tuple[str, str]]) -> bool:
        was = self._employees.get(one.id)
        return (
            was is not None
            and _alone(was) == _alone(one)
            and _week(was) == _week(one)
            and ((one.id, "cc") not in lists or was.cc == one.cc)
            and ((one.id, "appointment") not in lists or _own(was) == _own(one))
        )

    def _has_blocked(self, one: BlockedCaller) -> bool:
        was = self._blocked.get(one.number)
        return was is not None and (was.reason, was.remark) == (one.reason, one.remark)

    @staticmethod
    def _vips_of(vips: Collection[VipCaller], key: str) -> Counter[VipCaller]:
        return Counter(replace(vip, id="") for vip in vips if (vip.employee_id or "") == key)


def _alone(one: Employee) -> Employee:
    return replace(one, cc=(), appointments=(), hours=None)


def _week(one: Employee) -> str:
    return write_week(one.hours.week) if one.hours else ""


def _own(one: Employee) -> Counter[tuple[object, ...]]:
    return Counter(map(_span, (each for each in one.appointments if not each.imported)))


def _span(one: Appointment) -> tuple[object, ...]:
    return tuple(row_of(APPOINTMENT, one).values())


def _listed(customer: Customer, name: str) -> Collection[object]:
    """One of the company's own lists but that of VIP callers, without ids; public numbers have no order."""
    match name:
        case "public_numbers":
            return sorted(customer.public_numbers)
        case "faq":
            return [(one.question, one.answer) for one in customer.faq]
        case "text_block":
            return [(one.name, one.text) for one in customer.text_blocks]
    return customer.note_fields
