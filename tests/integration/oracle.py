"""What really is, asked of Asterisk over a connection of its own: who is with whom. Knows nothing of our
state."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import pytest

from pbx_bridge.asterisk.manager import Manager, Message
from pbx_bridge.asterisk.runner import RunningAsterisk
from tests.until import PATIENCE


class Oracle:
    """`company(call)` is one of: "agent", "employee", "music" (on hold), "queue", "gone", "nobody" (on the
    way)."""

    def __init__(self) -> None:
        self.manager: Manager
        self._list: list[Message] = []
        self._done = asyncio.Event()
        self._turn = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def watching(cls, pbx: RunningAsterisk) -> AsyncIterator[Self]:
        """Logged in beside the service."""
        oracle = cls()
        config = pbx.config
        oracle.manager = await Manager.connect(
            config.ami_port, config.ami_user, config.ami_secret, oracle._on_event
        )
        try:
            yield oracle
        finally:
            await oracle.manager.close()

    async def channels(self) -> list[Message]:
        """All channels at this moment."""
        async with self._turn:
            self._list, self._done = [], asyncio.Event()
            await self.manager.action("CoreShowChannels")
            await asyncio.wait_for(self._done.wait(), PATIENCE)
            return self._list

    async def company(self, call: str) -> str:
        """Whom the caller of this call is with."""
        channels = await self.channels()
        caller = next((found for found in channels if found["Uniqueid"] == call), None)
        if caller is None:
            return "gone"
        bridge = caller.get("BridgeId", "")
        others = [
            found for found in channels if bridge and found.get("BridgeId") == bridge and found is not caller
        ]
        if any(found["Uniqueid"].startswith(f"{call}-a") for found in others):
            return "employee"
        if others:
            return "agent"
        if caller.get("Application") == "BridgeWait":
            return "music"
        return "queue" if caller.get("Application") == "Queue" else "nobody"

    async def sees(self, call: str, *wanted: str, within: float = PATIENCE) -> str:
        """Wait until the caller is in company as wanted; fails after `within` seconds."""
        end = time.monotonic() + within
        while (found := await self.company(call)) not in wanted:
            if time.monotonic() > end:
                pytest.fail(f"the caller is with {found}, not with {' or '.join(wanted)}, after {within:g} s")
            await asyncio.sleep(0.05)
        return found

    async def shared(self, channel: str, name: str) -> str:
        """A SHARED variable of this channel."""
        answer = await self.manager.action("Getvar", Channel=channel, Variable=f"SHARED({name})")
        return answer.get("Value", "")

    def _on_event(self, event: Message) -> None:
        if event.get("Event") == "CoreShowChannel":
            self._list.append(event)
        elif event.get("Event") == "CoreShowChannelsComplete":
            self._done.set()
