"""RFC 6455: a client's frames are masked, or the socket ends with 1002; none costs a traceback."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.desk_room import ORIGIN, DeskRoom, desk_room
from tests.floor_room import staffed
from tests.integration.test_web_strangers import lines
from tests.raw_http import Wire, head, wire
from tests.unit.log.test_lines import lines as log_lines
from tests.until import PATIENCE

__all__ = ["lines", "log_lines"]

PATHS = {"/desk/socket": "anna", "/floor/socket": "carla"}
UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
    f"Origin: {ORIGIN}",
)
MASK = b"\x01\x02\x03\x04"


def frame(text: bytes, *, first: int = 0x81, masked: bool = True) -> bytes:
    """A short one."""
    size = bytes([first, len(text) | (0x80 if masked else 0)])
    return size + (MASK + bytes(a ^ b for a, b in zip(text, MASK * 99, strict=False)) if masked else text)


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[DeskRoom]:
    from pbx_bridge.storage.db.engine import Database

    db = Database(sqlite_url)
    await staffed(db)
    await db.close()
    async with desk_room(sqlite_url) as opened:
        yield opened


@asynccontextmanager
async def socket(room: DeskRoom, path: str) -> AsyncIterator[Wire]:
    """Open, and nothing said yet."""
    cookie = await room.log_in(PATHS[path])
    async with wire(int(room.url.rpartition(":")[2])) as one:
        await one.send(head("GET", path, f"Cookie: {cookie}", *UPGRADE))
        assert (await one.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        yield one


async def close_code(one: Wire) -> int:
    """What the close frame of the other side says; other frames are passed over."""
    async with asyncio.timeout(PATIENCE):
        while True:
            first, size = await one.reader.readexactly(2)
            if size in {126, 127}:
                size = int.from_bytes(await one.reader.readexactly(2 if size == 126 else 8))
            text = await one.reader.readexactly(size)
            if first == 0x88:
                return int.from_bytes(text[:2])


UNMASKED: dict[str, Callable[[], list[bytes]]] = {
    "text": lambda: [frame(b'{"type":"resync","id":"1"}', masked=False)],
    "binary": lambda: [frame(b"x", first=0x82, masked=False)],
    "ping": lambda: [frame(b"x", first=0x89, masked=False)],
    "pong": lambda: [frame(b"", first=0x8A, masked=False)],
    "close": lambda: [frame(b"\x03\xe8", first=0x88, masked=False)],
    "after a good one": lambda: [frame(b"x", first=0x89) + frame(b"x", first=0x89, masked=False)],
    "the rest of a message": lambda: [
        frame(b'{"type"', first=0x01),
        frame(b':"x"}', first=0x80, masked=False),
    ],
    "sign by sign": lambda: [b"\x81", b"\x02", b"{", b"}"],
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", UNMASKED)
async def test_an_unmasked_frame_ends_the_socket(room: DeskRoom, path: str, kind: str) -> None:
    async with socket(room, path) as one:
        for piece in UNMASKED[kind]():
            await one.send(piece)
            await asyncio.sleep(0)
        assert await close_code(one) == 1002
        await one.ended()


async def test_a_masked_one_is_read(room: DeskRoom) -> None:
    async with socket(room, "/desk/socket") as one:
        await one.send(frame(b'{"type":"resync","id":"41"}'))
        await one.reader.readuntil(b'"id":"41"')


GARBAGE = {
    "no JSON": frame(b"x"),
    "no UTF-8": frame(b"\xff\xff"),
    "deep": b"\x81\xfe" + (40_000).to_bytes(2) + b"\0\0\0\0" + b"[" * 40_000,
    "deep within a message": b"\x81\xfe"
    + (40_008).to_bytes(2)
    + b"\0\0\0\0"
    + b'{"id":1,'[:8]
    + b'{"a":' * 8_000,
    "too long": b"\x81\xff" + (1 << 40).to_bytes(8) + b"\0\0\0\0",
    "a long ping": b"\x89\xfe" + (126).to_bytes(2) + b"\0\0\0\0" + b"x" * 126,
    "unknown kind": frame(b"x", first=0x83),
    "reserved bits": frame(b"x", first=0xF1),
    "binary": frame(b"x", first=0x82),
    "half a close": frame(b"\x03", first=0x88),
    "close without reason": frame(b"\x03\xed", first=0x88),
    "a broken end": frame(b"\x03\xe8\xff\xff", first=0x88),
    "pings": frame(b"", first=0x89) * 20_000,
    "HTTP": head("GET", "/"),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", GARBAGE)
async def test_no_message_is_too_odd(room: DeskRoom, lines: io.StringIO, path: str, kind: str) -> None:
    async with AsyncExitStack() as stack:
        odd = await stack.enter_async_context(socket(room, path))
        good = await stack.enter_async_context(socket(room, "/desk/socket"))
        await odd.send(GARBAGE[kind] * 3)
        await good.send(frame(b'{"type":"resync","id":"42"}'))
        await good.reader.readuntil(b'"id":"42"')
    assert "Traceback" not in lines.getvalue()
