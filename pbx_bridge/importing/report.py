"""What is different at companies after a file: old and new, and above all what has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rules.fields.customer import CUSTOMER
from rules.fields.declaration import Kind
from rules.fields.values import text_of
from rules.model import Customer
from rules.office.typed_teams import ANSWERING, answering_texts

COMPANIES = 20
"""That are told one by one; nobody reads fifty thousand."""
NAMED = 5
LONGEST = 60
_ADDRESSES = frozenset({Kind.EMAIL, Kind.EMAILS})


def report(
    before: Mapping[str, Customer], after: Mapping[str, Customer], different: Sequence[str]
) -> tuple[str, ...]:
    """Lines for whoever loaded the file: of each company that was there its name, then what is different. No
    addresses."""
    there = [name for name in different if name in before]
    told: list[str] = []
    for name in there[:COMPANIES]:
        told += [f"{name}:", *(f"  {one}" for one in _of(before[name], after[name]))]
    if len(there) > COMPANIES:
        told.append(f"and {len(there) - COMPANIES} more")
    return tuple(told)


def _of(was: Customer, now_is: Customer) -> Iterator[str]:
    if was.tariff.name != now_is.tariff.name:
        yield f"tariff: {was.tariff.name} → {now_is.tariff.name}"
    ways = answering_texts(was.answering), answering_texts(now_is.answering)
    for key in ANSWERING:
        if ways[0][key] != ways[1][key]:
            yield f"{key}: changed" if key.endswith("team") else f"{key}: {ways[0][key]} → {ways[1][key]}"
    for one in CUSTOMER:
        old, new = (text_of(one, getattr(company, one.of_model)) for company in (was, now_is))
        if old != new:
            told = "changed" if one.kind in _ADDRESSES else f"{_short(old)} → {_short(new)}"
            yield f"{one.key}: {told}"
    for key, old_names, new_names in _lists(was, now_is):
        gone = [name for name in old_names if name not in new_names]
        come = [name for name in new_names if name not in old_names]
        if gone or come:
            yield f"{key}: {len(old_names)} → {len(new_names)}{_named('gone', gone)}{_named('new', come)}"
    people = {one.id: one for one in was.employees}
    others = [one.name for one in now_is.employees if people.get(one.id, one) != one]
    if others:
        yield f"employee: changed{_named('', others)}"


def _lists(was: Customer, now_is: Customer) -> Iterator[tuple[str, list[str], list[str]]]:
    """Key of the file, and what stood and stands there, by the name by which people know it."""
    for key, names in _NAMES.items():
        yield key, names(was), names(now_is)


_NAMES: Mapping[str, Callable[[Customer], list[str]]] = {
    "public_numbers": lambda one: [*one.public_numbers],
    "vip": lambda one: [f"{vip.name} {vip.pattern}" for vip in one.vip_callers],
    "blocked": lambda one: [caller.number for caller in one.blocked],
    "faq": lambda one: [entry.question for entry in one.faq],
    "text_block": lambda one: [block.name for block in one.text_blocks],
    "note_field": lambda one: [field.label for field in one.asked_fields],
    "employee": lambda one: [person.name for person in one.employees],
}


def _named(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    said = ", ".join(_short(name) for name in names[:NAMED])
    return f"; {what}: {said}{more}" if what else f": {said}{more}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line[:LONGEST]}…"' if len(line) > LONGEST else f'"{line}"'
