"""A month's statement: by hand, by a slower reckoning with fractions, and by what must hold for any usage."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.billing.contract import ContractGap
from rules.billing.statement import Adjustment, LineKind, Statement, StatementLine, half_up, statement
from rules.billing.terms import MOST_MICROS, STEPS, CallTime, Terms, faults, versions
from rules.billing.usage import Usage, UsageKind, in_steps

BERLIN = "Europe/Berlin"
EURO = 1_000_000
OCTOBER = date(2026, 10, 1)


def call(at: str, number: int = 1, **seconds: int) -> Usage:
    spent = {CallTime(kind): count for kind, count in seconds.items()}
    return Usage(
        f"c{number}", datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(BERLIN)), UsageKind.CALL, spent
    )


def sms(at: str, number: int = 1, parts: int = 1) -> Usage:
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(BERLIN))
    return Usage(f"s{number}", moment, UsageKind.SMS, parts=parts)


def of(kind: LineKind, made: Statement) -> list[StatementLine]:
    return [line for line in made.lines if line.kind is kind]


# ---- by hand

PREMIUM = Terms(
    date(2026, 1, 1),
    base_micros=49 * EURO,
    included_calls=2,
    call_micros=1_250_000,
    billed_from=10,
    minute_micros=990_000,
    step=60,
    put_through_minute_micros=120_000,
)


def test_a_month_by_hand() -> None:
    used = [
        call("2026-10-01T08:00", 1, talk=61, hold=30),
        call("2026-10-02T08:00", 2, talk=9),
        call("2026-10-03T08:00", 3, talk=120, put_through=61),
        call("2026-10-04T08:00", 4, talk=10, wrap_up=300),
        sms("2026-10-04T09:00", 5, parts=2),
    ]
    made = statement(OCTOBER, BERLIN, [PREMIUM], used)
    assert [(line.kind, line.quantity, line.included, line.cents) for line in made.lines] == [
        (LineKind.BASE, 31, 0, 4_900),
        (LineKind.CALLS, 1, 2, 125),
        (LineKind.TIME, 300, 0, 495),
        (LineKind.PUT_THROUGH, 120, 0, 24),
        (LineKind.SMS, 2, 0, 20),
    ]
    assert made.cents == 5_564
    assert of(LineKind.TIME, made)[0].usage == ("c1", "c3", "c4"), "nine seconds are no call"


def test_hold_is_billed_only_where_the_tariff_says_so() -> None:
    used = [call("2026-10-01T08:00", talk=30, hold=60)]
    plain = replace(PREMIUM, step=1, base_micros=0, included_calls=0, call_micros=0)
    held = replace(plain, counted=frozenset({CallTime.TALK, CallTime.HOLD}))
    assert of(LineKind.TIME, statement(OCTOBER, BERLIN, [plain], used))[0].quantity == 30
    assert of(LineKind.TIME, statement(OCTOBER, BERLIN, [held], used))[0].quantity == 90


def test_a_new_price_in_mid_month_splits_it() -> None:
    dearer = replace(PREMIUM, first_day=date(2026, 10, 16), base_micros=80 * EURO, call_micros=2 * EURO)
    used = [call(f"2026-10-{day:02}T23:59:59", day, talk=20) for day in range(1, 32)]
    made = statement(OCTOBER, BERLIN, [dearer, PREMIUM], used)
    base, calls = of(LineKind.BASE, made), of(LineKind.CALLS, made)
    assert [(line.first.day, line.last.day) for line in base] == [(1, 15), (16, 31)]
    assert [line.cents for line in base] == [2_371, 4_129], "49 × 15/31 and 80 × 16/31"
    assert [(line.quantity, line.included, line.cents) for line in calls] == [(14, 1, 1_750), (15, 1, 3_000)]


def test_too_little_is_filled_up_and_a_correction_is_a_line_of_its_own() -> None:
    terms = replace(PREMIUM, minimum_micros=60 * EURO)
    back = Adjustment("k1", date(2026, 10, 31), -500, "Doppelt berechnet im September.")
    made = statement(OCTOBER, BERLIN, [terms], [], [back, replace(back, id="k2", day=date(2026, 11, 1))])
    assert [(line.kind, line.cents) for line in made.lines] == [
        (LineKind.BASE, 4_900),
        (LineKind.MINIMUM, 1_100),
        (LineKind.ADJUSTMENT, -500),
    ]


def test_a_contract_pays_for_its_days_and_what_nobody_priced_is_said() -> None:
    used = [call("2026-10-09T12:00", 1, talk=60), call("2026-10-21T12:00", 2, talk=60)]
    gaps = ContractGap(date.min, date(2026, 10, 9)), ContractGap(date(2026, 10, 20), date.max)
    made = statement(OCTOBER, BERLIN, [PREMIUM], used, gaps=gaps)
    assert [(line.first.day, line.last.day, line.quantity) for line in made.lines] == [(10, 19, 10)]
    assert made.unpriced == ("c1", "c2")


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"), [(5, 10, 1), (4, 10, 0), (15, 10, 2), (0, 7, 0), (25, 10, 3)]
)
def test_half_a_cent_goes_up(numerator: int, denominator: int, whole: int) -> None:
    assert half_up(numerator, denominator) == whole


@pytest.mark.parametrize(
    ("seconds", "step", "billed"),
    [(0, 60, 0), (1, 60, 60), (60, 60, 60), (61, 60, 120), (7, 6, 12), (1, 1, 1), (31, 30, 60), (10, 10, 10)],
)
def test_whole_steps(seconds: int, step: int, billed: int) -> None:
    assert in_steps(seconds, step) == billed


def test_what_cannot_stand_is_named() -> None:
    odd = Terms(
        date(2026, 1, 1),
        base_micros=-1,
        sms_micros=MOST_MICROS + 1,
        included_calls=-1,
        minute_micros=1,
        step=7,
        counted=frozenset(),
    )
    assert [(fault.field, fault.code) for fault in faults(odd)] == [
        ("base_micros", "money"),
        ("sms_micros", "money"),
        ("included_calls", "negative"),
        ("step", "unknown"),
        ("counted", "nothing"),
    ]
    twice = replace(PREMIUM, counted=frozenset({CallTime.PUT_THROUGH}))
    assert [(fault.field, fault.code) for fault in faults(twice)] == [("counted", "twice")]
    assert faults(PREMIUM) == []
    with pytest.raises(ValueError, match="2026-01-01"):
        versions([PREMIUM, replace(PREMIUM, step=1)])


# ---- for any usage

MONEY = st.integers(0, 3_000_000)
BEGINS = st.sampled_from([datetime(2026, 2, 27, tzinfo=UTC), datetime(2026, 9, 27, tzinfo=UTC)])
INSTANTS = st.builds(
    lambda begin, seconds: begin + timedelta(seconds=seconds), BEGINS, st.integers(0, 66 * 86_400)
)
USED = st.builds(
    Usage,
    id=st.uuids().map(str),
    at=INSTANTS,
    kind=st.sampled_from(UsageKind),
    seconds=st.dictionaries(st.sampled_from(CallTime), st.integers(0, 4_000)),
    parts=st.integers(1, 2),
)
MANY = st.lists(USED, max_size=40, unique_by=lambda one: one.id)
TERMS = st.builds(
    Terms,
    first_day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    base_micros=MONEY.map(lambda money: money * 60),
    minimum_micros=MONEY.map(lambda money: money * 90),
    included_calls=st.integers(0, 20),
    included_seconds=st.integers(0, 6_000),
    call_micros=MONEY,
    billed_from=st.integers(0, 60),
    minute_micros=MONEY,
    step=st.sampled_from(STEPS),
    counted=st.frozensets(st.sampled_from([kind for kind in CallTime if kind is not CallTime.PUT_THROUGH])),
    put_through_minute_micros=MONEY,
    sms_micros=MONEY,
    voice_message_micros=MONEY,
)
VERSIONS = st.lists(TERMS, min_size=1, max_size=4, unique_by=lambda one: one.first_day)
MONTHS = st.sampled_from([date(2026, month, 1) for month in (3, 4, 10, 11)])


def slowly(month: date, terms: Sequence[Terms], used: Sequence[Usage]) -> Fraction:
    """The month in euros, line for line rounded to cents, day by day and with fractions."""

    def cents(euros: Fraction) -> int:
        return math.floor(euros * 100 + Fraction(1, 2))

    def running(day: date) -> Terms | None:
        return max(
            (one for one in terms if one.first_day <= day), key=lambda one: one.first_day, default=None
        )

    days = [day for n in range(31) if (day := month + timedelta(n)).month == month.month]
    total, least = 0, 0
    for version in terms:
        own = [n for n, day in enumerate(days) if running(day) is version]
        if not own:
            continue
        begin, end = Fraction(own[0], len(days)), Fraction(own[-1] + 1, len(days))

        def share(whole: int, begin: Fraction = begin, end: Fraction = end) -> int:
            euros = Fraction(whole, EURO)
            return cents(euros * end) - cents(euros * begin)

        def free(whole: int, begin: Fraction = begin, end: Fraction = end) -> int:
            return math.ceil(whole * end) - math.ceil(whole * begin)

        mine = [one for one in used if one.at.astimezone(ZoneInfo(BERLIN)).date() in {days[n] for n in own}]
        calls = [one for one in mine if one.kind is UsageKind.CALL]
        spent = [sum(one.seconds.get(kind, 0) for kind in version.counted) for one in calls]
        billed = [seconds for seconds in spent if seconds >= version.billed_from]
        step = version.step
        talked = sum(math.ceil(Fraction(seconds, step)) * step for seconds in billed)
        through = sum(
            math.ceil(Fraction(one.seconds.get(CallTime.PUT_THROUGH, 0), step)) * step for one in calls
        )
        parts = sum(one.parts for one in mine if one.kind is UsageKind.SMS)
        left = sum(one.kind is UsageKind.VOICE_MESSAGE for one in mine)
        total += share(version.base_micros)
        least += share(version.minimum_micros)
        for quantity, micros in (
            (Fraction(max(0, len(billed) - free(version.included_calls))), version.call_micros),
            (Fraction(max(0, talked - free(version.included_seconds)), 60), version.minute_micros),
            (Fraction(through, 60), version.put_through_minute_micros),
            (Fraction(parts), version.sms_micros),
            (Fraction(left), version.voice_message_micros),
        ):
            total += cents(quantity * Fraction(micros, EURO))
    return Fraction(max(total, least), 100)


@given(MONTHS, VERSIONS, MANY)
def test_it_is_what_a_slow_reckoning_says(month: date, terms: list[Terms], used: list[Usage]) -> None:
    made = statement(month, BERLIN, terms, used)
    assert Fraction(made.cents, 100) == slowly(month, terms, used)
    assert made.cents == sum(line.cents for line in made.lines)


@given(MONTHS, VERSIONS, MANY, st.randoms())
def test_it_is_the_same_in_whatever_order_it_is_made(
    month: date, terms: list[Terms], used: list[Usage], chance: random.Random
) -> None:
    made = statement(month, BERLIN, terms, used)
    for mixed in (terms, used):
        chance.shuffle(mixed)
    assert repr(statement(month, BERLIN, terms, used)) == repr(made)


@given(USED)
def test_each_event_belongs_to_one_month(one: Usage) -> None:
    terms = Terms(date(2026, 1, 1), call_micros=1, sms_micros=1, voice_message_micros=1)
    months = [date(2026, month, 1) for month in range(1, 13)]
    found = [
        made.first
        for made in (statement(month, BERLIN, [terms], [one]) for month in months)
        if any(one.id in line.usage for line in made.lines)
    ]
    assert found == [one.at.astimezone(ZoneInfo(BERLIN)).date().replace(day=1)]


@given(MONTHS, TERMS, MANY, st.integers(2, 28))
def test_the_same_price_once_more_changes_neither_base_nor_minimum_nor_what_is_used(
    month: date, terms: Terms, used: list[Usage], day: int
) -> None:
    terms = replace(terms, first_day=date(2026, 1, 1))
    again = replace(terms, first_day=month.replace(day=day))
    one, two = statement(month, BERLIN, [terms], used), statement(month, BERLIN, [terms, again], used)

    def behind(made: Statement, kind: LineKind) -> list[str]:
        return [usage for line in of(kind, made) for usage in line.usage]

    for kind in LineKind:
        assert behind(one, kind) == behind(two, kind)
    assert sum(line.cents for line in of(LineKind.BASE, one)) == sum(
        line.cents for line in of(LineKind.BASE, two)
    )
    assert one.unpriced == two.unpriced == ()
