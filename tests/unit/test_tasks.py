"""An end is an end, whatever a library swallows; a bug beside the calls costs only itself."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from pbx_bridge import tasks
from tests.until import PATIENCE, until


async def deaf(heard: list[str]) -> None:
    """As `wait_for` of Python 3.11 may: the first cancellation is lost."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            heard.append("cancelled")
            if len(heard) > 1:
                raise


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.01)


async def test_who_does_not_hear_it_is_told_again() -> None:
    heard: list[str] = []
    running = asyncio.create_task(tasks.run_all([deaf(heard)]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE):
        await tasks.end([running])

    assert heard == ["cancelled", "cancelled"]


async def test_the_crash_of_one_ends_the_others_and_is_told() -> None:
    heard: list[str] = []

    async def crash() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("bug")

    with pytest.raises(ExceptionGroup) as failed:
        await tasks.run_all([crash(), deaf(heard)])

    assert [str(error) for error in failed.value.exceptions] == ["bug"]
    assert len(heard) == 2


async def test_a_part_that_crashes_begins_anew() -> None:
    begun: list[int] = []

    async def part() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise ValueError("bug")
        await asyncio.sleep(60)

    running = asyncio.create_task(tasks.restart_on_error("part", part, pause=0))
    await until(lambda: len(begun) == 3, message="the third beginning")

    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert running.cancelled()


async def test_background_tasks_may_finish_and_those_that_they_start() -> None:
    background, done = tasks.BackgroundTasks(), list[str]()

    async def second() -> None:
        await asyncio.sleep(0.01)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.01)
        done.append("first")
        background.start(second())

    background.start(first())
    await background.settle(5)

    assert done == ["first", "second"]


async def test_a_background_task_without_end_is_ended() -> None:
    background, heard = tasks.BackgroundTasks(), list[str]()
    task = background.start(deaf(heard))
    await asyncio.sleep(0)

    await background.settle(0.01)

    assert task.done()


async def test_of_many_one_that_fails_holds_up_no_other_and_is_tried_again_later() -> None:
    now, done = datetime(2026, 11, 23, 9, tzinfo=UTC), list[str]()
    rounds = tasks.OneByOne("companies", lambda: now)

    async def deed(one: str) -> None:
        done.append(one)
        if one == "bad":
            raise ValueError(one)
        if one == "away":
            raise ConnectionError

    async def play(*items: str) -> list[str]:
        done.clear()
        with contextlib.suppress(ConnectionError):
            await rounds.each("end", ((one, one) for one in items), deed, ConnectionError)
        return list(done)

    assert await play("a", "bad", "b") == ["a", "bad", "b"]
    assert await play("bad", "c") == ["c"], "its fault is not written down each second"
    now += tasks.AGAIN_AFTER
    assert await play("bad", "c") == ["bad", "c"]
    assert await play("a", "away", "b") == ["a", "away"], "nobody else would get anything either"
