"""A small AMI client for this room's chores: wait for start-up, steer the far end. Not the service's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Self

Message = dict[str, str]
LONGEST_WAIT = 10.0  # seconds


class ManagerError(Exception):
    """Asterisk refused the action or went away."""


class Manager:
    """Logged in from `connect` to `close`; every event goes to `on_event`, from the reader's task."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_event: Callable[[Message], None]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._sent = 0
        self._task = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, port: int, user: str, secret: str, on_event: Callable[[Message], None]) -> Self:
        """Raises OSError if nobody listens, `ManagerError` if the login is refused."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.wait_for(reader.readline(), LONGEST_WAIT)  # the banner
        manager = cls(reader, writer, on_event)
        try:
            await manager.action("Login", Username=user, Secret=secret)
        except BaseException:
            await manager.close()
            raise
        return manager

    async def action(self, name: str, **headers: object) -> Message:
        """Send one action and return its response. `Variable` may be a list."""
        self._sent += 1
        number = str(self._sent)
        lines = [f"Action: {name}", f"ActionID: {number}"]
        for key, value in headers.items():
            lines += [f"{key}: {item}" for item in (value if isinstance(value, list) else [value])]
        if any(set(line) & set("\r\n\0") for line in lines):
            raise ValueError("control character in an AMI header")
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._writer.write("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
        try:
            response: Message = await asyncio.wait_for(answer, LONGEST_WAIT)
        finally:
            self._waiting.pop(number, None)
        if response["Response"] == "Error":
            raise ManagerError(f"{name}: {response.get('Message')}")
        return response

    async def close(self) -> None:
        """Leave without a word; calls go on."""
        self._task.cancel()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while True:
                block = (await self._reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
                message = dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
                if "Response" not in message:
                    self._on_event(message)
                elif (answer := self._waiting.get(message.get("ActionID", ""))) and not answer.done():
                    answer.set_result(message)
        except (OSError, asyncio.IncompleteReadError) as error:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(ManagerError(f"Asterisk has gone: {error}"))
