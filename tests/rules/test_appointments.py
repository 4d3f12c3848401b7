from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from rules.customers.month_grid import neighbour, weeks
from rules.fault import Fault
from rules.model import Appointment
from rules.presence import appointment_form as form
from rules.presence.appointments import is_past, last_day, replaced, stretches, ways_out
from rules.presence.availability import exists, instant
from rules.stepwise import at_once
from rules.text.typed_moments import read_day
from tests.rules.sample_facts import BERLIN, ERIKA, JENS, MONDAY_TEN, berlin, local
from tests.rules.test_availability import CHANGES, HOLIDAY, MEETING, erika


def typed(text: str = "im Urlaub", **values: str) -> dict[str, str]:
    return dict.fromkeys(form.KEYS, "") | {"text": text} | values


def read(**values: str) -> Appointment | tuple[Fault, ...]:
    return form.read(typed(**values), BERLIN, now=MONDAY_TEN)


def codes(found: Appointment | tuple[Fault, ...]) -> list[tuple[str, str]]:
    assert isinstance(found, tuple), found
    return [(fault.field, fault.code) for fault in found]


def test_whole_days_hold_through_the_last_day() -> None:
    found = read(start_day="2026-10-01", end_day="2026-10-17")
    assert found == Appointment("", "im Urlaub", local(2026, 10, 1), local(2026, 10, 18), all_day=True)
    assert last_day(found) == date(2026, 10, 17)


def test_without_a_last_day_it_is_one_day() -> None:
    found = read(start_day="24.12.2026")
    assert found == Appointment("", "im Urlaub", local(2026, 12, 24), local(2026, 12, 25), all_day=True)


def test_with_times_it_ends_on_the_minute() -> None:
    found = read(start_day="1.10.26", start_time="9", end_day="", end_time="14:05 Uhr", reachable="yes")
    assert found == Appointment(
        "", "im Urlaub", local(2026, 10, 1, 9), local(2026, 10, 1, 14, 5), reachable=True
    )


@pytest.mark.parametrize(
    "start, end, first, last",
    [
        ("5.12.", "", date(2026, 12, 5), date(2026, 12, 5)),
        ("5.12", "7. 12.", date(2026, 12, 5), date(2026, 12, 7)),
        ("5/12", "05/12/", date(2026, 12, 5), date(2026, 12, 5)),
        ("20.11.", "5.12.", date(2026, 11, 20), date(2026, 12, 5)),  # it has begun
        ("28.12.", "3.1.", date(2026, 12, 28), date(2027, 1, 3)),
        ("2.1.", "", date(2027, 1, 2), date(2027, 1, 2)),
        ("28.12.2027", "3.1.", date(2027, 12, 28), date(2028, 1, 3)),  # near to its beginning, not to today
    ],
)
def test_a_day_without_its_year_is_the_nearest(start: str, end: str, first: date, last: date) -> None:
    found = read(start_day=start, end_day=end)
    assert isinstance(found, Appointment), found
    assert (found.start.date(), last_day(found)) == (first, last)


@pytest.mark.parametrize(
    "typed", ["24:00", "24 Uhr", "24", "24.00", "24:00 Uhr", "24:00:00", "24 Uhr 00", " 24 h "]
)
def test_a_day_ends_at_24(typed: str) -> None:
    found = read(start_day="1.12.2026", start_time="20", end_day="", end_time=typed)
    assert isinstance(found, Appointment), found
    assert (found.start, found.end) == (local(2026, 12, 1, 20), local(2026, 12, 2))
    found = read(start_day="1.12.2026", start_time=typed, end_day="2.12.2026", end_time="6 Uhr 30")
    assert isinstance(found, Appointment), found
    assert (found.start, found.end) == (local(2026, 12, 2), local(2026, 12, 2, 6, 30))
    late = read(start_day="1.12.2026", start_time="20", end_day="", end_time="24:01")
    assert codes(late) == [("end_time", "no_time")]


WRITTEN = (
    "1.12.2026", "1. 12. 2026", "01.12.26", "1/12/2026", "2026-12-01", "1.12.", "1. Dezember 2026",
    "1. Dezember", "1 Dez 2026", "1. Dez. 26", "1.Dezember 2026", "Di 1.12.2026", "Di, 1.12.", "Di., 1. Dez.",
    "Dienstag, 1. Dezember 2026", "dienstag 01.12.26", "Tue 1 December 2026", "December 1, 2026",
    "Tuesday, Dec 1, 2026", "1st of December 2026",
    "1.\u00a0Dezember\u00a02026",
)  # fmt: skip


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read_day(typed, date(2026, 11, 23)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("3. März 2027", date(2027, 3, 3)), ("3. Ma\u0308rz 2027", date(2027, 3, 3)),
     ("2. Mai 2027", date(2027, 5, 2)),
     ("So 2. Mai 2027", date(2027, 5, 2)), ("31. Jänner 2027", date(2027, 1, 31)),
     ("Do 31.12.", date(2026, 12, 31))],
)  # fmt: skip
def test_every_month_has_its_names(typed: str, day: date) -> None:
    assert read_day(typed, date(2026, 11, 23)) == day


@pytest.mark.parametrize(
    "typed",
    ["Mo 1.12.2026", "Montag, 1. Dezember 2026", "31. November 2026", "1. Brumaire 2026",
     "Di", "Dezember", "Di 12", "x 1.12.2026"]
)  # fmt: skip
def test_what_is_no_such_day_is_none(typed: str) -> None:
    """The first of December 2026 is a Tuesday."""
    assert read_day(typed, date(2026, 11, 23)) is None


@pytest.mark.parametrize(
    "text, around, found",
    [
        ("29.2.", date(2027, 11, 1), date(2028, 2, 29)),
        ("29.2.", date(2026, 6, 1), None),  # none anywhere near
        ("31.6.", date(2026, 6, 1), None),
        ("5.13.", date(2026, 6, 1), None),
        ("5.12.", None, None),
        ("5-12", date(2026, 6, 1), None),
        ("1.1.", date(1, 1, 1), None),
    ],
)
def test_no_day_is_made_up(text: str, around: date | None, found: date | None) -> None:
    assert read_day(text, around) == found


@pytest.mark.parametrize(
    "values, expected",
    [
        ({"start_day": ""}, [("start_day", "needed")]),
        ({"start_day": "31.6.2026"}, [("start_day", "no_day")]),
        ({"start_day": "2026-06-30", "end_day": "bald"}, [("end_day", "no_day")]),
        ({"start_day": "2062-06-30"}, [("start_day", "too_far")]),
        ({"start_day": "2026-06-30", "end_day": "2026-06-29"}, [("end_day", "not_after")]),
        ({"start_day": "2026-06-30", "start_time": "9:00"}, [("end_time", "one_time")]),
        ({"start_day": "2026-06-30", "end_time": "9:00"}, [("start_time", "one_time")]),
        ({"start_day": "2026-06-30", "start_time": "25:00", "end_time": "9"}, [("start_time", "no_time")]),
        ({"start_day": "2026-06-30", "start_time": "9", "end_time": "9"}, [("end_time", "not_after")]),
        ({"start_day": "2026-06-30", "text": " "}, [("text", "needed")]),
        ({"start_day": "2026-06-30", "text": "x" * 501}, [("text", "too_long")]),
        (
            {"start_day": "2027-03-28", "start_time": "2:30", "end_time": "5"},
            [("start_time", "no_such_time")],
        ),
        ({"start_day": "2026-10-25", "start_time": "2:30", "end_time": "5"}, [("start_time", "twice")]),
        ({"start_day": "2026-10-25", "start_time": "1", "end_time": "2:30"}, [("end_time", "twice")]),
        ({"start_day": "", "start_time": "x", "text": ""},
         [("text", "needed"), ("start_day", "needed"), ("start_time", "no_time"), ("end_time", "one_time")]),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_field(values: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert codes(read(**values)) == expected


def test_a_time_that_does_not_exist_is_refused_with_the_next_that_does() -> None:
    found = read(start_day="2027-03-28", start_time="2:30", end_time="5")
    assert isinstance(found, tuple)
    assert found[0].params == {"typed": "02:30", "next": "03:30"}


def test_of_a_time_that_exists_twice_the_answer_decides() -> None:
    hours = {"start_day": "2026-10-25", "start_time": "2:30", "end_time": "2:30"}
    found = read(**hours, start_twice="first", end_twice="second")
    assert isinstance(found, Appointment)
    assert instant(found.end, BERLIN) - instant(found.start, BERLIN) == timedelta(hours=1)
    assert codes(read(**hours, start_twice="second", end_twice="first")) == [("end_time", "not_after")]
    backwards = {"start_day": "2026-10-25", "start_time": "2:50", "end_time": "2:10"}
    assert codes(read(**backwards, start_twice="first", end_twice="second")) == [("end_time", "backwards")]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_half_hour_of_a_clock_change_can_be_typed_is_refused_or_asked_about(change: datetime) -> None:
    """Written and read again it is the same; refused is what no clock shows, asked what it shows twice."""
    day = change.date()
    shown = [berlin_clock(change + timedelta(minutes=30 * n)) for n in range(-60, 60)]
    for hour, minute in product(range(24), (0, 30)):
        wall = local(day.year, day.month, day.day, hour, minute)
        values = {"start_day": day.isoformat(), "start_time": f"{hour}:{minute:02}"}
        end = {"end_day": (day + timedelta(2)).isoformat(), "end_time": "12:00"}
        answers = [read(**values, **end, start_twice=answer) for answer in ("", "first", "second")]
        times = shown.count(wall)
        expected = {0: ["no_such_time"] * 3, 1: [""] * 3, 2: ["twice", "", ""]}[times]
        assert [codes(a)[0][1] if isinstance(a, tuple) else "" for a in answers] == expected
        for answer in answers:
            if isinstance(answer, Appointment):
                again = form.read(form.write(answer, BERLIN), BERLIN, now=MONDAY_TEN)
                assert again == answer
                assert isinstance(again, Appointment)
                assert (again.start.fold, exists(again.start, BERLIN)) == (answer.start.fold, True)


def berlin_clock(moment: datetime) -> datetime:
    return moment.astimezone(berlin(2026, 1, 1).tzinfo).replace(tzinfo=None, fold=0)


def test_whole_days_are_written_with_their_last_day() -> None:
    values = form.write(HOLIDAY, BERLIN)
    assert (values["start_day"], values["end_day"], values["start_time"]) == ("2026-10-01", "2026-10-17", "")


def test_stretches_tell_which_appointment_holds_when() -> None:
    person = erika(HOLIDAY, MEETING, absence_info="nur vormittags")
    found = at_once(stretches(person, BERLIN, berlin(2026, 9, 30), berlin(2026, 10, 20)))
    assert [(s.start, s.holds.source_id or s.holds.text) for s in found] == [
        (berlin(2026, 9, 30), "nur vormittags"),
        (berlin(2026, 10, 1), HOLIDAY.id),
        (berlin(2026, 10, 5, 10), MEETING.id),
        (berlin(2026, 10, 5, 11), HOLIDAY.id),
        (berlin(2026, 10, 18), "nur vormittags"),
    ]
    assert found[-1].end == berlin(2026, 10, 20)


def test_the_wider_one_is_replaced_while_the_narrower_runs() -> None:
    person = erika(HOLIDAY, MEETING)
    hidden = at_once(replaced(HOLIDAY, person, BERLIN))
    assert [(s.start, s.end) for s in hidden] == [(berlin(2026, 10, 5, 10), berlin(2026, 10, 5, 11))]
    assert at_once(replaced(MEETING, person, BERLIN)) == ()


def test_it_is_past_from_its_end_on() -> None:
    assert not is_past(HOLIDAY, BERLIN, berlin(2026, 10, 17, 23, 59))
    assert is_past(HOLIDAY, BERLIN, berlin(2026, 10, 18))


def test_a_month_has_whole_weeks_and_everything_on_its_days() -> None:
    jens = Appointment("j", "Messe", local(2026, 9, 28, 8), local(2026, 9, 29, 0))
    people = [
        erika(HOLIDAY, MEETING),
        type(JENS)("jens", "Jens Meier", "Jens", "Meier", appointments=(jens,)),
    ]
    grid = at_once(weeks(2026, 10, people, 12))
    assert [len(week) for week in grid] == [7] * 5
    days = {day.date: [bar.appointment.id for bar in day.bars] for week in grid for day in week}
    assert days[date(2026, 9, 28)] == ["j"]
    assert days[date(2026, 9, 29)] == []  # it ended at midnight
    assert days[date(2026, 10, 5)] == [HOLIDAY.id, MEETING.id]
    assert days[date(2026, 10, 17)] == [HOLIDAY.id]
    assert days[date(2026, 10, 18)] == []
    spans = {day.date: [bar and bar.span for bar in day.lanes] for week in grid for day in week}
    assert (spans[date(2026, 10, 5)], spans[date(2026, 10, 12)]) == ([7, 1], [6]), "a bar for each week"
    assert spans[date(2026, 10, 16)] == [0]
    assert {day.inside for day in grid[0][:3]} == {False}
    assert (neighbour(2026, 12, 1), neighbour(2026, 1, -1)) == ((2027, 1), (2025, 12))


BEYOND = {
    # begins, ends (not included) → of each week's bar whether it lies before that week, and after it
    "within a week": ((2026, 11, 10), (2026, 11, 13), [(False, False)]),
    "a whole week": ((2026, 11, 9), (2026, 11, 16), [(False, False)]),
    "two weeks": ((2026, 11, 12), (2026, 11, 18), [(False, True), (True, False)]),
    "since the month before": ((2026, 9, 1), (2026, 10, 28), [(True, False)]),
    "since the last Sunday before": ((2026, 10, 25), (2026, 10, 27), [(True, False)]),
    "into the month after": ((2026, 12, 3), (2027, 2, 1), [(False, True)]),
    "all over it": ((2026, 1, 1), (2027, 2, 1), [(True, True)] * 6),
}


@pytest.mark.parametrize("case", BEYOND)
def test_a_bar_shows_that_it_goes_on_beyond_its_week(case: str) -> None:
    begins, ends, expected = BEYOND[case]
    away = Appointment("a", "Urlaub", local(*begins), local(*ends))
    grid = at_once(weeks(2026, 11, [erika(away)], 12))
    bars = [[bar for day in week for bar in day.bars] for week in grid]
    assert [(week[0].began_before, week[0].goes_on) for week in bars if week] == expected
    assert all(
        (bar.began_before, bar.goes_on) == (w[0].began_before, w[0].goes_on) for w in bars for bar in w
    )


def test_ready_answers_to_until() -> None:
    monday = berlin(2026, 11, 23, 10, 7)
    assert [(way.code, way.end) for way in ways_out(BERLIN, monday)] == [
        ("hour", local(2026, 11, 23, 11, 15)),
        ("today", local(2026, 11, 24)),
        ("tomorrow", local(2026, 11, 25)),
        ("week", local(2026, 11, 30)),
        ("next_week", local(2026, 12, 7)),
    ]
    sunday = [way.code for way in ways_out(BERLIN, berlin(2026, 11, 29, 23, 30))]
    assert sunday == ["today", "hour", "tomorrow", "next_week"]


@pytest.mark.parametrize("minutes", range(-180, 180, 30))
def test_an_hour_from_now_is_one_over_clock_changes_too(minutes: int) -> None:
    for change in CHANGES:
        now = change + timedelta(minutes=minutes)
        hour = next(way for way in ways_out(BERLIN, now) if way.code == "hour")
        assert instant(hour.end, BERLIN) - now.astimezone(UTC) == timedelta(hours=1)


def test_people_without_appointments_have_an_empty_month() -> None:
    assert not any(day.lanes for week in at_once(weeks(2026, 11, [ERIKA], 12)) for day in week)
