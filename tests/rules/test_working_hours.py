"""Weekly hours: read, written, and held against the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.fault import Fault
from rules.model import Appointment, Employee
from rules.presence.availability import Availability, Presence, availability, next_change
from rules.text.holidays import holidays
from rules.text.working_hours import (
    DAYS,
    ENGLISH_DAYS,
    Shift,
    Week,
    WorkingHours,
    read_week,
    shift_at,
    write_week,
)

BERLIN = "Europe/Berlin"


def week(text: str) -> Week:
    found = read_week(text)
    assert isinstance(found, tuple)
    return found


USUAL = WorkingHours(week("Mo–Do 8–12, 13–17; Fr 8–14"), "BE")


def berlin(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(BERLIN))  # type: ignore[misc,arg-type]


def wall(*moment: int) -> datetime:
    return berlin(*moment).replace(tzinfo=None)


@pytest.mark.parametrize(
    "typed, written",
    [
        ("Mo-Do 8-12, 13-17; Fr 8-14", "Mo–Do 08:00–12:00, 13:00–17:00; Fr 08:00–14:00"),
        ("Montag bis Freitag 8 Uhr bis 17 Uhr", "Mo–Fr 08:00–17:00"),
        ("Mon to Wed 9–17.30 and 18–19\nsat 10–12", "Mo–Mi 09:00–17:30, 18:00–19:00; Sa 10:00–12:00"),
        ("Mo, Mi und Fr 8–12", "Mo 08:00–12:00; Mi 08:00–12:00; Fr 08:00–12:00"),
        ("Sa–Mo 0–24", "Mo 00:00–24:00; Sa–So 00:00–24:00"),
        ("Mo 8–12, 12–14", "Mo 08:00–14:00"),
        ("Montag bis Freitag von 9 bis 17 Uhr", "Mo–Fr 09:00–17:00"),
        ("Mo - Fr: 9:00 Uhr - 17:00 Uhr", "Mo–Fr 09:00–17:00"),
        ("Mo. - Do.: 8–12 Uhr u. 13–17 Uhr, Fr.: 8–14 Uhr", "Mo–Do 08:00–12:00, 13:00–17:00; Fr 08:00–14:00"),
        ("Mo/Mi/Fr 9h–12h", "Mo 09:00–12:00; Mi 09:00–12:00; Fr 09:00–12:00"),
        ("montags & donnerstags 8–12/13–17", "Mo 08:00–12:00, 13:00–17:00; Do 08:00–12:00, 13:00–17:00"),
        ("täglich 9—18", "Mo–So 09:00–18:00"),
        *((f"Mo{dash}Fr 9{dash}17", "Mo–Fr 09:00–17:00") for dash in "-‐‑‒–—―−"),  # as pasted from elsewhere
        ("Mo. - Fr. 9.00 - 17.00 Uhr.", "Mo–Fr 09:00–17:00"),
        ("Sonnabend 9–12", "Sa 09:00–12:00"),
        ("Tues, Weds and Thurs from 9 to 12", "Di–Do 09:00–12:00"),
        (
            "Mon-Die 9–12; Mit 9–13; Don 9–14; Fre, Sam 9–16; Son 9–17",
            "Mo–Di 09:00–12:00; Mi 09:00–13:00; Do 09:00–14:00; Fr–Sa 09:00–16:00; So 09:00–17:00",
        ),
    ],
)
def test_as_people_write_it(typed: str, written: str) -> None:
    assert write_week(week(typed)) == written


@pytest.mark.parametrize(
    "typed, code",
    [
        ("immer", "hours_unreadable"),
        ("Mo", "hours_unreadable"),
        ("8–17", "hours_unreadable"),
        ("Mo 8–17 ?", "hours_unreadable"),
        ("Xy 8–17", "hours_unreadable"),
        ("werktags 8–16", "hours_unreadable"),  # in law with Saturdays, in talk without them
        ("wochentags 8–16", "hours_unreadable"),
        ("morgens 8–12", "hours_unreadable"),
        ("mittags 12–13", "hours_unreadable"),
        ("Sommer 8–12", "hours_unreadable"),
        ("Dienst 8–17", "hours_unreadable"),
        ("Freiwillige 8–17", "hours_unreadable"),
        ("Mo–Fr 8–17; Sa frei", "hours_unreadable"),
        ("Mo–Sommer 8–17", "hours_unreadable"),
        ("Fr bis 14 Uhr", "hours_unreadable"),
        ("Mo 17–8", "hours_order"),
        ("Mo 8–25", "hours_order"),
        ("Mo 8:70–9", "hours_order"),
        ("Mo–Fr 8–12; Di 11–13", "hours_overlap"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, code: str) -> None:
    found = read_week(typed)
    assert isinstance(found, Fault)
    assert (found.field, found.code) == ("hours", code)


@pytest.mark.parametrize(
    "typed, found",
    [
        ("Mo 8–12; Sa geschlossen", "geschlossen"),
        ("Mo 8–12, nachmittags 14–15", "nachmittags"),
        ("Di ab 10", "ab"),
    ],
)
def test_the_word_that_is_not_understood_is_told_whole(typed: str, found: str) -> None:
    fault = read_week(typed)
    assert isinstance(fault, Fault)
    assert fault.params["found"] == found


def test_nothing_said_is_no_week() -> None:
    assert read_week(" \n") is None
    assert write_week(None) == ""


SPANS = st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).map(
    lambda edges: [
        (a * 15, b * 15) for a, b in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False) if a < b
    ]
)
WEEKS = st.lists(SPANS.map(tuple), min_size=7, max_size=7).map(tuple)


@given(WEEKS, st.sampled_from([DAYS, ENGLISH_DAYS]))
def test_what_is_written_is_read_again(one: Week, days: tuple[str, ...]) -> None:
    assert read_week(write_week(one, days)) == one


FRENCH = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")


@given(WEEKS)
def test_in_a_reader_s_own_language_it_is_read_with_the_names_of_its_days(one: Week) -> None:
    assert read_week(write_week(one, FRENCH), FRENCH) == one


def test_names_of_other_languages_count_only_for_who_reads_them() -> None:
    assert isinstance(read_week("lun–jeu 8–12"), Fault)
    assert read_week("lun–jeu 8–12, Fr 8–12", FRENCH) == read_week("Mo–Fr 8–12")


@pytest.mark.parametrize(
    "now, shift",
    [
        (berlin(2026, 11, 23, 12, 59), Shift(False, berlin(2026, 11, 23, 13))),
        (berlin(2026, 11, 23, 13), Shift(True, berlin(2026, 11, 23, 17))),
        (berlin(2026, 11, 27, 14), Shift(False, berlin(2026, 11, 30, 8))),
        (berlin(2026, 12, 24, 18), Shift(False, berlin(2026, 12, 28, 8))),  # Christmas, then a week-end
        (berlin(2027, 3, 7, 12), Shift(False, berlin(2027, 3, 9, 8))),  # 8 March is free in Berlin
        (berlin(2027, 3, 26, 9), Shift(False, berlin(2027, 3, 30, 8))),  # Easter, and the clocks change
    ],
)
def test_there_or_not_and_until_when(now: datetime, shift: Shift) -> None:
    assert shift_at(USUAL, BERLIN, now) == shift


def test_around_the_clock_never_turns() -> None:
    assert shift_at(WorkingHours(week("Mo–So 0–24")), BERLIN, berlin(2026, 11, 23, 9)) == Shift(True, None)


def test_an_evening_that_goes_on_after_midnight_is_one() -> None:
    hours = WorkingHours(week("Mo 20–24; Di 0–2"))
    assert shift_at(hours, BERLIN, berlin(2026, 11, 23, 22)) == Shift(True, berlin(2026, 11, 24, 2))


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_half_hour_around_every_clock_change(year: int) -> None:
    """Against the clock on the wall, read naively."""
    here = ZoneInfo(BERLIN)
    for month in (3, 10):
        last = datetime(year, month, 31, tzinfo=UTC)
        change = last - timedelta(days=(last.weekday() + 1) % 7)
        for step in range(-96, 96):
            now = change + step * timedelta(minutes=30)
            local = now.astimezone(here)
            minutes = local.hour * 60 + local.minute
            free = local.date() in holidays(local.year, "BE")
            there = not free and any(a <= minutes < b for a, b in USUAL.week[local.weekday()])
            found = shift_at(USUAL, BERLIN, now)
            assert found.there is there
            assert found.until is not None
            assert found.until > now
            assert shift_at(USUAL, BERLIN, found.until).there is not there


def erika(*appointments: Appointment, info: str = "") -> Employee:
    return Employee(
        "e", "Erika Beispiel", "Erika", "Beispiel", absence_info=info, hours=USUAL, appointments=appointments
    )


def test_outside_her_hours_she_is_away_and_the_info_stays() -> None:
    noon, back = berlin(2026, 11, 23, 12, 30), berlin(2026, 11, 23, 13).astimezone(UTC)
    found = availability(erika(info="Bitte per Mail."), BERLIN, noon)
    assert found == Availability(Presence.AWAY, "Bitte per Mail.", back, "", reachable=False)
    assert next_change(erika(), BERLIN, noon) == back
    assert availability(erika(info="Bitte per Mail."), BERLIN, back).kind is Presence.INFO


def test_an_appointment_goes_before_the_hours_even_one_that_leaves_her_reachable() -> None:
    late = Appointment("a", "Mobil", wall(2026, 11, 23, 17), wall(2026, 11, 23, 20), reachable=True)
    found = availability(erika(late), BERLIN, berlin(2026, 11, 23, 18))
    assert (found.text, found.reachable) == ("Mobil", True)
    assert not availability(erika(late), BERLIN, berlin(2026, 11, 23, 20)).reachable


def test_the_next_change_is_the_end_of_the_day() -> None:
    assert next_change(erika(), BERLIN, berlin(2026, 11, 23, 15)) == berlin(2026, 11, 23, 17)


def test_nobody_is_told_to_call_again_into_a_holiday() -> None:
    away = Appointment("a", "Urlaub", wall(2026, 11, 30), wall(2026, 12, 5), all_day=True)
    found = availability(erika(away), BERLIN, berlin(2026, 11, 27, 15))
    assert found.by_hours
    assert found.until == berlin(2026, 12, 7, 8)  # the Monday after a holiday that ends on a Friday


def test_what_is_short_as_typed_and_long_as_written_is_refused() -> None:
    """It would be stored, and read by nobody any more."""
    typed = "; ".join(
        f"{day} {','.join(f'{at}-{at + 1}' for at in range(n % 2, 23, 2))}" for n, day in enumerate(DAYS)
    )
    assert len(typed) < 500
    assert read_week(typed) == Fault("hours", "hours_too_many")
    stored = read_week(typed, longest=10_000)
    assert read_week(write_week(stored), longest=10_000) == stored  # type: ignore[arg-type]
    at_most = read_week(";".join(f"{day} 0-1,2-3,4-5,6-7,{8 + n % 2}-10" for n, day in enumerate(DAYS)))
    assert not isinstance(at_most, Fault)
    assert read_week(write_week(at_most)) == at_most
