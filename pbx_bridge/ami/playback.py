"""A telephone system made of a recording: whoever logs in hears it again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from pbx_bridge.ami.codec import Framer, event_name, parse
from pbx_bridge.ami.guard import LIST_EVENTS
from pbx_bridge.ami.recording import Chunk, messages
from pbx_bridge.ami.session import NEEDED

READ_BYTES = 65_536
LINES = {
    "CoreShowChannels": {b"CoreShowChannel"},
    "QueueStatus": {b"QueueParams", b"QueueMember", b"QueueEntry"},
}


async def play(
    path: Path, port: int, speed: float = 1.0, *, on_ready: Callable[[int], None] = lambda _: None
) -> None:
    """A telephone system that says the recording to whoever logs in; until cancelled.

    `speed`: 2 = twice as fast, 0 = as fast as possible. `port`: on loopback; 0 takes a free one, which
    `on_ready` is told.
    """
    story = list(messages(path))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await _Player(story, speed, reader, writer).run()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        on_ready(server.sockets[0].getsockname()[1])
        await server.serve_forever()


class _Player:
    """One listener: answers what it asks, and plays the events once it has logged in."""

    def __init__(
        self, story: list[Chunk], speed: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._events = [
            (at, raw) for at, raw in story if event_name(raw) and event_name(raw) not in LIST_EVENTS
        ]
        self._lists = [raw for _, raw in story if event_name(raw) in LIST_EVENTS]
        self._speed = speed
        self._reader = reader
        self._writer = writer
        self._playing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        self._writer.write(b"Asterisk Call Manager/11.0.1\r\n")
        framer = Framer()
        try:
            while data := await self._reader.read(READ_BYTES):
                for raw in framer.feed(data):
                    self._answer(parse(raw).headers)
        finally:
            if self._playing is not None:
                self._playing.cancel()
            self._writer.close()

    def _answer(self, asked: dict[str, str]) -> None:
        action, tag = asked.get("Action", ""), f"ActionID: {asked.get('ActionID', '')}"
        if action == "ListCommands":
            self._say("Response: Success", tag, *(f"{name}: recorded" for name in sorted(NEEDED)))
        elif action in LINES:
            self._say("Response: Success", tag, "EventList: start", "Message: list will follow")
            self._recall(action, tag)
            self._say(f"Event: {action}Complete", tag, "EventList: Complete")
        else:
            self._say("Response: Success", tag, "Message: this is a recording")
        if action == "Login" and self._playing is None:
            self._playing = asyncio.create_task(self._play())

    def _recall(self, action: str, tag: str) -> None:
        """The first list of that kind in the recording, with the asker's own tag."""
        end = f"{action}Complete".encode()
        for raw in self._lists:
            if event_name(raw) == end:
                return
            if event_name(raw) in LINES[action]:
                lines = raw.decode("utf-8", "replace").split("\r\n")
                self._say(*(line for line in lines if not line.startswith("ActionID")), tag)

    async def _play(self) -> None:
        before = 0.0
        with contextlib.suppress(ConnectionError):
            for at, raw in self._events:
                if self._speed and at > before:
                    await self._writer.drain()
                    await asyncio.sleep((at - before) / self._speed)
                before = at
                self._writer.write(raw + b"\r\n\r\n")
            await self._writer.drain()

    def _say(self, *lines: str) -> None:
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
