"""VIP callers as people write them, and what is strange about a list: entries that hide one another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import phonenumbers

from rules.fault import Fault
from rules.fields.values import SHORTEST_BLOCK, Around, faults_of, value_of
from rules.fields.vip_caller import VIP_CALLER
from rules.model import VipCaller
from rules.stepwise import Steps
from rules.text.dialling import DialRules
from rules.text.phone_numbers import is_block, normalise_pattern, to_e164


class Clash(StrEnum):
    """Why agents see the other entry.

    `DUPLICATE`: number and owner are the same; `HIDDEN`: an employee's entry goes before the company's;
    `RIVAL`: two employees have the same number; `EXCEPTION`: the other number is more exact than this block.
    """

    DUPLICATE = "duplicate"
    HIDDEN = "hidden"
    RIVAL = "rival"
    EXCEPTION = "exception"


KEYS = tuple(one.name for one in VIP_CALLER)
MOST_STRANGE = 200
_SWITCHBOARD = re.compile(r"(.{4,36}?\d)\s?[-‐‑–—−]\s?0{1,3}")


@dataclass(frozen=True, slots=True)
class Strange:
    """`entry` against `other`, the one that wins."""

    code: Clash
    entry: VipCaller
    other: VipCaller


def strange(vips: Iterable[VipCaller]) -> Steps[tuple[Strange, ...]]:
    """The clashes among a company's entries, in their order; of very many the first `MOST_STRANGE`."""
    listed, best, stems = tuple(vips), dict[str, VipCaller](), dict[str, list[VipCaller]]()
    for entry in listed:
        known = best.get(entry.pattern)
        if known is None or (known.employee_id is None and entry.employee_id is not None):
            best[entry.pattern] = entry
        if is_block(entry.pattern):
            stems.setdefault(entry.pattern.rstrip("*"), []).append(entry)
        yield
    found: list[Strange] = []
    first: dict[tuple[str, str | None], VipCaller] = {}
    for entry in listed:
        twin = first.setdefault((entry.pattern, entry.employee_id), entry)
        wins = best[entry.pattern] if twin is entry else twin
        if wins is not entry and len(found) < MOST_STRANGE:
            found.append(Strange(_clash(entry, wins), entry, wins))
        yield
    inside: dict[str, list[VipCaller]] = {}
    for entry in listed:
        for stem in _stems(entry.pattern, stems):
            if len(inside.setdefault(stem, [])) < MOST_STRANGE:
                inside[stem].append(entry)
        yield
    for block in (block for blocks in stems.values() for block in blocks):
        room = MOST_STRANGE - len(found)
        within = inside.get(block.pattern.rstrip("*"), ())[:room]
        found += [Strange(Clash.EXCEPTION, block, other) for other in within]
        yield
    return tuple(found)


def met(entry: VipCaller, others: Iterable[VipCaller]) -> Steps[list[Strange]]:
    """What a single entry meets among the others."""
    near: list[VipCaller] = []
    for one in others:
        if len(near) < MOST_STRANGE and one.id != entry.id and _meets(one.pattern, entry.pattern):
            near.append(one)
        yield
    both = yield from strange([*near, entry])
    return [one for one in both if entry in (one.entry, one.other)]


def _meets(one: str, other: str) -> bool:
    stem, longer = sorted((one, other), key=lambda pattern: len(pattern.rstrip("*")))
    return one == other or (is_block(stem) and longer.startswith(stem.rstrip("*")))


def _stems(pattern: str, stems: Collection[str]) -> list[str]:
    """The blocks, other than itself, in which all numbers of this pattern lie."""
    bare = pattern.rstrip("*")
    longest = len(bare) - is_block(pattern)
    return [bare[:length] for length in range(1, longest + 1) if bare[:length] in stems]


def _clash(entry: VipCaller, best: VipCaller) -> Clash:
    if entry.employee_id == best.employee_id:
        return Clash.DUPLICATE
    return Clash.HIDDEN if entry.employee_id is None else Clash.RIVAL


def read(
    typed: Mapping[str, str], region: str, employees: Collection[str], *, vip_id: str = ""
) -> VipCaller | tuple[Fault, ...]:
    """An entry from a form or a line of a file, or everything that is wrong with it.

    `typed`: KEYS; `employee` is an id among `employees`, or empty for the whole company. Faults: required
    too_long vip_number vip_two vip_words vip_open vip_short vip_employee.
    """
    around = Around(DialRules(region=region), employees)
    texts = {one.name: typed[one.name].strip() for one in VIP_CALLER}
    faults = [fault for one in VIP_CALLER for fault in faults_of(one, texts[one.name], around)]
    if texts["employee"] and texts["employee"] not in employees:
        faults.append(Fault("employee", "vip_employee"))
    if faults:
        return tuple(faults)
    values: dict[str, Any] = {one.of_model: value_of(one, texts[one.name], around) for one in VIP_CALLER}
    return VipCaller(vip_id, **values)


def of_a_switchboard(typed: str, region: str) -> str:
    """The block of all who work where "030 23125-0" is answered; "" for numbers that do not end so. A call
    from there shows the number of whoever made it."""
    found = _SWITCHBOARD.fullmatch(typed.strip())
    block = normalise_pattern(f"{found[1]}*", region) if found else ""
    return block if len(block) >= SHORTEST_BLOCK and to_e164(typed, region) else ""


def block_stem(pattern: str) -> str:
    """What the numbers of a block begin with, as people write it: "+49302312*" → "+49 30 2312"."""
    formatter, shown = phonenumbers.AsYouTypeFormatter("ZZ"), ""
    for char in pattern.rstrip("*"):
        shown = formatter.input_digit(char)
    return shown
