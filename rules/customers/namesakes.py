"""Two employees with the same name: what tells them apart, where only names are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from rules.model import Employee
from rules.stepwise import Steps
from rules.text.names import fold


def alike(employees: Iterable[Employee]) -> Mapping[str, Sequence[Employee]]:
    """By id, for a few: all who are called as this one is, who is among them."""
    by_name: dict[str, list[Employee]] = {}
    for one in employees:
        by_name.setdefault(called(one), []).append(one)
    return {one.id: same for same in by_name.values() for one in same}


def called(employee: Employee) -> str:
    """The name without titles, however it is written."""
    return f"{employee.given_name} {employee.family_name}".casefold()


def shared_families(employees: Iterable[Employee]) -> Steps[frozenset[str]]:
    """Family names, in small letters, that several have."""
    known, found = set[str](), set[str]()
    for one in employees:
        family = one.family_name.casefold()
        (found if family in known else known).add(family)
        yield
    return frozenset(found)


def brief(employee: Employee, shared: Collection[str], same: Iterable[Employee]) -> str:
    """As short as it can be where everybody knows each other: the family name, with the given name where
    several have it, and with what tells namesakes apart."""
    family = employee.family_name or employee.name
    if family.casefold() not in shared:
        return family
    name = " ".join(filter(None, (employee.given_name, employee.family_name)))
    return " · ".join(filter(None, (name, hint(employee, same, extension=True))))


def hint(employee: Employee, same: Iterable[Employee], *, extension: bool = False) -> str:
    """What tells this one from all others of the name: position or responsibility, in the portal the
    extension as well; all that is known where no one of them does it alone; "" for whoever has the name
    alone. Agents never see an extension."""
    others = [one for one in same if one.id != employee.id]
    if not others:
        return ""
    known = _known(employee, extension=extension)
    theirs = [_known(one, extension=extension) for one in others]
    for place, what in enumerate(known):
        if what and all(fold(what) != fold(one[place]) for one in theirs):
            return what
    return " · ".join(filter(None, known))


def _known(employee: Employee, *, extension: bool) -> tuple[str, ...]:
    seen = (employee.position.strip(), employee.responsibility.strip())
    return (*seen, employee.extension) if extension else seen
