"""What a tariff includes, how much of it is used, and from which share on somebody should know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

NEAR, FULL = 75, 100
"""Per cent: it will not last the month; from here on each one is paid for."""


class AllowanceKind(StrEnum):
    """What can be included: calls, or seconds of them, as `LineKind` has both."""

    CALLS = "calls"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Of a month, or of the days of one tariff in it. `used`, `included`: calls or counted seconds. Nothing
    is included in the last days of a month, if it is little for all of it."""

    kind: AllowanceKind
    used: int
    included: int

    @property
    def left(self) -> int:
        """What is not used yet."""
        return max(0, self.included - self.used)

    @property
    def percent(self) -> int:
        """Of it that is used, rounded down, so that 100 is all of it; more than that where more was used."""
        if not self.included:
            return 100 if self.used else 0
        return self.used * 100 // self.included


def together(parts: Iterable[Allowance]) -> tuple[Allowance, ...]:
    """Of the whole month, where prices changed in it; what one part left over another has not."""
    found: dict[AllowanceKind, Allowance] = {}
    for one in parts:
        before = found.get(one.kind, Allowance(one.kind, 0, 0))
        found[one.kind] = Allowance(one.kind, before.used + one.used, before.included + one.included)
    return tuple(found[kind] for kind in AllowanceKind if kind in found and found[kind].included)


def highest(allowances: Iterable[Allowance]) -> int:
    """Per cent of the one of which most is used; 0: nothing is included."""
    return max((one.percent for one in allowances), default=0)
