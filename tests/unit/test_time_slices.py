"""Long work leaves the loop to others between short turns, and long works share one turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Iterator

import pytest

from pbx_bridge import time_slices
from tests.until import PATIENCE


def busy(count: int) -> Iterator[int]:
    """Each item costs a quarter of a turn."""
    for number in range(count):
        end = time.perf_counter() + time_slices.TURN_SECONDS / 4
        while time.perf_counter() < end:
            pass
        yield number


async def test_all_come_in_order() -> None:
    assert [item async for item in time_slices.gently(range(1000))] == list(range(1000))


async def test_others_go_on_in_between() -> None:
    beats = 0

    async def heart() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0)
            beats += 1

    beating = asyncio.create_task(heart())
    async for _ in time_slices.gently(busy(40)):
        pass
    beating.cancel()

    assert beats > 5


async def test_three_long_works_at_once_are_no_longer_a_wait_than_one() -> None:
    """At most one of them has a turn in one turn of the loop."""
    turns_taken: list[str] = []
    at_once = 0

    async def work(name: str) -> None:
        async for number in time_slices.gently(busy(12)):
            taken = f"{name}{number}"
            turns_taken.append(taken)

    async def heart() -> None:
        nonlocal at_once
        while True:
            before = len(turns_taken)
            await asyncio.sleep(0)
            at_once = max(at_once, len({taken[0] for taken in turns_taken[before:]}))

    beating = asyncio.create_task(heart())
    await asyncio.sleep(0)
    first = asyncio.create_task(work("a"))
    await asyncio.sleep(time_slices.REST_SECONDS)
    await asyncio.gather(first, work("b"))
    beating.cancel()

    assert len(turns_taken) == 24
    assert at_once == 1


async def test_who_gives_up_is_passed_over() -> None:
    gone = asyncio.create_task(time_slices.rest())
    stays = asyncio.create_task(time_slices.rest())
    await asyncio.sleep(0)
    gone.cancel()

    async with asyncio.timeout(PATIENCE):
        await stays


async def test_the_result_of_a_generator() -> None:
    def reading() -> Generator[int, None, str]:
        yield from busy(8)
        return "read"

    assert await time_slices.finished(reading()) == "read"


async def test_before_calls_others_have_their_turn_and_nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    rests, beats = list[None](), list[None]()
    rest = time_slices.rest

    async def counted() -> None:
        rests.append(None)
        await rest()

    async def heart() -> None:
        while True:
            await asyncio.sleep(0)
            beats.append(None)

    monkeypatch.setattr(time_slices, "rest", counted)
    monkeypatch.setattr(time_slices, "LONG_TURN_SECONDS", time_slices.TURN_SECONDS)
    beating = asyncio.create_task(heart())
    with time_slices.before_calls():
        assert [item async for item in time_slices.gently(busy(40))] == list(range(40))
    assert not rests
    assert len(beats) > 5
    async for _ in time_slices.gently(busy(40)):
        pass
    assert rests, "afterwards as ever"
    beating.cancel()
