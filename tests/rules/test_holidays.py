from __future__ import annotations

from datetime import date

import pytest

from rules.text.holidays import STATES, holidays


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_state_has_the_nine_of_all_germany(year: int) -> None:
    common = frozenset.intersection(*(holidays(year, state) for state in STATES))
    assert len(common) == 9
    assert date(year, 10, 3) in common


@pytest.mark.parametrize(
    "state, count",
    [("BW", 12), ("BY", 12), ("BE", 10), ("BB", 12), ("HB", 10), ("HH", 10), ("HE", 10), ("MV", 11),
     ("NI", 10), ("NW", 11), ("RP", 11), ("SL", 12), ("SN", 11), ("ST", 11), ("SH", 10), ("TH", 11)],
)  # fmt: skip
def test_how_many_a_state_has(state: str, count: int) -> None:
    assert len(holidays(2026, state)) == count


@pytest.mark.parametrize(
    "state, day",
    [("SN", "2026-11-18"), ("SN", "2027-11-17"), ("BE", "2026-03-08"), ("BE", "2028-06-17"),
     ("TH", "2026-09-20"), ("NW", "2026-06-04"), ("SL", "2026-08-15"),
     ("BW", "2026-01-06"), ("HH", "2026-10-31")],
)  # fmt: skip
def test_days_of_one_state(state: str, day: str) -> None:
    assert date.fromisoformat(day) in holidays(int(day[:4]), state)


def test_without_a_state_there_are_none() -> None:
    assert holidays(2026, "") == frozenset()
