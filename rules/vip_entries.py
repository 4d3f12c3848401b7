"""VIP callers as people write them, and what is strange about a list: entries that hide one another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from rules.fault import Fault
from rules.model import VipCaller
from rules.phone_numbers import is_block, matches, normalise_pattern
from rules.vip import VipTable


class Clash(StrEnum):
    """Why agents see the other entry.

    `DUPLICATE`: number and owner are the same; `HIDDEN`: an employee's entry goes before the company's;
    `RIVAL`: two employees have the same number; `EXCEPTION`: the other number is more exact than this block.
    """

    DUPLICATE = "duplicate"
    HIDDEN = "hidden"
    RIVAL = "rival"
    EXCEPTION = "exception"


KEYS = ("pattern", "name", "info", "employee")
SHORTEST_BLOCK = len("+4930*")
"""Anything shorter would make a VIP of half a country."""
LONGEST = {"pattern": 40, "name": 120, "info": 500}


@dataclass(frozen=True, slots=True)
class Strange:
    """`entry` against `other`, the one that wins."""

    code: Clash
    entry: VipCaller
    other: VipCaller


def strange(vips: Iterable[VipCaller]) -> tuple[Strange, ...]:
    """All clashes among a company's entries, in their order."""
    listed = tuple(vips)
    table = VipTable(listed)
    found: list[Strange] = []
    for entry in listed:
        best = _winner(entry, table, listed)
        if best is not entry and best.pattern == entry.pattern:
            found.append(Strange(_clash(entry, best), entry, best))
    blocks = [entry for entry in listed if is_block(entry.pattern)]
    found += [
        Strange(Clash.EXCEPTION, block, other)
        for block in blocks
        for other in listed
        if other.pattern != block.pattern and matches(block.pattern, other.pattern.rstrip("*"))
    ]
    return tuple(found)


def _clash(entry: VipCaller, best: VipCaller) -> Clash:
    if entry.employee_id == best.employee_id:
        return Clash.DUPLICATE
    return Clash.HIDDEN if entry.employee_id is None else Clash.RIVAL


def _winner(entry: VipCaller, table: VipTable, listed: tuple[VipCaller, ...]) -> VipCaller:
    """The entry that the agent sees for this pattern, by the rule of the live call."""
    if not is_block(entry.pattern):
        return table.find(entry.pattern)[0]
    same = [vip for vip in listed if vip.pattern == entry.pattern]
    return min(same, key=lambda vip: vip.employee_id is None)


def read(
    typed: Mapping[str, str], region: str, employees: Collection[str], *, vip_id: str = ""
) -> VipCaller | tuple[Fault, ...]:
    """An entry from a form or a line of a file, or everything that is wrong with it.

    `typed`: KEYS; `employee` is an id among `employees`, or empty for the whole company. Faults: required
    too_long vip_number vip_short vip_employee.
    """
    texts = {key: typed[key].strip() for key in KEYS}
    pattern = normalise_pattern(texts["pattern"], region)
    faults = tuple(_faults(texts, pattern, employees))
    if faults:
        return faults
    return VipCaller(vip_id, pattern, texts["name"], texts["info"], texts["employee"] or None)


def _faults(texts: Mapping[str, str], pattern: str, employees: Collection[str]) -> Iterator[Fault]:
    for key in ("pattern", "name"):
        if not texts[key]:
            yield Fault(key, "required")
    for key, most in LONGEST.items():
        if len(texts[key]) > most:
            yield Fault(key, "too_long", {"max": str(most), "length": str(len(texts[key]))})
    if texts["pattern"] and not pattern:
        yield Fault("pattern", "vip_number")
    elif is_block(pattern) and len(pattern) < SHORTEST_BLOCK:
        yield Fault("pattern", "vip_short")
    if texts["employee"] and texts["employee"] not in employees:
        yield Fault("employee", "vip_employee")


def block_stem(pattern: str) -> str:
    """What the numbers of a block begin with, as people write it: "+49302312*" → "+49 30 2312"."""
    formatter, shown = phonenumbers.AsYouTypeFormatter("ZZ"), ""
    for char in pattern.rstrip("*"):
        shown = formatter.input_digit(char)
    return shown
