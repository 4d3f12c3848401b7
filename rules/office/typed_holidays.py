"""A day that the house counts as a holiday, or does not, as somebody types it: texts to a day, or what is
wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from rules.fault import Fault
from rules.notes.note_fields import read_date
from rules.text.holidays import STATES, HouseDay, holidays
from rules.text.phone_numbers import ascii_digits

LONGEST_NAME = 60
MOST = 100
"""Days of the house; the telephone system is told those of the next 400 days with all others."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Of which there are lists: a day of another one nobody would find, nor take back."""
FREE, WORKING = "free", "working"
NEW = {"day": "", "state": "", "kind": FREE, "name": ""}
"""What the form begins with."""


def read_house_day(texts: Mapping[str, str], there: Collection[HouseDay]) -> HouseDay | tuple[Fault, ...]:
    """The day, or all faults, in the order of the form. `there`: those that the house has already."""
    day = read_date(ascii_digits(texts["day"].strip()))
    state, free = texts["state"].strip(), texts["kind"] != WORKING
    name = " ".join(texts["name"].split())
    faults = [*_faults(texts, name)]
    if day is None:
        faults.insert(0, Fault("day", "house_day_unreadable"))
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        years = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        faults.insert(0, Fault("day", "house_day_year", {"year": str(day.year), **years}))
    elif not faults:
        read = HouseDay(day, state, free, name)
        faults += _contradictions(read, there)
        if not faults:
            return read
    return tuple(faults)


def _faults(texts: Mapping[str, str], name: str) -> Iterator[Fault]:
    if texts["state"].strip() not in {"", *STATES}:
        yield Fault("state", "house_day_state")
    if texts["kind"] not in {FREE, WORKING}:
        yield Fault("kind", "house_day_kind")
    if not name:
        yield Fault("name", "required")
    elif len(name) > LONGEST_NAME:
        yield Fault("name", "too_long", {"max": str(LONGEST_NAME), "length": str(len(name))})


def _contradictions(read: HouseDay, there: Collection[HouseDay]) -> Iterator[Fault]:
    """Whether it says something new."""
    if any((one.day, one.state) == (read.day, read.state) for one in there):
        yield Fault("day", "house_day_twice")
        return
    if len(there) >= MOST:
        yield Fault("day", "house_day_full", {"max": str(MOST)})
    states = (read.state,) if read.state else STATES
    lawful = [state for state in states if read.day in holidays(read.day.year, state)]
    # What counts everywhere else may be told otherwise for one Land, whatever the law says there.
    if read.state and any(one.day == read.day and not one.state for one in there):
        return
    if read.free and len(lawful) == len(states):
        yield Fault("day", "house_day_free_already")
    if not read.free and not lawful:
        yield Fault("day", "house_day_works_already")


def in_words(one: HouseDay) -> str:
    """For the access log."""
    return f"{one.day.isoformat()} {one.state or '*'} ({'free' if one.free else 'working'}) {one.name}"
