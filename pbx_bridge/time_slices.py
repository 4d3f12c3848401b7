"""Long work in short turns: calls go on between them, and of all long works only one is at it at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

TURN_SECONDS = 0.0007
"""How long a turn may be: so late may a pop be, at most."""
REST_SECONDS = 0.001
"""Between two turns, whosever they are: nearly every pop is made within one rest."""
LONG_TURN_SECONDS = 0.005
"""How long a turn is where nobody is on the telephone yet."""

Item = TypeVar("Item")
Result = TypeVar("Result")

_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, deque[asyncio.Future[None]]] = WeakKeyDictionary()
_before_calls: ContextVar[bool] = ContextVar("before_calls", default=False)


@contextmanager
def before_calls() -> Iterator[None]:
    """What is done in here is what everybody waits for: others have their turns, and nobody rests. Nothing
    that goes on afterwards may be begun in here: it would never rest."""
    token = _before_calls.set(True)
    try:
        yield
    finally:
        _before_calls.reset(token)


async def rest() -> None:
    """Wait for the next turn, behind everybody who waits already."""
    loop = asyncio.get_running_loop()
    line = _lines.setdefault(loop, deque())
    mine: asyncio.Future[None] = loop.create_future()
    line.append(mine)
    if len(line) == 1:
        loop.call_later(REST_SECONDS, _next, loop, line)
    await mine


def _next(loop: asyncio.AbstractEventLoop, line: deque[asyncio.Future[None]]) -> None:
    """The first in line has its turn; who has given up meanwhile needs none."""
    first = line.popleft()
    if line:
        loop.call_later(REST_SECONDS if first.done() else TURN_SECONDS + REST_SECONDS, _next, loop, line)
    if not first.done():
        first.set_result(None)


async def gently(items: Iterable[Item]) -> AsyncIterator[Item]:
    """All items, with a rest whenever a turn is over; what is done with one of them takes microseconds."""
    hurry = _before_calls.get()
    turn = LONG_TURN_SECONDS if hurry else TURN_SECONDS
    began = perf_counter()
    for item in items:
        yield item
        if perf_counter() - began > turn:
            await (asyncio.sleep(0) if hurry else rest())
            began = perf_counter()


async def emptied(things: list[Item] | dict[Any, Item]) -> None:
    """Let go what is not needed any more: twenty thousand rows at once take forty milliseconds."""
    async for _ in gently(_taken_out(things)):
        pass


def _taken_out(things: list[Item] | dict[Any, Item]) -> Iterator[None]:
    while things:
        if isinstance(things, dict):
            things.popitem()
        else:
            things.pop()
        yield


async def finished(work: Generator[object, None, Result]) -> Result:
    """The result of a generator that yields after every little step."""

    def steps() -> Generator[object, None, None]:
        found.append((yield from work))

    found: list[Result] = []
    async for _ in gently(steps()):
        pass
    return found[0]
