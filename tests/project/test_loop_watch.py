"""The watch on the loop sees what holds it, measured in work and not in time."""

from __future__ import annotations

import asyncio
import statistics

import pytest

from tests.loop_watch import LONGEST, Watch
from tests.machine_speed import PIECE_SECONDS, piece

_ALLOWED = int(LONGEST / PIECE_SECONDS)
"""Pieces of work that may be done between two awaits."""


@pytest.fixture(autouse=True)
def loop_watch() -> None:
    """No other watch is around these: each would measure the other's measuring."""


async def _work(pieces: int) -> None:
    await asyncio.sleep(0)
    for _ in range(pieces):
        piece()
    await asyncio.sleep(0)


def _seen(pieces: int) -> tuple[str, ...]:
    """What the watch takes for too long in most of five runs: it measures, and neighbours come and go."""
    watches = [Watch(ours=True) for _ in range(5)]
    for watch in watches:
        with watch.watching():
            asyncio.run(_work(pieces))
    return statistics.mode(tuple(step.what.split(".")[-1] for step in watch.too_long()) for watch in watches)


def test_a_step_of_twice_what_is_allowed_is_seen() -> None:
    assert _seen(2 * _ALLOWED) == ("_work",)


def test_a_step_of_half_of_what_is_allowed_is_none_of_its_business() -> None:
    assert _seen(_ALLOWED // 2) == ()
