"""The same line again and again fills no disk, and what was left out is counted."""

from __future__ import annotations

import io
import json
import logging

import structlog

from pbx_bridge.log.limiter import BURST, EVERY_SECONDS, MOST_KINDS, Limiter
from tests.unit.log.test_lines import lines

__all__ = ["lines"]


class Seconds:
    """A clock that only we wind."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_few_of_a_kind_pass_then_one_now_and_then() -> None:
    clock = Seconds()
    limiter = Limiter(clock)
    assert sum(limiter.passes("x") for _ in range(1_000)) == BURST
    assert limiter.passes("another")
    clock.now += EVERY_SECONDS
    assert [limiter.passes("x") for _ in range(3)] == [True, False, False]
    clock.now += 86_400
    assert sum(limiter.passes("x") for _ in range(1_000)) == BURST


def test_what_was_left_out_is_told_once() -> None:
    clock = Seconds()
    limiter = Limiter(clock)
    for _ in range(BURST + 7):
        limiter.passes("x")
    assert list(limiter.left_out()) == [("x", 7)]
    assert list(limiter.left_out()) == []
    limiter.passes("x")
    assert list(limiter.left_out()) == []
    clock.now += EVERY_SECONDS / 2 + 10
    limiter.passes("x")
    assert list(limiter.left_out()) == [("x", 1)]


def test_a_thousand_kinds_are_remembered_and_no_more() -> None:
    limiter = Limiter(Seconds())
    for number in range(3 * MOST_KINDS):
        limiter.passes(f"{number} kind")
    assert len(limiter._kinds) == MOST_KINDS


def test_warnings_and_errors_are_limited_and_information_is_not(lines: io.StringIO) -> None:
    for number in range(200):
        structlog.get_logger().info("call_over", number_of=number)
        structlog.get_logger().warning("bad_request", place=number)
        logging.getLogger("a.library").error("it failed for %s", number)
        logging.getLogger("a.library").error(
            f"{'the beginning of a long sentence, always the same '} {number}"
        )
    events = [str(json.loads(line)["event"]) for line in lines.getvalue().splitlines()]
    assert events.count("call_over") == 200
    assert events.count("bad_request") == BURST
    assert sum("failed" in event for event in events) == BURST
    assert sum("sentence" in event for event in events) == BURST
