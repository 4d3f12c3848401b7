"""When the operator is told that something needs a person: each cause once, its end, and never a flood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.office.alarms import (
    CALM,
    CAUSES,
    GAP,
    SYSTEMS,
    Alarm,
    AlarmNews,
    AlarmTerms,
    after_telling,
    by_cause,
    news_of,
    noticed,
)
from rules.office.needs import Concern, Sighting

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TERMS = AlarmTerms(30 * MINUTE, 5 * MINUTE, 240 * MINUTE)


class Operator:
    """Plays rounds: `look` is one, with what is there by cause, since which minute; None: the database is
    away. `told`: every message with its minute."""

    def __init__(self, terms: AlarmTerms = TERMS, *, reached: bool = True) -> None:
        self.terms, self.reached = terms, reached
        self.alarms: tuple[Alarm, ...] = ()
        self.last: datetime | None = None
        self.told: list[tuple[int, AlarmNews]] = []

    def look(self, minute: int, there: Mapping[Concern, int | None]) -> AlarmNews:
        now = START + minute * MINUTE
        found = {}
        for cause in CAUSES:
            since = there.get(cause, -1)
            if since is None:
                continue
            moment = START + since * MINUTE if since >= 0 else None
            found[cause] = Sighting(cause, int(since >= 0), moment)
        self.alarms = noticed(self.alarms, found, now, self.terms)
        news = news_of(self.alarms, found, now, self.last, self.terms)
        if news and self.reached:
            self.alarms, self.last = after_telling(self.alarms, news, now), now
            self.told.append((minute, news))
        return news


def causes(news: AlarmNews) -> tuple[list[str], list[str], list[str]]:
    """New, still there and over."""
    return (
        [one.concern.value for one in news.new],
        [one.concern.value for one in news.still],
        [one.cause.value for one in news.over],
    )


def test_a_cause_is_told_from_its_age_on_once_and_so_is_its_end() -> None:
    operator = Operator()
    for minute in range(60):
        operator.look(minute, {Concern.FAILED: 3} if minute < 40 else {})
    assert [(minute, causes(news)) for minute, news in operator.told] == [
        (33, (["failed"], [], [])),
        (45, ([], [], ["failed"])),
    ]


def test_a_system_is_told_sooner_than_a_message() -> None:
    operator = Operator()
    for minute in range(20):
        operator.look(minute, {Concern.PBX: 0, Concern.FAILED: 0})
    assert [(minute, causes(news)[0]) for minute, news in operator.told] == [(5, ["pbx"])]


def test_what_comes_together_is_told_together_and_in_order() -> None:
    operator = Operator()
    there: Mapping[Concern, int | None] = dict.fromkeys(reversed(CAUSES), 0)
    assert causes(operator.look(30, there))[0] == [cause.value for cause in CAUSES]
    assert not operator.look(31, there)


def test_what_comes_soon_after_a_message_waits_for_the_next_one() -> None:
    operator = Operator()
    operator.look(5, {Concern.PBX: 0})
    for minute in range(6, 15):
        assert not operator.look(minute, {Concern.PBX: 0, Concern.MAIL: 0, Concern.SMS: 1})
    news = operator.look(15, {Concern.PBX: 0, Concern.MAIL: 0, Concern.SMS: 1})
    assert causes(news)[0] == ["mail", "sms"]


def test_while_it_lasts_it_is_told_again_after_hours_only() -> None:
    operator = Operator()
    for minute in range(0, 600, 5):
        operator.look(minute, {Concern.PBX: 0})
    assert [(minute, causes(news)) for minute, news in operator.told] == [
        (5, (["pbx"], [], [])),
        (245, ([], ["pbx"], [])),
        (485, ([], ["pbx"], [])),
    ]
    silent = Operator(AlarmTerms(30 * MINUTE, 5 * MINUTE))
    for minute in range(0, 600, 5):
        silent.look(minute, {Concern.PBX: 0})
    assert len(silent.told) == 1


def test_a_line_that_comes_and_goes_is_one_alarm() -> None:
    operator = Operator()
    for minute in range(200):
        away = minute % 4 != 3  # for longer than a round, for less than CALM
        operator.look(minute, {Concern.PBX: 0} if minute < 6 else {Concern.PBX: minute} if away else {})
    assert [causes(news) for _, news in operator.told] == [(["pbx"], [], [])]


def test_of_what_nobody_could_look_at_nothing_is_said() -> None:
    operator = Operator()
    operator.look(30, {Concern.FAILED: 0})
    for minute in range(31, 90):
        operator.look(minute, {Concern.FAILED: None, Concern.STORAGE: 31})
    assert [causes(news) for _, news in operator.told] == [(["failed"], [], []), (["storage"], [], [])]
    operator.look(90, {Concern.FAILED: 0, Concern.STORAGE: 31})
    assert len(operator.told) == 2, "it was there all the time"


def test_a_new_failure_after_the_old_ones_are_settled_is_an_alarm_of_its_own() -> None:
    operator = Operator()
    for minute in range(120):
        operator.look(minute, {Concern.FAILED: 0 if minute < 50 else 48})
    assert [(minute, causes(news)) for minute, news in operator.told] == [
        (30, (["failed"], [], [])),
        (55, ([], [], ["failed"])),
        (78, (["failed"], [], [])),
    ]


def test_what_could_not_be_told_is_told_when_it_can() -> None:
    operator = Operator(reached=False)
    assert operator.look(5, {Concern.MAIL: 0})
    assert operator.look(6, {Concern.MAIL: 0}), "nothing is out, so there is nothing to wait for"
    operator.reached = True
    assert causes(operator.look(7, {Concern.MAIL: 0}))[0] == ["mail"]
    assert not operator.look(8, {Concern.MAIL: 0})


def test_a_clock_that_was_put_back_neither_silences_nor_repeats() -> None:
    operator = Operator()
    operator.look(600, {Concern.PBX: 500})
    assert not operator.look(10, {Concern.PBX: 0}), "the same one"
    assert causes(operator.look(11, {Concern.PBX: 0, Concern.MAIL: 5}))[0] == ["mail"]


def test_rows_of_the_page_that_are_no_alarm_stay_there() -> None:
    found = [Sighting(concern, 1, START) for concern in Concern]
    assert by_cause(found).keys() == set(CAUSES)
    assert set(CAUSES) >= SYSTEMS


moves = st.lists(st.tuples(st.sampled_from(CAUSES), st.integers(0, 25)), max_size=16)


@given(moves=moves, remind=st.sampled_from([None, 20, 60]))
@example(moves=[(Concern.PBX, 6), (Concern.PBX, 7)] * 10, remind=None)
@settings(max_examples=40, deadline=None)
def test_whatever_happens(moves: list[tuple[Concern, int]], remind: int | None) -> None:
    """Causes come and go; at the end all is quiet for long."""
    terms = replace(TERMS, remind_after=None if remind is None else remind * MINUTE)
    operator, there, minute = Operator(terms), dict[Concern, int | None](), 0
    for cause, wait in moves:
        if cause in there:
            del there[cause]
        else:
            there[cause] = minute
        for _ in range(wait):
            operator.look(minute, there)
            minute += 1
    for _ in range(int((CALM + GAP) / MINUTE) + 1):
        operator.look(minute, {})
        minute += 1

    minutes = [at for at, _ in operator.told]
    assert all(b - a >= GAP / MINUTE for a, b in pairwise(minutes)), "never a flood"
    on: dict[str, int] = {}
    for at, news in operator.told:
        new, still, over = causes(news)
        assert not set(new) & on.keys(), "once until it is over"
        assert on.keys() >= {*still, *over}
        for cause_again in still:
            assert remind is not None
            assert at - on[cause_again] >= remind
        on = {name: since for name, since in on.items() if name not in over} | dict.fromkeys(
            [*new, *still], at
        )
    assert on == {}, "each alarm has its end"
    assert operator.alarms == ()
