from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.calls.nobody_free import (
    LONGEST_SAID,
    CallerStep,
    caller_step,
    fits_in_plan,
    in_plan,
    keeps_files,
    takes_messages,
)
from rules.calls.nobody_free import NextStep as Do
from rules.calls.nobody_free import StepReason as As
from rules.fault import Fault
from rules.fields.nobody_free import AS_EVER, Ending, NobodyFree, Outside
from rules.text.holidays import HouseDays
from rules.text.working_hours import WorkingHours, read_week

BERLIN = "Europe/Berlin"


def hours(text: str, state: str = "BE") -> WorkingHours:
    week = read_week(text)
    assert week
    assert not isinstance(week, Fault)
    return WorkingHours(week, state)


OFFICE = NobodyFree(hours("Mo–Fr 8–18"), Outside.MESSAGE, 40, Ending.ANNOUNCEMENT, "spaeter")


def wall(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN), fold=fold)


@pytest.mark.parametrize(
    "policy, moment, waited, step",
    [
        (AS_EVER, "2026-11-29T03:00", 0, CallerStep(Do.WAIT, As.OPEN, 300)),
        (AS_EVER, "2026-11-29T03:00", 299, CallerStep(Do.WAIT, As.OPEN, 1)),
        (AS_EVER, "2026-11-29T03:00", 300, CallerStep(Do.HANG_UP, As.LATE)),
        (OFFICE, "2026-11-30T08:00", 0, CallerStep(Do.WAIT, As.OPEN, 40)),
        (OFFICE, "2026-11-30T07:59", 0, CallerStep(Do.MESSAGE, As.CLOSED)),
        (OFFICE, "2026-11-30T17:59", 0, CallerStep(Do.WAIT, As.OPEN, 40)),
        (OFFICE, "2026-11-30T18:00", 0, CallerStep(Do.MESSAGE, As.CLOSED)),
        (OFFICE, "2026-11-30T18:00", 20, CallerStep(Do.WAIT, As.OPEN, 20)),
        (OFFICE, "2026-11-30T18:00", 40, CallerStep(Do.ANNOUNCEMENT, As.LATE)),
        (OFFICE, "2026-11-28T10:00", 0, CallerStep(Do.MESSAGE, As.CLOSED)),
        (OFFICE, "2026-12-25T10:00", 0, CallerStep(Do.MESSAGE, As.HOLIDAY)),
        (replace(OFFICE, outside=Outside.BUSY), "2026-12-25T10:00", 0, CallerStep(Do.BUSY, As.HOLIDAY)),
        (replace(OFFICE, hours=hours("Mo–Fr 8–18", "")), "2026-12-25T10:00", 0,
         CallerStep(Do.WAIT, As.OPEN, 40)),
        (replace(OFFICE, ending=Ending.BUSY), "2026-11-30T09:00", 41, CallerStep(Do.BUSY, As.LATE)),
        (replace(OFFICE, ending=Ending.MESSAGE), "2026-11-30T09:00", 41, CallerStep(Do.MESSAGE, As.LATE)),
        (replace(OFFICE, hours=hours("Mo 0–24")), "2026-11-30T23:59", 0, CallerStep(Do.WAIT, As.OPEN, 40)),
    ],
)  # fmt: skip
def test_what_happens_to_a_caller_now(policy: NobodyFree, moment: str, waited: int, step: CallerStep) -> None:
    assert caller_step(policy, BERLIN, wall(moment), waited) == step


@pytest.mark.parametrize(
    "moment, fold, step",
    [
        ("2026-10-25T02:30", 0, Do.WAIT),  # the hour that there is twice: both times
        ("2026-10-25T02:30", 1, Do.WAIT),
        ("2026-10-25T01:59", 0, Do.MESSAGE),
        ("2026-10-25T03:00", 0, Do.MESSAGE),
        ("2026-03-29T01:59", 0, Do.MESSAGE),
        (
            "2026-03-29T03:00",
            0,
            Do.MESSAGE,
        ),  # right after 01:59: the hour is left out, and nobody was there
    ],
)
def test_hours_follow_the_clock_on_the_wall_over_both_changes(moment: str, fold: int, step: Do) -> None:
    night = replace(OFFICE, hours=hours("So 2–3"))
    assert caller_step(night, BERLIN, wall(moment, fold)).step is step


def test_an_hour_on_the_clock_is_as_long_as_the_change_makes_it() -> None:
    night = replace(OFFICE, hours=hours("So 1–4"))

    def open_minutes(first: str) -> int:
        start = wall(first).astimezone(ZoneInfo("UTC"))
        moments = (start + timedelta(minutes=n) for n in range(6 * 60))
        return sum(caller_step(night, BERLIN, moment).step is Do.WAIT for moment in moments)

    assert open_minutes("2026-03-29T00:00") == 2 * 60
    assert open_minutes("2026-10-25T00:00") == 4 * 60
    assert open_minutes("2026-10-18T00:00") == 3 * 60


@pytest.mark.parametrize(
    "policy, said",
    [
        (AS_EVER, "300|hang_up|message||Europe/Berlin||"),
        (
            replace(OFFICE, hours=hours("Mo–Do 8–12, 13–17; Fr 8–14; So 0–24", "")),
            "40|announcement|message|spaeter|Europe/Berlin|"
            "mon-thu_08:00-11:59~mon-thu_13:00-16:59~fri_08:00-13:59~sun_00:00-23:59|",
        ),
        (
            replace(OFFICE, hours=WorkingHours(((),) * 7), announcement=""),
            "40|announcement|message||Europe/Berlin|never|",
        ),
        (replace(AS_EVER, call_back="rueckruf"), "300|hang_up|message||Europe/Berlin|||rueckruf"),
        (replace(AS_EVER, music="ruhig"), "300|hang_up|message||Europe/Berlin||||ruhig"),
    ],
)
def test_the_dial_plan_is_told_in_its_own_words(policy: NobodyFree, said: str) -> None:
    assert in_plan(policy, BERLIN, date(2026, 11, 29)) == said


def test_the_dial_plan_knows_the_holidays_of_more_than_a_year() -> None:
    said = in_plan(OFFICE, BERLIN, date(2026, 12, 25))
    free = said.rpartition("|")[2].split("~")
    assert free[:3] == ["20261225", "20261226", "20270101"]
    assert free[-1] == "20280101"
    assert "," not in said


@pytest.mark.parametrize(
    "policy, takes",
    [
        (AS_EVER, False),  # what is set for the time outside the hours means nothing without hours
        (OFFICE, True),
        (replace(OFFICE, outside=Outside.BUSY), False),
        (replace(OFFICE, outside=Outside.BUSY, ending=Ending.MESSAGE), True),
    ],
)
def test_who_may_ever_hear_the_tone(policy: NobodyFree, takes: bool) -> None:
    assert takes_messages(policy) is keeps_files(policy) is takes
    assert keeps_files(replace(policy, call_back="rueckruf"))


@pytest.mark.parametrize("spans, fits, told", [(1, True, 60), (4, True, 20), (6, False, 2), (12, False, 0)])
def test_one_line_is_never_longer_than_the_pbx_takes(spans: int, fits: bool, told: int) -> None:
    """Of many holidays the nearest are told, and all of three months, or the hours are refused."""
    day = tuple((60 * hour, 60 * hour + 30) for hour in range(spans))
    week = tuple(day if at % 2 else (*day, (1380, 1400)) for at in range(7))  # no two days are alike
    first = date(2026, 11, 23)
    days = frozenset(first + timedelta(days=7 * ahead) for ahead in range(57))
    policy = NobodyFree(WorkingHours(week, "BE", HouseDays(free=days)), call_back="b", music="m")
    said = in_plan(policy, BERLIN, first)
    *_, holidays, call_back, music = said.split("|")
    found = [one for one in holidays.split("~") if one]
    assert (call_back, music) == ("b", "m")
    assert len(said) <= LONGEST_SAID or spans == 12, "the office has refused these"
    assert fits_in_plan(policy, BERLIN, first) is fits
    assert len(found) >= told
    assert found == sorted(found)
    assert found[:1] == (["20261123"] if told else [])
