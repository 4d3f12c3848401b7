from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Appointment, Employee
from rules.presence.availability import Availability, Presence, availability, exists, instant, next_change
from tests.rules.sample_facts import BERLIN, ERIKA, MONDAY_TEN, berlin, local

HOLIDAY = Appointment(
    "1", "im Urlaub - Rückrufe ab dem 18.10.", local(2026, 10, 1), local(2026, 10, 18), all_day=True
)
MEETING = Appointment(
    "2", "in einer Besprechung", local(2026, 10, 5, 10), local(2026, 10, 5, 11), reachable=True
)
MORNINGS = "Frau Beispiel ist nur vormittags im Hause."


def erika(*appointments: Appointment, absence_info: str = "") -> Employee:
    return replace(ERIKA, appointments=appointments, absence_info=absence_info)


def test_without_any_entry_she_is_there() -> None:
    assert availability(ERIKA, BERLIN, MONDAY_TEN) == Availability(Presence.PRESENT)
    assert next_change(ERIKA, BERLIN, MONDAY_TEN) is None


def test_the_absence_info_lasts_and_does_not_keep_calls_away() -> None:
    person = erika(absence_info=MORNINGS)
    assert availability(person, BERLIN, MONDAY_TEN) == Availability(Presence.INFO, MORNINGS)
    assert next_change(person, BERLIN, MONDAY_TEN) is None


@pytest.mark.parametrize(
    "moment, kind",
    [
        (berlin(2026, 9, 30, 23, 59), Presence.INFO),
        (berlin(2026, 10, 1), Presence.AWAY),
        (berlin(2026, 10, 17, 23, 59), Presence.AWAY),  # up to and including the last day
        (berlin(2026, 10, 18), Presence.INFO),  # turns back by itself at local midnight
    ],
)
def test_an_appointment_replaces_the_absence_info_for_whole_days(moment: datetime, kind: Presence) -> None:
    person = erika(HOLIDAY, absence_info=MORNINGS)
    assert availability(person, BERLIN, moment).kind is kind


def test_the_answer_says_until_when_and_why() -> None:
    found = availability(erika(HOLIDAY), BERLIN, berlin(2026, 10, 7))
    until = datetime(2026, 10, 17, 22, tzinfo=UTC)
    assert found == Availability(Presence.AWAY, HOLIDAY.text, until, "1", reachable=False)


def test_of_overlapping_appointments_the_narrower_wins() -> None:
    person = erika(HOLIDAY, MEETING)
    during = availability(person, BERLIN, berlin(2026, 10, 5, 10, 30))
    assert (during.text, during.reachable) == (MEETING.text, True)
    assert availability(person, BERLIN, berlin(2026, 10, 5, 11)).text == HOLIDAY.text


def test_of_equally_narrow_ones_the_later_start_then_the_later_entry_wins() -> None:
    early = Appointment("9", "früh", local(2026, 11, 23, 9), local(2026, 11, 23, 11))
    late = Appointment("1", "spät", local(2026, 11, 23, 10), local(2026, 11, 23, 12))
    newer = replace(late, id="2", text="neuer")
    assert availability(erika(early, late), BERLIN, berlin(2026, 11, 23, 10, 30)).text == "spät"
    assert availability(erika(newer, late, early), BERLIN, berlin(2026, 11, 23, 10, 30)).text == "neuer"
    assert availability(erika(late, newer), BERLIN, berlin(2026, 11, 23, 10, 30)).text == "neuer"


def test_the_next_change_is_where_the_words_change() -> None:
    person = erika(HOLIDAY, MEETING)
    assert next_change(person, BERLIN, berlin(2026, 9, 1)) == berlin(2026, 10, 1)
    assert next_change(person, BERLIN, berlin(2026, 10, 1)) == berlin(2026, 10, 5, 10)
    assert next_change(person, BERLIN, berlin(2026, 10, 5, 10)) == berlin(2026, 10, 5, 11)
    assert next_change(person, BERLIN, berlin(2026, 10, 5, 11)) == berlin(2026, 10, 18)
    assert next_change(person, BERLIN, berlin(2026, 10, 18)) is None


def test_an_edge_hidden_by_a_narrower_appointment_changes_nothing() -> None:
    inner = Appointment("2", "Termin", local(2026, 10, 17, 22), local(2026, 10, 18, 2))
    person = erika(HOLIDAY, inner)
    assert next_change(person, BERLIN, berlin(2026, 10, 17, 23)) == berlin(2026, 10, 18, 2)


def clock_changes(zone: str) -> list[datetime]:
    """Every full hour (UTC) 2024–2035 at which the zone's offset is another than the hour before."""
    there, found = ZoneInfo(zone), []
    for day in range((datetime(2036, 1, 1, tzinfo=UTC) - datetime(2024, 1, 1, tzinfo=UTC)).days):
        midnight = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(day)
        offsets = [(midnight + timedelta(hours=hour)).astimezone(there).utcoffset() for hour in range(25)]
        found += [midnight + timedelta(hours=h) for h in range(1, 25) if offsets[h] != offsets[h - 1]]
    return found


CHANGES = clock_changes(BERLIN)
HOLIDAY_OVER_THE_CHANGE = Appointment("1", "Urlaub", local(2026, 10, 20), local(2026, 10, 28), all_day=True)


def test_all_clock_changes_are_known() -> None:
    assert len(CHANGES) == 24


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_whole_days_hold_from_midnight_to_midnight_over_every_clock_change(change: datetime) -> None:
    day = change.astimezone(ZoneInfo(BERLIN)).replace(hour=0, minute=0, tzinfo=None, fold=0)
    person = erika(Appointment("1", "weg", day, day + timedelta(1), all_day=True))
    minute = instant(day, BERLIN) - timedelta(hours=1)
    minutes = (minute + timedelta(minutes=n) for n in range(27 * 60))
    away = [m for m in minutes if availability(person, BERLIN, m).kind is Presence.AWAY]
    assert {m.astimezone(ZoneInfo(BERLIN)).date() for m in away} == {day.date()}
    assert len(away) == (23 if change.month == 3 else 25) * 60
    assert next_change(person, BERLIN, away[0]) == away[-1] + timedelta(minutes=1)


def test_the_repeated_hour_is_told_apart_by_fold() -> None:
    first, second = local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 30, fold=1)
    assert instant(second, BERLIN) - instant(first, BERLIN) == timedelta(hours=1)
    person = erika(Appointment("1", "eine Stunde", first, second))
    assert availability(person, BERLIN, datetime(2026, 10, 25, 1, 0, tzinfo=UTC)).kind is Presence.AWAY
    assert availability(person, BERLIN, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)).kind is Presence.PRESENT


@pytest.mark.parametrize("wide", [(), (HOLIDAY_OVER_THE_CHANGE,)], ids=["alone", "within another"])
def test_what_ends_before_it_begins_never_changes_anything(wide: tuple[Appointment, ...]) -> None:
    """By the wall alone it lasts half an hour; on the tape its end comes first."""
    never = Appointment("2", "nie", local(2026, 10, 25, 2, 0, fold=1), local(2026, 10, 25, 2, 30))
    person = erika(*wide, never)
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert next_change(person, BERLIN, before) == next_change(erika(*wide), BERLIN, before)


def test_the_skipped_hour_does_not_exist() -> None:
    assert not exists(local(2027, 3, 28, 2, 30), BERLIN)
    assert exists(local(2027, 3, 28, 3, 0), BERLIN)
    assert exists(local(2026, 10, 25, 2, 30, fold=1), BERLIN)


def slow_reference(person: Employee, now: datetime) -> str:
    """The rule read aloud: of those that run the shortest, then the latest started, then the newest."""
    wall = [
        (instant(a.start, BERLIN).timestamp(), instant(a.end, BERLIN).timestamp(), a)
        for a in person.appointments
    ]
    running = [entry for entry in wall if entry[0] <= now.timestamp() < entry[1]]
    if not running:
        return person.absence_info
    shortest = min(end - start for start, end, _ in running)
    running = [entry for entry in running if entry[1] - entry[0] == shortest]
    latest = max(start for start, _, _ in running)
    return max((a for start, _, a in running if start == latest), key=lambda a: a.id).text


@st.composite
def appointments_at_a_clock_change(draw: st.DrawFn) -> tuple[Employee, datetime]:
    change = draw(st.sampled_from(CHANGES)).astimezone(ZoneInfo(BERLIN)).replace(tzinfo=None)
    made = []
    for number in range(draw(st.integers(1, 5))):
        start = change + timedelta(minutes=draw(st.integers(-50, 50)) * 30)
        length = timedelta(minutes=draw(st.integers(1, 60)) * 30)
        fold = draw(st.integers(0, 1))
        made.append(Appointment(str(number), f"Termin {number}", start.replace(fold=fold), start + length))
    moment = instant(change, BERLIN) + timedelta(minutes=draw(st.integers(-200, 200)) * 15)
    return erika(*made, absence_info=MORNINGS), moment


@given(appointments_at_a_clock_change())
def test_what_is_shown_is_what_the_slow_reference_says(case: tuple[Employee, datetime]) -> None:
    person, now = case
    assert availability(person, BERLIN, now).text == slow_reference(person, now)
    change = next_change(person, BERLIN, now)
    texts = {
        (now + timedelta(minutes=n)): slow_reference(person, now + timedelta(minutes=n))
        for n in range(0, 6000, 15)
    }
    first = next((moment for moment, text in texts.items() if text != texts[now]), None)
    assert change == first
