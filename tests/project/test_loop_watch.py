"""The watch on the loop sees what holds it, measured in work and not in time."""

from __future__ import annotations

import asyncio

from tests.loop_watch import LONGEST, Watch
from tests.machine_speed import PIECE_SECONDS, piece

_ALLOWED = int(LONGEST / PIECE_SECONDS)
"""Pieces of work that may be done between two awaits."""


async def _work(pieces: int) -> None:
    await asyncio.sleep(0)
    for _ in range(pieces):
        piece()
    await asyncio.sleep(0)


def _seen(pieces: int) -> list[str]:
    watch = Watch(ours=True)
    with watch.watching():
        asyncio.run(_work(pieces))
    return [step.what for step in watch.too_long()]


def test_a_step_of_twice_what_is_allowed_is_seen() -> None:
    assert [name.split(".")[-1] for name in _seen(2 * _ALLOWED)] == ["_work"]


def test_a_step_of_half_of_what_is_allowed_is_none_of_its_business() -> None:
    assert _seen(_ALLOWED // 2) == []
