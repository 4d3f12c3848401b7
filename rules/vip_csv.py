"""VIP callers as a file: out exactly as stored; in as a plan of what would be new, changed or gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rules.csv_text import Line, Table, render
from rules.fault import Fault
from rules.model import Customer, VipCaller
from rules.names import fold
from rules.vip_entries import read

HEADERS: Mapping[str, tuple[str, str]] = {
    "pattern": ("Rufnummer", "Number"),
    "name": ("Name", "Name"),
    "info": ("Info", "Info"),
    "employee": ("Mitarbeiter", "Employee"),
    "id": ("Kennung", "ID"),
}
"""German and English; `id` is what finds an entry again whose number has changed."""

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in one line of the file."""

    line: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Plan:
    """What the file would do; with any fault nothing is done. `changed`: pairs of before and after."""

    new: tuple[VipCaller, ...] = ()
    changed: tuple[tuple[VipCaller, VipCaller], ...] = ()
    unchanged: int = 0
    missing: tuple[VipCaller, ...] = ()
    faults: tuple[LineFault, ...] = ()


def export(customer: Customer, locale: str) -> str:
    """The file, by name."""
    at = 1 if locale == "en" else 0
    names = {one.id: one.name for one in customer.employees}
    rows = [
        (vip.pattern, vip.name, vip.info, names.get(vip.employee_id or "", ""), vip.id)
        for vip in customer.vip_callers
    ]
    return render([[names[at] for names in HEADERS.values()], *rows])


def knows(header: str) -> bool:
    """Whether a header of a file means something to us."""
    return _key(header) is not None


def plan(table: Table, customer: Customer) -> Plan:
    """What the file would do. Faults: vip_csv_{header,long,twice,employee}, and those of an entry."""
    keys = [_key(cell) for cell in table.header]
    if not {"pattern", "name"} <= set(keys):
        return Plan(faults=(LineFault(1, Fault("file", "vip_csv_header")),))
    if len(table.lines) > MOST_LINES:
        return Plan(faults=(LineFault(1, Fault("file", "vip_csv_long", {"max": str(MOST_LINES)})),))
    return _Planning(customer, keys).of(table)


class _Planning:
    """Line by line; who was met already is not met again."""

    def __init__(self, customer: Customer, keys: list[str | None]) -> None:
        self._customer, self._keys = customer, keys
        self._by_id = {vip.id: vip for vip in customer.vip_callers}
        self._by_number = {(vip.pattern, vip.employee_id): vip for vip in customer.vip_callers}
        self._people: dict[str, list[str]] = {}
        for one in customer.employees:
            self._people.setdefault(fold(one.name), []).append(one.id)
        self._met: set[str] = set()
        self._numbers: set[tuple[str, str | None]] = set()
        self._faults: list[LineFault] = []

    def of(self, table: Table) -> Plan:
        new: list[VipCaller] = []
        changed: list[tuple[VipCaller, VipCaller]] = []
        unchanged = 0
        for line in table.lines:
            pair = self._read(line)
            if pair is None:
                continue
            before, after = pair
            if before is None:
                new.append(after)
            elif before == after:
                unchanged += 1
            else:
                changed.append((before, after))
        missing = tuple(vip for vip in self._customer.vip_callers if vip.id not in self._met)
        if self._faults:
            return Plan(faults=tuple(self._faults))
        return Plan(tuple(new), tuple(changed), unchanged, missing)

    def _read(self, line: Line) -> tuple[VipCaller | None, VipCaller] | None:
        """The stored entry that the line is about, if any, and the entry as the line has it."""
        cells = {"pattern": "", "name": "", "info": "", "employee": "", "id": ""}
        cells |= {key: cell for key, cell in zip(self._keys, line.cells, strict=False) if key}
        owners = self._people.get(fold(cells["employee"]), []) if cells["employee"].strip() else [""]
        if len(owners) != 1:
            self._fault(line, Fault("employee", "vip_csv_employee", {"name": cells["employee"].strip()}))
            return None
        typed = read(cells | {"employee": owners[0]}, self._customer.region, owners)
        if isinstance(typed, tuple):
            self._fault(line, *typed)
            return None
        number = (typed.pattern, typed.employee_id)
        before = self._by_id.get(cells["id"].strip()) or self._by_number.get(number)
        if number in self._numbers or (before and before.id in self._met):
            self._fault(line, Fault("pattern", "vip_csv_twice", {"number": typed.pattern}))
            return None
        self._numbers.add(number)
        if before is None:
            return None, typed
        self._met.add(before.id)
        if "info" not in self._keys:
            typed = replace(typed, info=before.info)
        return before, replace(typed, id=before.id)

    def _fault(self, line: Line, *faults: Fault) -> None:
        self._faults += [LineFault(line.number, fault) for fault in faults]


def _key(header: str) -> str | None:
    wanted = fold(header.strip())
    return next((key for key, names in HEADERS.items() if wanted in map(fold, names)), None)
