"""A server in trouble is asked again after pauses that grow to ten minutes, and for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rules.outbox.channel_health import OPEN, PAUSES, failed, may_try

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_pauses_grow_and_then_stay() -> None:
    way, now, waits = OPEN, NOW, []
    for _ in range(len(PAUSES) + 3):
        way = failed(way, "smtp_421", now)
        assert way.next_try is not None
        waits.append((way.next_try - now).total_seconds())
        now = way.next_try
    assert waits == sorted(waits)
    assert waits[0] <= 5
    assert waits[-1] == waits[-2] == 600
    assert way.down_since == NOW


def test_before_that_nobody_asks() -> None:
    way = failed(OPEN, "smtp_421", NOW)
    assert may_try(OPEN, NOW)
    assert not may_try(way, NOW)
    assert not may_try(way, NOW + timedelta(seconds=PAUSES[0]) - SECOND)
    assert may_try(way, NOW + timedelta(seconds=PAUSES[0]))


def test_what_was_under_way_together_counts_once() -> None:
    once = failed(OPEN, "smtp_421", NOW)
    assert failed(once, "mail_server_silent", NOW + SECOND) == once


def test_a_clock_that_was_put_back_keeps_nothing_closed() -> None:
    way = failed(OPEN, "smtp_421", NOW)
    assert may_try(way, NOW - timedelta(days=1))
