from __future__ import annotations

import io
import wave
from datetime import UTC, datetime, timedelta

import pytest

from rules.calls.voice_message import (
    HEAD,
    SURELY_OVER,
    Recording,
    length,
    mended_head,
    recordings,
    seconds_of,
)

AT = datetime(2026, 11, 29, 19, 0, tzinfo=UTC)
NAME = f"pbx-1-1795978790.114_493023125100_{int(AT.timestamp())}"


def test_the_files_of_one_message_belong_together() -> None:
    (found,) = recordings([f"{NAME}.wav", f"{NAME}.call", f"{NAME}.done"])
    kinds = frozenset({"wav", "call", "done"})
    assert found == Recording(NAME, "pbx-1-1795978790.114", "493023125100", AT, kinds)


def test_the_oldest_comes_first() -> None:
    later = NAME[:-1] + "9"
    assert [one.name for one in recordings([f"{later}.wav", f"{NAME}.wav"])] == [NAME, later]


@pytest.mark.parametrize(
    "name",
    [
        *("kept", ".wav", "hold.wav", f"{NAME}.wav.tmp", f"{NAME}.txt", f" {NAME}.wav", f"{NAME}.wav\n"),
        *(f"../{NAME}.wav", NAME, NAME.replace("4930", "+4930") + ".wav", f".{NAME}.wav", f"x~{NAME}.wav"),
        *("1795978790_493023125100_1795978800.wav", "1795978790.114_493023125100_now.wav"),
    ],
)
def test_whatever_is_called_otherwise_is_left_alone(name: str) -> None:
    assert recordings([name]) == ()


def test_it_is_over_when_the_dial_plan_says_so_or_after_hours() -> None:
    speaks, done = recordings([f"{NAME}.wav"])[0], recordings([f"{NAME}.done"])[0]
    assert not speaks.is_over(AT + SURELY_OVER)
    assert speaks.is_over(AT + SURELY_OVER + timedelta(seconds=1))
    assert done.is_over(AT)


@pytest.mark.parametrize("size, seconds", [(0, 0), (HEAD, 0), (HEAD + 7_999, 0), (HEAD + 16_000 * 65, 65)])
def test_how_long_it_is(size: int, seconds: int) -> None:
    assert seconds_of(size) == seconds


def test_people_read_minutes_and_seconds() -> None:
    assert [length(seconds) for seconds in (5, 65, 600)] == ["0:05", "1:05", "10:00"]


def recorded(sound: bytes) -> bytes:
    """As Asterisk closes a file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(sound)
    return file.getvalue()


@pytest.mark.parametrize("size", [0, 1, 2, 31_999, 64_000])
@pytest.mark.parametrize("told", [0, 1 << 16])
def test_what_asterisk_did_not_close_is_as_long_as_it_is(size: int, told: int) -> None:
    """Nothing was said of its length, or that of another moment."""
    file = bytearray(recorded(bytes(size)))
    file[4:8], file[40:44] = told.to_bytes(4, "little"), told.to_bytes(4, "little")
    head = mended_head(bytes(file[:HEAD]), HEAD + size)
    assert head
    with wave.open(io.BytesIO(head + bytes(file[HEAD:]))) as sound:
        assert sound.getnframes() == size // 2


@pytest.mark.parametrize("head", [recorded(bytes(4))[:HEAD], b"", bytes(HEAD), b"RIFF" + bytes(HEAD - 4)])
def test_what_is_right_or_no_sound_is_left_alone(head: bytes) -> None:
    assert mended_head(head, HEAD + 4) is None
