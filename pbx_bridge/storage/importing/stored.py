"""What is stored of a company, by the names under which a file speaks of it; what it does not name stays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pbx_bridge.storage.importing.reading import Section
from pbx_bridge.storage.importing.values import person_key
from rules.model import BlockedCaller, Customer, Employee, FieldKind, NoteField, VipCaller

LISTS = ("public_numbers", "vip", "faq", "text_block", "note_field")
LISTS_OF_EMPLOYEES = ("cc", "vip", "appointment")
"""Keys of lists that become as in the file when it names them."""


class Stored:
    """Of a new company: nothing. A table that replaces is told nothing either."""

    def __init__(self, customer: Customer | None) -> None:
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

    def vip_info(self, pattern: str, employee: str | None, section: Section) -> str:
        """The hint of the same number, of the company or of the same employee."""
        same = (vip.info for vip in self._vips if (vip.pattern, vip.employee_id) == (pattern, employee))
        return "" if section.replaces else next(same, "")

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
