"""One measured figure and what it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Comparison = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`name`: what was measured. `limit` is in the same `unit`. `ok`: the limit holds. See `held`."""

    name: str
    value: float
    unit: str
    limit: float
    comparison: Comparison
    ok: bool

    def __str__(self) -> str:
        verdict = "ok" if self.ok else "short"
        return (
            f"{self.name:<48} {self.value:>12,.3f} {self.unit:<8} {self.comparison} {self.limit:g}  {verdict}"
        )


def held(name: str, value: float, unit: str, comparison: Comparison, limit: float) -> Figure:
    """A figure with its verdict."""
    ok = value >= limit if comparison == "at least" else value <= limit
    return Figure(name, value, unit, limit, comparison, ok)
