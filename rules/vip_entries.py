"""What is strange about a list of VIP callers: entries that say the same twice, or hide one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.model import VipCaller
from rules.phone_numbers import is_block, matches
from rules.vip import VipTable


class Clash(StrEnum):
    """`DUPLICATE`: number and owner are the same; `HIDDEN`: for this number the agent sees the other one;
    `EXCEPTION`: the other one is shown for a part of this block."""

    DUPLICATE = "duplicate"
    HIDDEN = "hidden"
    EXCEPTION = "exception"


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
            same = best.employee_id == entry.employee_id
            found.append(Strange(Clash.DUPLICATE if same else Clash.HIDDEN, entry, best))
    blocks = [entry for entry in listed if is_block(entry.pattern)]
    found += [
        Strange(Clash.EXCEPTION, block, other)
        for block in blocks
        for other in listed
        if other.pattern != block.pattern and matches(block.pattern, other.pattern.rstrip("*"))
    ]
    return tuple(found)


def _winner(entry: VipCaller, table: VipTable, listed: tuple[VipCaller, ...]) -> VipCaller:
    """The entry that the agent sees for this pattern, by the rule of the live call."""
    if not is_block(entry.pattern):
        return table.find(entry.pattern)[0]
    same = [vip for vip in listed if vip.pattern == entry.pattern]
    return min(same, key=lambda vip: vip.employee_id is None)
