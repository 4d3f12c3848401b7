"""Find a number among any number of VIP entries in as many steps as the number has digits."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import Caller, Customer, VipCaller
from rules.stepwise import Steps
from rules.text.names import split_name
from rules.text.phone_numbers import is_block

MOST_HINT = 1_500
"""Letters of all hints for one number together."""


def hints(caller: Caller, customer: Customer | None) -> str:
    """What the best entry says, and below it what others say of the very same number or block, each with the
    name of whose it is, if it is not the company's."""
    best, others = caller.vip, []
    for one in caller.vips:
        if best and one is not best and one.pattern == best.pattern and one.info:
            of = customer.employee(one.employee_id) if customer and one.employee_id else None
            others.append(f"{split_name(of.name).spoken}: {one.info}" if of else one.info)
    found = [best.info if best else "", *others]
    return "\n".join(dict.fromkeys(info for info in found if info))[:MOST_HINT]


class VipTable:
    """The VIP callers of one company, ready to be asked; built once per change, from normalised patterns."""

    __slots__ = ("_blocks", "_exact", "_lengths")

    def __init__(self, vips: Iterable[VipCaller] = ()) -> None:
        self._exact: dict[str, list[VipCaller]] = {}
        self._blocks: dict[str, list[VipCaller]] = {}
        self._lengths: tuple[int, ...] = ()
        for vip in vips:
            self.add(vip)

    def add(self, vip: VipCaller) -> None:
        """One more."""
        stem, known = vip.pattern.rstrip("*"), len(self._blocks)
        table = self._blocks if is_block(vip.pattern) else self._exact
        table.setdefault(stem, []).append(vip)
        if len(self._blocks) > known and len(stem) not in self._lengths:
            self._lengths = tuple(sorted((*self._lengths, len(stem)), reverse=True))

    def find(self, number: str) -> tuple[VipCaller, ...]:
        """All entries for this E.164 number, best first.

        Exact before block, longer before shorter block, then an employee's before the company's.
        """
        if not number:
            return ()
        found = [self._exact.get(number, ())]
        found += [self._blocks.get(number[:length], ()) for length in self._lengths if length <= len(number)]
        return tuple(vip for same in found for vip in sorted(same, key=lambda vip: vip.employee_id is None))


def table_of(vips: Iterable[VipCaller]) -> Steps[VipTable]:
    """Of any number."""
    table = VipTable()
    for vip in vips:
        table.add(vip)
        yield
    return table
