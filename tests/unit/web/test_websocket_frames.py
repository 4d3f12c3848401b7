"""Only masked frames come through, however the network cuts them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.web.websocket_frames import NO_FRAME, MaskedOnly

SIZES = (0, 1, 125, 126, 127, 65_535, 65_536, 70_000)


class Reader:
    """Takes everything."""

    def __init__(self) -> None:
        self.read = b""
        self.over = False

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.read += data
        return data == NO_FRAME, b""

    def feed_eof(self) -> None:
        self.over = True


def frame(size: int, *, masked: bool = True, first: int = 0x81) -> bytes:
    bit = 0x80 if masked else 0
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 65_536:
        head = bytes([first, bit | 126]) + size.to_bytes(2)
    else:
        head = bytes([first, bit | 127]) + size.to_bytes(8)
    return head + (b"mask" if masked else b"") + b"\x05" * size


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(st.sampled_from(SIZES), max_size=6), st.lists(st.integers(0, 400_000), max_size=8))
def test_masked_frames_come_through_as_they_are(sizes: list[int], places: list[int]) -> None:
    reader = Reader()
    walker, sent = MaskedOnly(reader), b"".join(map(frame, sizes))
    for piece in cut(sent, places):
        assert walker.feed_data(piece) == (False, b"")
    walker.feed_eof()
    assert (reader.read, reader.over) == (sent, True)


@given(
    st.lists(st.sampled_from(SIZES), max_size=4),
    st.sampled_from(SIZES),
    st.sampled_from([0x81, 0x82, 0x89, 0x8A, 0x88, 0x01, 0x00]),
    st.lists(st.integers(0, 400_000), max_size=8),
)
def test_the_first_unmasked_frame_is_the_last(
    sizes: list[int], size: int, first: int, places: list[int]
) -> None:
    reader = Reader()
    walker, good = MaskedOnly(reader), b"".join(map(frame, sizes))
    ended = False
    for piece in cut(good + frame(size, masked=False, first=first), places):
        ended, _ = walker.feed_data(piece)
        if ended:
            break
    assert ended
    assert reader.read == good + NO_FRAME


@pytest.mark.parametrize("size", SIZES)
def test_letter_by_letter(size: int) -> None:
    reader, sent = Reader(), frame(size)[:400] + b"\x05" * max(0, len(frame(size)) - 400) + frame(3)
    walker = MaskedOnly(reader)
    for place in range(len(sent)):
        walker.feed_data(sent[place : place + 1])
    assert reader.read == sent
