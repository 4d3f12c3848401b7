"""A company's employees as a file: out as stored; in as a plan of what would be new, changed or gone."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

from rules.customers.employee import all_texts_of, read_employee
from rules.fault import Fault
from rules.fields.declaration import Field, Kind
from rules.fields.employee import EMPLOYEE
from rules.fields.values import text_of
from rules.files import csv_cells
from rules.files.csv_columns import FileLanguage, left_out, whole_names
from rules.files.csv_plan import Changed, ImportPlan, LineFault, Reading, broken, ignored, overflows
from rules.files.csv_text import CsvLine, Table, rendered
from rules.files.employee_columns import COLUMNS, HEADERS
from rules.model import Customer, Employee
from rules.notes.note_fields import read_yes_no
from rules.stepwise import Steps
from rules.text.dialling import DialRules
from rules.text.names import split_name
from rules.text.working_hours import DAYS, ENGLISH_DAYS

MOST_LINES = 20_000
_YES_NO = {FileLanguage.DE: ("nein", "ja"), FileLanguage.EN: ("no", "yes")}
_DAYS = {FileLanguage.DE: DAYS, FileLanguage.EN: ENGLISH_DAYS}
_DECLARED = {one.name: one for one in EMPLOYEE}


@dataclass(slots=True)
class _Row:
    """A line of the file, and the person it is about: stored, or new."""

    line: int
    cells: dict[str, str]
    person: Employee
    is_new: bool
    faults: list[Fault] = field(default_factory=list)


def export(employees: Sequence[Employee], language: FileLanguage) -> Iterator[str]:
    """The file in small pieces, in the order the employees are given."""
    shown = _Shown(language)
    yield from ("" for _ in shown.meet(employees))
    yield from rendered(_rows(employees, shown, language.at))


def _rows(employees: Iterable[Employee], shown: _Shown, at: int) -> Iterator[list[str]]:
    yield [names[at] for names in HEADERS.values()]
    for person in employees:
        cells = shown.cells(person)
        yield [cells[name] for name in HEADERS]


class _Shown:
    """How people of this list look in a file of this language."""

    def __init__(
        self, language: FileLanguage, find: Callable[[str], Employee | None] = lambda _: None
    ) -> None:
        self._language, self._find = language, find
        self._names: dict[str, str] = {}

    def meet(self, people: Sequence[Employee]) -> Steps[None]:
        """All whom a file may name."""
        names = defaultdict[str, list[str]](list)
        for person in people:
            names[_who(person.name)].append(person.id)
            yield
        for person in people:
            self._names[person.id] = person.name if len(names[_who(person.name)]) == 1 else person.id
            yield

    def name(self, names: Mapping[str, str]) -> None:
        """By id, as they are called, also if others are called so too."""
        self._names.update(names)

    def _name(self, person_id: str) -> str:
        known = None if person_id in self._names else self._find(person_id)
        return known.name if known else self._names.get(person_id, "")

    def cells(self, person: Employee) -> dict[str, str]:
        cells = {one.name: self._cell(one, getattr(person, one.of_model)) for one in EMPLOYEE if one.headers}
        return cells | {"id": person.id}

    def _cell(self, one: Field, value: Any) -> str:
        match one.kind:
            case Kind.TICK:
                return _YES_NO[self._language][value]
            case Kind.CHOICE:
                return one.words[value][self._language.at]
            case Kind.PERSON:
                return self._name(value) if value else ""
        return text_of(one, value, _DAYS[self._language])


def shown_as(
    customer: Customer, more: Iterable[Employee], language: FileLanguage
) -> Callable[[Employee], Mapping[str, str]]:
    """How to say each field of somebody in words; deputies are of the company, or among `more`."""
    shown = _Shown(language, customer.employee)
    shown.name({one.id: one.name for one in more})
    return shown.cells


@lru_cache(maxsize=65_536)
def _who(name: str) -> str:
    """The same for "Erika Beispiel" and "Beispiel, Erika", also where ä is two signs, as on a Mac."""
    return " ".join(_composed(split_name(name).spoken).casefold().split())


def plan(
    table: Table, customer: Customer, allowed: DialRules, new_id: Callable[[], str]
) -> Reading[Employee]:
    """What the file would do; `steps` tells how many steps it takes."""
    matched = COLUMNS.match(table.header)
    unknown = ignored(table, matched)
    if wrong := _wrong_table(table, matched):
        return ImportPlan(faults=(LineFault(1, wrong),), ignored=unknown)
    unknown += left_out(table, matched)
    table, columns = whole_names(table, matched)
    rows = yield from _match(table.lines, columns, customer, new_id)
    staff: dict[str, Employee] = {}
    for person in chain(customer.employees, (row.person for row in rows)):
        staff[person.id] = person
        yield 0
    names, ids = (yield from _names(rows, staff)), staff.keys()
    both = [_Shown(language) for language in FileLanguage]
    for shown in both:
        for _ in shown.meet(customer.employees):
            yield 0
    new, changed, faults, unchanged = list[Employee](), list[Changed[Employee]](), list[LineFault](), 0
    met: set[str] = set()
    rows.reverse()
    while rows:
        yield 1
        row = rows.pop()
        met.add(row.person.id)
        result = _read(row, both, names, ids, allowed)
        if not isinstance(result, Employee):
            faults += [LineFault(row.line, fault) for fault in result]
        elif row.is_new:
            new.append(result)
        elif result == row.person:
            unchanged += 1
        else:
            changed.append(Changed(row.line, row.person, result, _differing(row.person, result)))
    return ImportPlan(
        new=tuple(new),
        changed=tuple(changed),
        unchanged=unchanged,
        missing=tuple(person for person in customer.employees if person.id not in met),
        faults=tuple(faults),
        ignored=unknown,
    )


def steps(table: Table, customer: Customer) -> int:
    """How often `plan` yields for a table that is read to its end."""
    return len(customer.employees) + 2 * len(table.lines)


def _wrong_table(table: Table, columns: Sequence[str]) -> Fault | None:
    return Fault("", "csv_no_name_column") if COLUMNS.lacking(columns) else broken(table, columns, MOST_LINES)


def _match(
    lines: Iterable[CsvLine], columns: Sequence[str], customer: Customer, new_id: Callable[[], str]
) -> Generator[int, None, list[_Row]]:
    """Find out whom each line is about: by id, else by name, else somebody new."""
    by_id = {person.id: person for person in customer.employees}
    by_name = defaultdict[str, list[Employee]](list)
    for person in customer.employees:
        yield 1
        by_name[_who(person.name)].append(person)
    met: dict[str, int] = {}
    rows: list[_Row] = []
    for line in lines:
        yield 1
        cells = {name: cell for name, cell in zip(columns, line.cells, strict=False) if name}
        same = by_name[_who(cells.get("name", ""))]
        known = by_id.get(cells.get("id", "").strip()) or (same[0] if len(same) == 1 else None)
        person = known or Employee(new_id(), cells.get("name", "").strip(), "", "")
        row = _Row(line.number, cells, person, known is None)
        if known is None and len(same) > 1:
            row.faults.append(Fault("name", "csv_ambiguous", {"name": person.name}))
        if overflows(line, columns):
            row.faults.append(Fault("", "csv_too_many_cells"))
        if person.id in met:
            row.faults.append(Fault("name", "csv_twice", {"name": person.name, "other": str(met[person.id])}))
        met.setdefault(person.id, line.number)
        rows.append(row)
    return rows


def _names(
    rows: Iterable[_Row], staff: Mapping[str, Employee]
) -> Generator[int, None, Mapping[str, list[str]]]:
    """Who can be meant by a name in the column of deputies: everybody as they are called afterwards."""
    called: dict[str, str] = {}
    for row in rows:
        yield 0
        called[row.person.id] = row.cells.get("name", "").strip()
    names = defaultdict[str, list[str]](list)
    for person in staff.values():
        yield 0
        names[_who(called.get(person.id) or person.name)].append(person.id)
    return names


def _read(
    row: _Row,
    both: Sequence[_Shown],
    names: Mapping[str, list[str]],
    staff: Set[str],
    allowed: DialRules,
) -> Employee | list[Fault]:
    """The person as the line has them. What looks as we would write it is what is stored, right or wrong."""
    stored = all_texts_of(row.person)
    looks = [] if row.is_new else [shown.cells(row.person) for shown in both]
    typed, faults = dict(stored), list(row.faults)
    for name, cell in row.cells.items():
        if name == "id" or any(csv_cells.same(cell, look[name]) for look in looks):
            continue
        text = _meaning(_DECLARED[name], cell, names, staff)
        if isinstance(text, Fault):
            faults.append(text)
        else:
            typed[name] = text
    if faults or (typed == stored and not row.is_new):
        return faults or row.person
    result = read_employee(typed, row.person, staff, allowed)
    return result if isinstance(result, Employee) else list(result)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _meaning(one: Field, cell: str, names: Mapping[str, list[str]], staff: Set[str]) -> str | Fault:
    """A cell as the form would send it."""
    name, kind = one.name, one.kind
    text = csv_cells.number(cell) if kind in {Kind.MOBILE, Kind.EXTENSION} else cell.strip()
    if wrong := csv_cells.fault(name, text):
        return wrong
    if kind is Kind.TICK:
        ticked = read_yes_no(text) if text else False
        return Fault(name, "csv_yes_no", {"found": text}) if ticked is None else "yes" if ticked else ""
    if kind is Kind.CHOICE:
        return _choice(one, text.casefold()) or Fault(name, f"csv_{name}", {"found": text})
    if kind is Kind.PERSON and text:
        meant = names.get(_who(text), [text] if text in staff else [])
        ambiguous = f"csv_{name}_ambiguous" if meant else f"csv_{name}_unknown"
        return meant[0] if len(meant) == 1 else Fault(name, ambiguous, {"found": text})
    return text


def _choice(one: Field, text: str) -> str:
    """What is chosen by a word of either language, or by another that means it; nothing: the default."""
    ours = {word.casefold(): value for value, words in one.words.items() for word in words}
    return {"": one.default, **one.meant, **ours}.get(text, "")


def _differing(before: Employee, after: Employee) -> tuple[str, ...]:
    old, new = all_texts_of(before), all_texts_of(after)
    return tuple(name for name in HEADERS if old.get(name) != new.get(name))
