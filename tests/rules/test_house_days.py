"""What a house counts as a holiday beside the law, or against it; and whom that reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.calls.nobody_free import ANNOUNCED_AHEAD, StepReason, caller_step, in_plan
from rules.customers.nobody_free import read_policy, texts_of
from rules.fields.nobody_free import AS_EVER
from rules.model import NobodyFree
from rules.office.typed_holidays import MOST, NEW, read_house_day
from rules.text.holidays import AS_THE_LAW, STATES, HouseDay, by_state, holidays, is_free, listed
from rules.text.working_hours import WorkingHours, counting, read_week, shift_at

BERLIN = "Europe/Berlin"
MAY_8, OCT_31, MAY_1 = date(2027, 5, 8), date(2027, 10, 31), date(2027, 5, 1)
LIBERATION = HouseDay(MAY_8, "BE", True, "Tag der Befreiung")
EVERYWHERE = HouseDay(OCT_31, "", True, "Reformationstag")
NOT_THERE = HouseDay(OCT_31, "BY", False, "Kein Feiertag")
NONE_OF_MAY = HouseDay(MAY_1, "", False, "Wird nachgeholt")
TYPED = {"day": "8.5.2027", "state": "BE", "kind": "free", "name": " Tag  der Befreiung "}


def test_what_a_state_says_goes_before_what_holds_for_all() -> None:
    own = by_state([EVERYWHERE, NOT_THERE, LIBERATION, NONE_OF_MAY])
    assert set(own) == set(STATES)
    free = {state for state in STATES if is_free(OCT_31, state, own[state])}
    assert free == set(STATES) - {"BY"}
    assert {state for state in STATES if is_free(MAY_8, state, own[state])} == {"BE"}
    assert not any(is_free(MAY_1, state, own[state]) for state in STATES)
    assert all(is_free(MAY_1, state) for state in STATES)
    assert not is_free(MAY_8, "", own["BE"])


def test_a_house_that_says_nothing_counts_as_the_law() -> None:
    assert by_state([]) == {}
    days = (date(2027, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    assert {day for day in days if is_free(day, "SN", AS_THE_LAW)} == holidays(2027, "SN")


def test_the_list_of_a_year_has_the_law_and_the_house_in_one_order() -> None:
    found = listed(2027, "BE", [LIBERATION, EVERYWHERE, NONE_OF_MAY, replace(LIBERATION, state="BY")], "de")
    by_day = {one.day: one for one in found}
    assert [one.day for one in found] == sorted(holidays(2027, "BE") | {MAY_8, OCT_31})
    assert (by_day[MAY_8].name, by_day[MAY_8].counts, by_day[MAY_8].own) == (
        "Tag der Befreiung",
        True,
        LIBERATION,
    )
    assert (by_day[MAY_1].name, by_day[MAY_1].counts) == ("Erster Mai", False)
    assert by_day[date(2027, 1, 1)].own is None
    assert {one.name for one in listed(2027, "BE", [], "en")} >= {"New Year's Day"}
    assert listed(2027, "BE", [], "xx") == listed(2027, "BE", [], "de")


def test_hours_and_the_dial_plan_count_the_days_of_the_house() -> None:
    week = read_week("Mo–So 8–18")
    assert isinstance(week, tuple)
    own = by_state([LIBERATION, replace(LIBERATION, day=MAY_1, free=False)])["BE"]
    hours = counting(WorkingHours(week, "BE"), own)
    assert hours is not None
    policy = NobodyFree(hours)
    for day, free in ((MAY_8, True), (MAY_1, False), (date(2027, 5, 9), False)):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
        assert shift_at(hours, BERLIN, noon).there is not free
        assert (caller_step(policy, BERLIN, noon).why is StepReason.HOLIDAY) is free
    told = in_plan(policy, BERLIN, MAY_8 - ANNOUNCED_AHEAD).rpartition("|")[2].split("~")
    assert told[-1] == "20270508"
    assert "20270501" not in told
    assert "20270508" not in in_plan(policy, BERLIN, MAY_8 - ANNOUNCED_AHEAD - timedelta(days=1))


def test_nothing_said_leaves_the_hours_the_same() -> None:
    assert counting(None, AS_THE_LAW) is None
    hours = WorkingHours(((),) * 7, "BE")
    assert counting(hours, None) is hours


def test_a_policy_that_is_typed_counts_them_too() -> None:
    own = by_state([LIBERATION])["BE"]
    typed = texts_of(AS_EVER, AS_EVER) | {"hours": "Mo–Fr 8–18", "outside": "busy"}
    policy = read_policy(typed, "BE", (), own=own)
    assert isinstance(policy, NobodyFree)
    assert policy.hours is not None
    assert (policy.hours.state, policy.hours.own) == ("BE", own)


def test_a_day_is_read_as_people_write_it() -> None:
    assert read_house_day(TYPED, ()) == LIBERATION
    assert read_house_day(TYPED | {"day": "2027-05-08"}, ()) == LIBERATION
    of_all = TYPED | {"day": "31.10.27", "state": "", "name": "Reformationstag"}
    assert read_house_day(of_all, ()) == EVERYWHERE
    assert set(NEW) == set(TYPED)


@pytest.mark.parametrize(
    "typed, there, field, code",
    [
        ({"day": "bald"}, (), "day", "house_day_unreadable"),
        ({"day": "8.5.2207"}, (), "day", "house_day_year"),
        ({"day": "8.5.0027"}, (), "day", "house_day_year"),
        ({"state": "XX"}, (), "state", "house_day_state"),
        ({"kind": "half"}, (), "kind", "house_day_kind"),
        ({"name": " "}, (), "name", "required"),
        ({"name": "x" * 61}, (), "name", "too_long"),
        ({}, (LIBERATION,), "day", "house_day_twice"),
        ({"day": "1.5.2027"}, (), "day", "house_day_free_already"),
        ({"day": "1.5.2027", "state": ""}, (), "day", "house_day_free_already"),
        ({"kind": "working"}, (), "day", "house_day_works_already"),
        ({"day": "31.10.2027", "kind": "working"}, (), "day", "house_day_works_already"),
        (
            {},
            tuple(HouseDay(MAY_8 + timedelta(days=at), "SN", True, "x") for at in range(1, MOST + 1)),
            "day",
            "house_day_full",
        ),
    ],
)
def test_each_fault_names_its_field(
    typed: dict[str, str], there: tuple[HouseDay, ...], field: str, code: str
) -> None:
    found = read_house_day(TYPED | typed, there)
    assert isinstance(found, tuple)
    assert [(one.field, one.code) for one in found] == [(field, code)]


def test_one_state_may_be_told_otherwise_than_all() -> None:
    typed = TYPED | {"day": "31.10.2027", "state": "BY", "kind": "working", "name": "Kein Feiertag"}
    assert read_house_day(typed, (EVERYWHERE,)) == NOT_THERE
