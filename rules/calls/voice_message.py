"""What lies in the folder of voice messages: files of the dial plan, by their names."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STEM = r"((?:\w[\w.-]{0,79}-)?[0-9]{9,11}\.[0-9]{1,12})_([0-9]{0,40})_([0-9]{9,11})"
"""Of the dial plan's files: Asterisk's name of the call, the line, the second. It may have a name of its own,
of letters as people like."""
_NAME = re.compile(rf"{STEM}\.(\w+)", re.ASCII)
_ORIGIN = re.compile(r"([+0-9]{0,40})\.([0-9]{0,40})")
ENDINGS = ("call", "wav", "done")
HEAD = 44
"""Bytes before the sound of a WAV file."""
PER_SECOND = 16_000
"""8 kHz, mono, 16 bit."""
SHORTEST = 1
"""Seconds; whoever hangs up with the tone has said nothing."""
SURELY_OVER = timedelta(hours=2)
"""After the tone: whatever the longest message may be, and if Asterisk died meanwhile."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A caller was asked to speak. `name`: of its files, without ending; `call`: Asterisk's Uniqueid of the
    caller; `line`: as E.164 digits; `at`: aware, when the file was begun. `there`: which files there are."""

    name: str
    call: str
    line: str
    at: datetime
    there: frozenset[str] = frozenset()

    def is_over(self, now: datetime) -> bool:
        """Nothing more is said."""
        return "done" in self.there or now - self.at > SURELY_OVER


def recordings(names: Iterable[str]) -> tuple[Recording, ...]:
    """Of the names in the folder, oldest first; what is none of the dial plan's is left alone."""
    found: dict[str, tuple[str, str, datetime, set[str]]] = {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None or match[4] not in ENDINGS:
            continue
        at = datetime.fromtimestamp(int(match[3]), UTC)
        stem = name.removesuffix(f".{match[4]}")
        found.setdefault(stem, (match[1], match[2], at, set()))[3].add(match[4])
    made = [
        Recording(stem, call, line, at, frozenset(ends)) for stem, (call, line, at, ends) in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.at, one.name)))


def origin(said: str) -> tuple[str, str]:
    """Caller as signalled, and the number by which the company is known (E.164 digits), of what stands in a
    `.call`: `<caller>.<company's number>`; each may be empty, as in a file of an older dial plan."""
    match = _ORIGIN.fullmatch(said.strip())
    return (match[1], match[2]) if match else ("", "")


def seconds_of(size: int) -> int:
    """Of a sound of so many bytes, rounded; its head is not asked, as Asterisk may have died before."""
    return max(0, round((size - HEAD) / PER_SECOND))


def mended_head(head: bytes, size: int) -> bytes | None:
    """What a WAV file of `size` bytes should begin with, instead of its first `HEAD` bytes; None where they
    are right, or none of Asterisk's.

    Asterisk says how long a sound is when it closes the file. If it died before, nothing is said to be in it:
    it is as long as ever, and nobody's player plays it.
    """
    if len(head) != HEAD or not (head.startswith(b"RIFF") and head[8:16] == b"WAVEfmt "):
        return None
    if head[36:40] != b"data":
        return None
    sound = (size - HEAD) // 2 * 2
    right = b"".join((head[:4], struct.pack("<I", sound + 36), head[8:40], struct.pack("<I", sound)))
    return right if right != head else None


def length(seconds: int) -> str:
    """As people read it: 1:05."""
    return f"{seconds // 60}:{seconds % 60:02}"
