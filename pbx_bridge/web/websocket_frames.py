"""Frames of a WebSocket's client must be masked (RFC 6455, 5.1); aiohttp takes both kinds."""

from __future__ import annotations

from typing import Protocol

NO_FRAME = b"\xf0\x80"
"""Reserved bits: what stands for an unmasked frame, so that the reader ends the socket with 1002."""
MOST_AT_ONCE = 200
"""Frames in what is read at once; a flood of the smallest ones would be answered in one go."""


class FrameReader(Protocol):
    """aiohttp's."""

    def feed_data(self, data: bytes, /) -> tuple[bool, bytes]: ...

    def feed_eof(self) -> None: ...


class MaskedOnly:
    """Stands before the reader, walks from frame to frame, and lets no unmasked one through, nor a flood."""

    def __init__(self, reader: FrameReader) -> None:
        self._reader = reader
        self._head = b""
        self._payload = 0

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """As the reader's."""
        data = bytes(data)
        if self._payload >= len(data) and not self._head:  # in the middle of a long one
            self._payload -= len(data)
            return self._reader.feed_data(data)
        data, self._head = self._head + data, b""
        place, count = self._payload, 0
        while place < len(data):
            size = _size(data, place)
            count += 1
            if size is None or count > MOST_AT_ONCE:
                self._reader.feed_data(data[:place])
                return self._reader.feed_data(NO_FRAME)
            if size < 0:
                self._head, data = data[place:], data[:place]
                break
            place += size
        self._payload = max(place - len(data), 0)
        return self._reader.feed_data(data)

    def feed_eof(self) -> None:
        """As the reader's."""
        self._reader.feed_eof()


def _size(data: bytes, place: int) -> int | None:
    """The whole length of the frame that begins there; -1 when its head is not complete, None when it is
    unmasked."""
    if len(data) - place < 2:
        return -1
    second = data[place + 1]
    if second < 0x80:
        return None
    length = second & 0x7F
    if length < 126:
        return 6 + length
    wide = 2 if length == 126 else 8
    if len(data) - place < 2 + wide:
        return -1
    return 6 + wide + int.from_bytes(data[place + 2 : place + 2 + wide])
