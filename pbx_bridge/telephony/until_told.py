"""What the PBX is to have is told as soon as it is there, and again until it has all of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

AGAIN_AFTER = 5.0
"""Seconds until what could not be told is tried again."""


class UntilTold:
    """`turn` tells what is left, and is True when nothing is. Before the first snapshot nobody knows which
    Asterisk is there: what is wanted until then is told then."""

    def __init__(self, turn: Callable[[], Awaitable[bool]]) -> None:
        self._turn = turn
        self._known_to_be_there = False
        self._work = asyncio.Event()

    def wanted(self) -> None:
        """Something is different now."""
        self._work.set()

    def pbx_is_there(self) -> None:
        """The link came up: another Asterisk may be there now."""
        self._known_to_be_there = True
        self._work.set()

    def more_wanted(self) -> bool:
        """Whether something is different since this turn began."""
        return self._work.is_set()

    async def run(self) -> None:
        """Until cancelled. After a crash it begins with what it was at."""
        self._work.set()
        while True:
            await self._work.wait()
            self._work.clear()
            # A failed turn waits for a change or a while, whichever comes first, and sets the event for
            # itself, so that it is not lost when nothing changes any more.
            if self._known_to_be_there and not await self._turn():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN_AFTER):
                        await self._work.wait()
                self._work.set()
