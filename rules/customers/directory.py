"""A company's employees in order and ready to be searched, however many."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from operator import attrgetter
from typing import Any, TypeVar

from rules.customers.namesakes import called
from rules.model import Employee, FaqEntry
from rules.stepwise import Steps, at_once
from rules.text.names import fold, searched, sort_key, split_name

FEW = 100
"""So many employees are put in order on the spot, in a few milliseconds."""
MOST_WORDS = 8
"""Of a search: each is looked for in everybody."""
MOST_NAMESAKES = 50
LONGEST_QUERY = 200
"""Letters of a search that are looked at."""
_RUN = 500

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ListedEmployee:
    """One of them. `family`, `given`: where they stand; `words`, `info`: what a search looks into."""

    employee: Employee
    family: str
    given: str
    words: str
    info: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Directory:
    """Everybody, in both orders."""

    by_family: tuple[ListedEmployee, ...] = ()
    by_given: tuple[ListedEmployee, ...] = ()
    entries: Mapping[str, ListedEmployee] = field(default_factory=dict)

    def find(self, query: str, *, given: bool = False, info: bool = False) -> list[Employee]:
        """Those of whom each word of the query begins a word of name, position or responsibility; with `info`
        of the absence info too. An empty query finds all; twenty thousand take some milliseconds."""
        listed: Sequence[ListedEmployee] = self.by_given if given else self.by_family
        for part in parts_of(query):
            if info:
                listed = [one for one in listed if part in one.words or part in one.info]
            else:
                listed = [one for one in listed if part in one.words]
        return [one.employee for one in listed]

    def ranked(self, query: str, most: int) -> list[Employee]:
        """Up to `most` who fit, the likeliest first: by the beginning of names, of other words, then by what
        is inside of words."""
        return self.search(query, most)[0]

    def search(self, query: str, most: int) -> tuple[list[Employee], int]:
        """The same, and of how many `find` tells."""
        parts = parts_of(query)
        begun: Sequence[ListedEmployee] = self.by_family
        for part in parts:
            begun = [one for one in begun if part in one.words]
        names = (one for one in begun if all(part in one.words.partition("\n")[0] for part in parts))
        found = dict.fromkeys(one.employee.id for one in islice(names, most))
        found |= dict.fromkeys(one.employee.id for one in begun[:most])
        if len(found) < most:
            inside: Sequence[ListedEmployee] = self.by_family
            for part in parts:
                inside = [one for one in inside if part[1:] in one.words]
            found |= dict.fromkeys(one.employee.id for one in inside[:most])
        return [self.entries[one].employee for one in islice(found, most)], len(begun)

    def namesakes(self, employee: Employee) -> list[Employee]:
        """All who are called as this one is, who is among them."""
        listed = self.entries.get(employee.id)
        if listed is None:
            return [employee]
        start = listed.family[: -len(employee.id)]
        at = bisect_left(self.by_family, start, key=attrgetter("family"))
        near = takewhile(
            lambda one: one.family.startswith(start), islice(self.by_family, at, at + MOST_NAMESAKES)
        )
        return [one.employee for one in near if called(one.employee) == called(employee)]


def directory(employees: Sequence[Employee]) -> Directory:
    """Of a few."""
    return at_once(compiled(employees))


def compiled(employees: Sequence[Employee], before: Directory | None = None) -> Steps[Directory]:
    """Of any number. `before`: an older one, of which most still holds."""
    known = before.entries if before else {}
    entries: dict[str, ListedEmployee] = {}
    for employee in employees:
        entries[employee.id] = _listed(employee, known.get(employee.id))
        yield
    if before and (yield from _same_order(entries, known)):
        family = yield from _anew(before.by_family, entries)
        given = yield from _anew(before.by_given, entries)
        return Directory(family, given, entries)
    family = yield from _ordered(entries.values(), "family")
    given = yield from _ordered(entries.values(), "given")
    return Directory(family, given, entries)


Answers = tuple[tuple[FaqEntry, str], ...]
"""The answers of a company, each with what a search looks into."""


def answers(entries: Sequence[FaqEntry]) -> Steps[Answers]:
    """Of any number."""
    found: list[tuple[FaqEntry, str]] = []
    for entry in entries:
        found.append((entry, words_of(entry.question, entry.answer)))
        yield
    return tuple(found)


def find_answers(known: Answers, query: str) -> list[FaqEntry]:
    """Those of which each word of the query begins a word, in their order."""
    parts = parts_of(query)
    return [entry for entry, words in known if all(part in words for part in parts)]


def words_of(*texts: str) -> str:
    """What a search looks into."""
    return "".join(f" {word}" for word in searched(*texts))


def parts_of(query: str) -> tuple[str, ...]:
    """What has to be in it, each of them. The beginning of another word says nothing new, and of more than
    `MOST_WORDS` the longest ones find whoever is meant."""
    words = sorted(set(re.findall(r"\w+", fold(query[:LONGEST_QUERY]))), key=len, reverse=True)
    new = (word for at, word in enumerate(words) if not any(one.startswith(word) for one in words[:at]))
    return tuple(f" {word}" for word in islice(new, MOST_WORDS))


def _listed(employee: Employee, known: ListedEmployee | None) -> ListedEmployee:
    """What was worked out before is not worked out again."""
    words = known.words if known and _same_words(known.employee, employee) else _words(employee)
    info = known.info if known and known.employee.absence_info == employee.absence_info else ""
    info = info or (words_of(employee.absence_info) if employee.absence_info else "")
    if known and known.employee.name == employee.name:
        return ListedEmployee(employee, known.family, known.given, words, info)
    family = "\0".join((*sort_key(employee.name), employee.id))
    given = "\0".join((fold(split_name(employee.name).given), family))
    return ListedEmployee(employee, family, given, words, info)


def _words(employee: Employee) -> str:
    """The name in a line of its own."""
    return f"{words_of(employee.name)}\n{words_of(employee.position, employee.responsibility)}"


def _same_words(one: Employee, other: Employee) -> bool:
    return (one.name, one.position, one.responsibility) == (other.name, other.position, other.responsibility)


def _same_order(entries: Mapping[str, ListedEmployee], known: Mapping[str, ListedEmployee]) -> Steps[bool]:
    if len(entries) != len(known):
        return False
    for key, one in entries.items():
        other = known.get(key)
        if other is None or one.given != other.given:
            return False
        yield
    return True


def _anew(
    order: Sequence[ListedEmployee], entries: Mapping[str, ListedEmployee]
) -> Steps[tuple[ListedEmployee, ...]]:
    found: list[ListedEmployee] = []
    for one in order:
        found.append(entries[one.employee.id])
        yield
    return tuple(found)


def _ordered(entries: Iterable[ListedEmployee], order: str) -> Steps[tuple[ListedEmployee, ...]]:
    return (yield from ordered(entries, attrgetter(order)))


def ordered(items: Iterable[Item], key: Callable[[Item], Any]) -> Steps[tuple[Item, ...]]:
    """Sorted in runs that are merged: a sort cannot be interrupted."""
    listed, runs = list(items), list[list[Item]]()
    for start in range(0, len(listed), _RUN):
        runs.append(sorted(listed[start : start + _RUN], key=key))
        yield
    merged: list[Item] = []
    for one in heapq.merge(*runs, key=key):
        merged.append(one)
        yield
    return tuple(merged)
