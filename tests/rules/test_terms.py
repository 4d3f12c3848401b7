"""Which version of a tariff's terms holds, for whom and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rules.billing.terms import BEGINNING, TariffSpan, Terms, in_force, repriced, running

PREMIUM = Terms(date(2026, 1, 1), call_micros=1_250_000, step=1)


def test_another_tariff_holds_within_its_days_and_a_gap_stays_one() -> None:
    day = date.fromisoformat
    old = (Terms(day("2000-01-01"), call_micros=1), Terms(day("2026-10-05"), call_micros=2))
    new = (Terms(day("2026-10-21"), call_micros=3),)
    spans = [
        TariffSpan(date.min, day("2026-10-10"), old),
        TariffSpan(day("2026-10-11"), day("2026-10-12"), ()),
        TariffSpan(day("2026-10-13"), date.max, new),
    ]
    assert [(one.first_day, one.last_day, one.call_micros) for one in in_force(spans)] == [
        (day("2000-01-01"), day("2026-10-04"), 1),
        (day("2026-10-05"), day("2026-10-10"), 2),
        (day("2026-10-21"), date.max, 3),
    ]


def test_a_new_price_of_an_sms_is_a_version_that_keeps_the_rest() -> None:
    today = date(2026, 10, 16)
    assert repriced([PREMIUM], today, 100_000) is None
    assert repriced([PREMIUM], today, 90_000) == replace(PREMIUM, first_day=today, sms_micros=90_000)
    assert repriced([], today, 90_000) == Terms(BEGINNING, sms_micros=90_000)
    assert running([PREMIUM], date(2025, 12, 31)) is None
