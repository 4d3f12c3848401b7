"""VIP callers as a file: out exactly as stored; in as a plan of what would be new, changed or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from rules.customers.vip_entries import read
from rules.fault import Fault
from rules.fields.declaration import Kind, headers
from rules.fields.values import texts_of
from rules.fields.vip_caller import VIP_CALLER
from rules.files import csv_cells
from rules.files.csv_columns import Columns, FileLanguage, left_out, whole_names
from rules.files.csv_plan import Changed, ImportPlan, LineFault, Reading, broken, ignored, overflows
from rules.files.csv_text import CsvLine, Table, rendered
from rules.model import Customer, VipCaller
from rules.stepwise import Steps
from rules.text.names import fold, person_key

HEADERS = headers(VIP_CALLER)
MOST_LINES = 10_000
_KEPT = tuple(one for one in VIP_CALLER if not one.missing and one.kind is not Kind.PERSON)
"""What a file without their column leaves as it is."""
_KEPT_TEXTS = tuple(one.of_model for one in VIP_CALLER if one.kind is Kind.TEXT)
"""What differs only where nobody sees it stays as it is."""


def export(customer: Customer, language: FileLanguage) -> Iterator[str]:
    """The file in small pieces, by name."""
    return rendered(_rows(customer, language.at))


def _rows(customer: Customer, at: int) -> Iterator[Sequence[str]]:
    yield [names[at] for names in HEADERS.values()]
    for vip in customer.vip_callers:
        owner = customer.employee(vip.employee_id)
        yield tuple(_cells(vip, owner.name if owner else "").values())


def _cells(vip: VipCaller, owner: str) -> dict[str, str]:
    return texts_of(VIP_CALLER, vip) | {"employee": owner, "id": vip.id}


COLUMNS = Columns(
    HEADERS,
    {one.name: one.others for one in VIP_CALLER},
    tuple(one.name for one in VIP_CALLER if one.missing),
)


def column_of(header: str) -> str:
    """The field that a header means in either language; "" for none."""
    return COLUMNS.of(header)


def shown_as(customer: Customer) -> Callable[[VipCaller], Mapping[str, str]]:
    """How to say each field of an entry in words."""
    names = {one.id: one.name for one in customer.employees}

    def cells(vip: VipCaller) -> Mapping[str, str]:
        return _cells(vip, names.get(vip.employee_id or "", ""))

    return cells


def plan(table: Table, customer: Customer, new_id: Callable[[], str]) -> Reading[VipCaller]:
    """What the file would do; `steps` tells how many steps it takes.

    Faults: vip_csv_{header,twice,employee}, those of any file and those of an entry.
    """
    matched = COLUMNS.match(table.header)
    unknown = ignored(table, matched)
    if wrong := _wrong_table(table, matched):
        return ImportPlan(faults=(LineFault(1, wrong),), ignored=unknown)
    unknown += left_out(table, matched)
    table, columns = whole_names(table, matched)
    planning = _Planning(customer, columns, new_id)
    for _ in planning.look_around():
        yield 0
    for line in table.lines:
        yield 1
        planning.read(line)
    return planning.plan(unknown)


def steps(table: Table, _customer: Customer) -> int:
    """How often `plan` yields for a table that is read to its end."""
    return len(table.lines)


def _wrong_table(table: Table, columns: Sequence[str]) -> Fault | None:
    if COLUMNS.lacking(columns):
        return Fault("", "vip_csv_header")
    return broken(table, columns, MOST_LINES)


class _Planning:
    """Line by line; who was met already is not met again."""

    def __init__(self, customer: Customer, columns: Sequence[str], new_id: Callable[[], str]) -> None:
        self._customer, self._columns, self._new_id = customer, columns, new_id
        self._by_id: dict[str, VipCaller] = {}
        self._by_number: dict[tuple[str, str | None], VipCaller] = {}
        self._people: dict[str, list[str]] = {}
        self._alike: dict[str, list[str]] = {}
        self._met: set[str] = set()
        self._numbers: set[tuple[str, str | None]] = set()
        self._new: list[VipCaller] = []
        self._changed: list[Changed[VipCaller]] = []
        self._faults: list[LineFault] = []
        self._unchanged = 0

    def look_around(self) -> Steps[None]:
        """Before the first line: what the company has, and whom it may be about."""
        for vip in self._customer.vip_callers:
            self._by_id[vip.id] = self._by_number[vip.pattern, vip.employee_id] = vip
            yield
        for one in self._customer.employees:
            self._people.setdefault(person_key(one.name), []).append(one.id)
            self._alike.setdefault(fold(person_key(one.name)), []).append(one.id)
            yield

    def plan(self, ignored: tuple[str, ...]) -> ImportPlan[VipCaller]:
        """After the last line."""
        if self._faults:
            return ImportPlan(faults=tuple(self._faults), ignored=ignored)
        missing = tuple(vip for vip in self._customer.vip_callers if vip.id not in self._met)
        return ImportPlan(tuple(self._new), tuple(self._changed), self._unchanged, missing, ignored=ignored)

    def read(self, line: CsvLine) -> None:
        """Find the stored entry that the line is about, if any."""
        cells = dict.fromkeys(HEADERS, "")
        cells |= {key: cell for key, cell in zip(self._columns, line.cells, strict=False) if key}
        cells["pattern"] = csv_cells.number(cells["pattern"])
        if wrong := next((one for key in HEADERS if (one := csv_cells.fault(key, cells[key]))), None):
            return self._fault(line, wrong)
        owners = self._owners(cells["employee"])
        if overflows(line, self._columns):
            return self._fault(line, Fault("", "csv_too_many_cells"))
        if len(owners) != 1:
            return self._fault(
                line, Fault("employee", "vip_csv_employee", {"name": cells["employee"].strip()})
            )
        typed = read(cells | {"employee": owners[0]}, self._customer.region, owners)
        if isinstance(typed, tuple):
            return self._fault(line, *typed)
        number = (typed.pattern, typed.employee_id)
        before = self._by_id.get(cells["id"].strip()) or self._by_number.get(number)
        if number in self._numbers or (before and before.id in self._met):
            return self._fault(line, Fault("pattern", "vip_csv_twice", {"number": typed.pattern}))
        self._numbers.add(number)
        return self._compare(line, before, typed)

    def _owners(self, name: str) -> list[str]:
        """Whom the cell means, in either order of the name; spelt exactly before spelt alike."""
        if not name.strip():
            return [""]
        key = person_key(name)
        return self._people.get(key) or self._alike.get(fold(key), [])

    def _compare(self, line: CsvLine, before: VipCaller | None, typed: VipCaller) -> None:
        if before is None:
            self._new.append(replace(typed, id=self._new_id()))
            return
        self._met.add(before.id)
        kept = {one.of_model: getattr(before, one.of_model) for one in _KEPT if one.name not in self._columns}
        for one in _KEPT_TEXTS:
            if csv_cells.same(getattr(typed, one), getattr(before, one)):
                kept[one] = getattr(before, one)
        after = replace(typed, id=before.id, **kept)
        if after == before:
            self._unchanged += 1
        else:
            self._changed.append(Changed(line.number, before, after, _differing(before, after)))

    def _fault(self, line: CsvLine, *faults: Fault) -> None:
        self._faults += [LineFault(line.number, fault) for fault in faults]


def _differing(before: VipCaller, after: VipCaller) -> tuple[str, ...]:
    old, new = texts_of(VIP_CALLER, before), texts_of(VIP_CALLER, after)
    return tuple(name for name in old if old[name] != new[name])
