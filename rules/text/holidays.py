"""The public holidays of the sixteen German states, and what a house counts otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# By its own name: what `holidays.country_holidays` loads when it is first asked takes a tenth of a second,
# which would be in the middle of a call.
from holidays.countries.germany import Germany

STATES = (
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
)  # fmt: skip
"""ISO 3166-2:DE without the country. Holidays of single towns (15 August in Bavaria) are not among theirs."""


@dataclass(frozen=True, slots=True)
class HouseDay:
    """A day that a house counts as a holiday (`free`) though the law, as we know it, does not; or the other
    way round. `state`: where, "" in all of them."""

    day: date
    state: str
    free: bool
    name: str


@dataclass(frozen=True, slots=True)
class HouseDays:
    """Of one state: days that are holidays beside those of the law, and days of the law that are none."""

    free: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()


AS_THE_LAW = HouseDays()
_OF_THE_LAW = Germany.default_language
"""Else the names would be in the language of whoever started the program."""


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day of the list of one year. `counts`: it is free; `own`: what the house says of it, None: nothing;
    `name`: by law, else as the house calls it."""

    day: date
    name: str
    counts: bool
    own: HouseDay | None = None


@lru_cache(maxsize=256)
def holidays(year: int, state: str) -> frozenset[date]:
    """The holidays of a year by the laws as they stand; none for an empty `state`."""
    return frozenset(Germany(subdiv=state, years=year)) if state else frozenset()


def is_free(day: date, state: str, own: HouseDays = AS_THE_LAW) -> bool:
    """Whether it is a holiday in this state, by the law or by what the house says; never for an empty one."""
    if not state or day in own.working:
        return False
    return day in own.free or day in holidays(day.year, state)


def by_state(days: Iterable[HouseDay]) -> Mapping[str, HouseDays]:
    """What a house says, for each state of which it says anything; of a state itself before of all."""
    said: dict[str, dict[date, bool]] = {}
    for one in sorted(days, key=lambda one: one.state):  # those of all states come first
        for state in (one.state,) if one.state else STATES:
            said.setdefault(state, {})[one.day] = one.free
    return {
        state: HouseDays(
            frozenset(day for day, free in of.items() if free),
            frozenset(day for day, free in of.items() if not free),
        )
        for state, of in said.items()
    }


def listed(year: int, state: str, days: Iterable[HouseDay], language: str) -> tuple[ListedDay, ...]:
    """The days of a year in their order, those too that the house does not count. `language`: of the names,
    two letters; the names of the law where the list has it not."""
    spoken = next((one for one in Germany.supported_languages if one[:2] == language), _OF_THE_LAW)
    lawful = dict(Germany(subdiv=state, years=year, language=spoken))
    own: dict[date, HouseDay] = {}
    for one in sorted(days, key=lambda one: one.state):
        if one.day.year == year and one.state in {"", state}:
            own[one.day] = one
    return tuple(
        ListedDay(
            day,
            lawful.get(day) or own[day].name,
            own[day].free if day in own else True,
            own.get(day),
        )
        for day in sorted({*lawful, *own})
    )
