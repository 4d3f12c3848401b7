"""Keep what the telephone system says, byte by byte with its time, and say it again: for tests and support.

A recording holds only what came in, so no secret is in it; names and numbers of callers are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from pbx_bridge.ami.actions import CoreShowChannels, QueueStatus
from pbx_bridge.ami.codec import Framer
from pbx_bridge.ami.decode import decode
from pbx_bridge.ami.errors import ActionTimeout, LinkGone, SessionOver
from pbx_bridge.ami.session import LOOKS, AmiSession
from pbx_bridge.calls.events import LinkDown
from pbx_bridge.private_files import private_file
from pbx_bridge.settings import AmiSettings

MAGIC = b"pbx-bridge recording 1\n"
"""First line; then for each read a line "<milliseconds since the start> <length>" and the bytes."""

Chunk = tuple[float, bytes]
"""Seconds since the start, and what was read then."""


async def record(settings: AmiSettings, path: Path, seconds: float = 0) -> LinkDown:
    """Logs in, notes the state of the moment, then all that comes: for `seconds`, 0 = until cancelled.

    Beside a service that runs, as whoever looks on; as the service itself where manager.conf knows nobody
    who does. Returns why it ended ("shutdown" if `seconds` are over), or why the login failed.
    """
    with _private_file(path) as file:
        ended = await _recorded(settings.looking_on(), file, seconds)
        if ended.reason == "wrong_secret":
            file.seek(0)
            file.truncate()
            ended = await _recorded(settings, file, seconds)
        return ended


async def _recorded(settings: AmiSettings, file: BinaryIO, seconds: float) -> LinkDown:
    loop = asyncio.get_running_loop()
    file.write(MAGIC)
    began = loop.time()
    ids = (f"record-{number}" for number in count(1))
    session = AmiSession(settings, ids, lambda *_: None, lambda _: None, lambda _: None, LOOKS)
    session.tap = lambda data: _write(file, loop.time() - began, data)
    try:
        await session.open()
        await session.ask(CoreShowChannels(), QueueStatus())
        if seconds:
            loop.call_later(seconds, session.end, "shutdown", "the recording is complete")
        return await session.watch()
    except SessionOver as over:
        return over.down
    except (LinkGone, ActionTimeout) as error:
        return session.why(error)
    finally:
        session.end("shutdown")


def _private_file(path: Path) -> BinaryIO:
    """Callers' names and numbers go in: nobody but us may read it."""
    private_file(path)
    return path.open("wb")


def _write(file: BinaryIO, seconds: float, data: bytes) -> None:
    file.write(b"%d %d\n%b" % (round(seconds * 1000), len(data), data))
    file.flush()


def read(path: Path) -> Iterator[Chunk]:
    """The chunks of a recording; a file of bare AMI messages is one chunk."""
    with path.open("rb") as file:
        if file.readline() != MAGIC:
            yield 0.0, path.read_bytes()
            return
        while head := file.readline():
            milliseconds, _, length = head.partition(b" ")
            data = file.read(int(length))
            if len(data) < int(length):
                return  # the end of a recording that was killed
            yield int(milliseconds) / 1000, data


def messages(path: Path) -> Iterator[Chunk]:
    """The raw messages of a recording, each with its time."""
    framer = Framer()
    for seconds, data in read(path):
        for raw in framer.feed(data):
            yield seconds, raw


def replay(path: Path) -> Iterator[str]:
    """What we make of a recording, one line for each event: its time in seconds and its values."""
    for seconds, raw in messages(path):
        event = decode(raw)
        if event is not None:
            yield f"{seconds:9.3f}  {event}"
