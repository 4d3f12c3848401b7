"""Work in a process of its own: its answer comes back, and whatever goes wrong there stays there."""

from __future__ import annotations

import asyncio
import os

import pytest

from pbx_bridge import limited_process
from pbx_bridge.errors import Refused
from tests.until import until

CHILD = "tests.unit.limited_process_child"
SHORT = limited_process.Limits(seconds=1, memory=1 << 28)


async def test_what_it_says_comes_back() -> None:
    assert await limited_process.done(
        CHILD, "turn round", limits=limited_process.Limits(10), data=b"abc" * 100_000
    ) == (b"cba" * 100_000)


async def test_it_gives_way_to_everybody_else() -> None:
    told = await limited_process.done(CHILD, "be nice", limits=limited_process.Limits(10), data=b"")
    assert isinstance(told, bytes)
    assert int(told) >= limited_process.NICE


@pytest.mark.parametrize("deed", ["fail", "work", "wait", "hoard"])
async def test_what_goes_wrong_there_is_said_in_words(deed: str) -> None:
    """It raises, works for ever, sits there for ever, or takes more memory than it may."""
    assert await limited_process.done(CHILD, deed, limits=SHORT, data=b"") == Refused("too_much")


async def test_who_gives_up_leaves_nobody_behind() -> None:
    begun = asyncio.Event()
    pids: list[int] = []

    async def work() -> None:
        async with limited_process.process(CHILD, "wait", limits=limited_process.Limits(600)) as child:
            pids.append(child.pid)
            begun.set()
            await child.wait()

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


async def test_no_more_than_a_few_are_at_it_at_once() -> None:
    running: set[int] = set()
    most = 0
    over = asyncio.Event()

    async def work(number: int) -> None:
        nonlocal most
        async with limited_process.process(CHILD, "wait", limits=limited_process.Limits(600)):
            running.add(number)
            most = max(most, len(running))
            await over.wait()
            running.discard(number)

    tasks = [asyncio.create_task(work(number)) for number in range(limited_process.AT_ONCE + 2)]
    await until(lambda: len(running) == limited_process.AT_ONCE, message="as many as may be")
    over.set()
    await asyncio.gather(*tasks)
    assert most == limited_process.AT_ONCE
