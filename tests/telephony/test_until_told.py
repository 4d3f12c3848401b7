"""The PBX is told when it is there, and again until it has all of it, also after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from pbx_bridge.telephony import until_told
from pbx_bridge.telephony.until_told import UntilTold
from tests.until import until


class Turns:
    """What each turn comes to, in order; the last one holds for all that follow."""

    def __init__(self, answers: Iterable[bool | Exception]) -> None:
        self.answers, self.done = list(answers), 0

    async def __call__(self) -> bool:
        answer = self.answers[min(self.done, len(self.answers) - 1)]
        self.done += 1
        if isinstance(answer, Exception):
            raise answer
        return answer


@asynccontextmanager
async def running(telling: UntilTold) -> AsyncIterator[None]:
    task = asyncio.create_task(telling.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_was_wanted_before_is_told_once_the_pbx_is_there() -> None:
    turns = Turns([True])
    telling = UntilTold(turns)
    async with running(telling):
        telling.wanted()
        for _ in range(10):
            await asyncio.sleep(0)
        assert turns.done == 0
        telling.pbx_is_there()
        await until(lambda: turns.done == 1, message="it is told")
        assert not telling.more_wanted()


async def test_what_could_not_be_told_is_told_with_the_next_change_or_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = Turns([False, False, True])
    telling = UntilTold(turns)
    telling.pbx_is_there()
    async with running(telling):
        await until(lambda: turns.done == 1, message="the first turn")
        monkeypatch.setattr(until_told, "AGAIN_AFTER", 0.01)
        telling.wanted()
        await until(lambda: turns.done == 3, message="two more, the last without a change")


async def test_after_a_crash_it_begins_with_what_it_was_at() -> None:
    turns = Turns([ValueError("a bug"), True])
    telling = UntilTold(turns)
    telling.pbx_is_there()
    with pytest.raises(ValueError, match="a bug"):
        await telling.run()
    async with running(telling):
        await until(lambda: turns.done == 2, message="told, without a new change")
