"""What the reports of the house count, how it is added up, and in which order it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from rules.customers.directory import ordered
from rules.stepwise import Steps


class ReportBy(StrEnum):
    """By what the calls of a period are told apart."""

    COMPANY = "company"
    AGENT = "agent"
    DAY = "day"
    HOUR = "hour"


IN_TURN = frozenset({ReportBy.DAY, ReportBy.HOUR})
"""What has an order of its own, that of the calendar or the clock."""


class ReportOrder(StrEnum):
    """`NAME`: of company or agent, or in the order of the calendar; all others: the most first."""

    NAME = "name"
    CALLS = "calls"
    IN_TIME = "in_time"
    WAIT = "wait"
    ABANDONED = "abandoned"
    THROUGH = "through"
    NOTES = "notes"
    HANDLING = "handling"


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Counts of calls, none of a blocked caller among them; all of them can be added. The clock runs from the
    arrival on our line, the queue included.

    `calls`: that arrived; `answered`: by an agent, `in_time`: of these, within the service level;
    `abandoned`: over before anybody answered; who still waits is none of them yet. `waited`: seconds until
    the answer, of all that were answered. `rung`: calls in which somebody was rung to be put through,
    `joined`: of these, in which somebody took the caller. `notes`: corrections are none. `handled`: answered
    calls of which it is known what their time went on; `handling`: seconds of talk, hold, consultation and
    wrap-up in these.
    """

    calls: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    waited: float = 0
    rung: int = 0
    joined: int = 0
    notes: int = 0
    handled: int = 0
    handling: int = 0

    def __add__(self, other: ReportFigures) -> ReportFigures:
        return ReportFigures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def decided(self) -> int:
        """Calls of which it is known whether anybody answered."""
        return self.answered + self.abandoned

    @property
    def in_time_percent(self) -> float | None:
        return 100 * self.in_time / self.decided if self.decided else None

    @property
    def abandoned_percent(self) -> float | None:
        return 100 * self.abandoned / self.decided if self.decided else None

    @property
    def average_wait(self) -> float | None:
        """Seconds."""
        return self.waited / self.answered if self.answered else None

    @property
    def through_percent(self) -> float | None:
        return 100 * self.joined / self.rung if self.rung else None

    @property
    def average_handling(self) -> float | None:
        """Seconds."""
        return self.handling / self.handled if self.handled else None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """`key`: id of company or agent ("": none), a day as ISO 8601, an hour as "14"; `name`: as people read
    it."""

    key: str
    name: str
    figures: ReportFigures


def day_key(start: datetime, zone: str) -> str:
    """The day on that clock in which a moment lies."""
    return start.astimezone(ZoneInfo(zone)).date().isoformat()


def hour_key(start: datetime, zone: str) -> str:
    """The hour of the day: "09"."""
    return f"{start.astimezone(ZoneInfo(zone)).hour:02}"


def in_order(
    rows: Iterable[ReportRow], order: ReportOrder, by: ReportBy = ReportBy.COMPANY
) -> Steps[tuple[ReportRow, ...]]:
    """Those of which the figure is not known come last, those that are equal by name."""
    if order is ReportOrder.NAME:
        return (yield from ordered(rows, lambda row: row.key if by in IN_TURN else row.name.casefold()))
    figure = _FIGURES[order]

    def place(row: ReportRow) -> tuple[bool, float, str]:
        value = figure(row.figures)
        return value is None, -(value or 0), row.name.casefold()

    return (yield from ordered(rows, place))


_FIGURES: Mapping[ReportOrder, Callable[[ReportFigures], Any]] = MappingProxyType(
    {
        ReportOrder.CALLS: lambda one: one.calls,
        ReportOrder.IN_TIME: lambda one: one.in_time_percent,
        ReportOrder.WAIT: lambda one: one.average_wait,
        ReportOrder.ABANDONED: lambda one: one.abandoned_percent,
        ReportOrder.THROUGH: lambda one: one.through_percent,
        ReportOrder.NOTES: lambda one: one.notes,
        ReportOrder.HANDLING: lambda one: one.average_handling,
    }
)
