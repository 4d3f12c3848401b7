"""What waits for the dispatcher, in the order in which it came."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from pbx_bridge.calls.message import Message


class Inbox:
    """Whoever has something to tell gets `put`, before there is a dispatcher that reads it.

    When `size` messages wait, something is very wrong: `put` raises asyncio.QueueFull for what the PBX tells,
    upon which the link ends with LinkDown and comes back with the whole truth; a command is answered by its
    `refuse("overloaded")`.
    """

    def __init__(self, size: int = 50_000) -> None:
        self._size = size
        self._messages: deque[Message] = deque()
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._messages)

    def put(self, message: Message) -> None:
        """Takes one message, never blocks; see the class for what happens when there are too many."""
        if len(self._messages) < self._size:
            self._messages.append(message)
            self._wake.set()
            return
        if not message.refuse("overloaded"):
            raise asyncio.QueueFull

    def take(self) -> Message:
        """The oldest one. Raises IndexError when there is none."""
        return self._messages.popleft()

    async def filled(self, seconds: float | None) -> None:
        """Returns when there is a message, after `seconds` at most (None: however long that takes)."""
        self._wake.clear()
        if self._messages:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` can swallow a cancellation in Python 3.11
                await self._wake.wait()
