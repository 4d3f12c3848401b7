"""Reading a mail server's reply, whatever bytes it is made of (RFC 5321, 4.2): pure, one reply at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.text.foreign_text import readable

MOST_BYTES = 262_144
"""Of one reply; who says more than this goes on for ever."""
MOST_LINES = 100
MOST_OF_A_LINE = 1_000
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])|\Z)")


@dataclass(frozen=True, slots=True)
class Reply:
    """`code` None: none that RFC 5321 knows, or lines that contradict each other. `lines`: the texts behind
    it, readable. `whole`: its end was seen."""

    code: int | None
    lines: tuple[str, ...] = ()
    whole: bool = True

    @property
    def text(self) -> str:
        """All lines as one."""
        return " ".join(line for line in self.lines if line)


class ReplyReader:
    """Takes bytes until a reply is complete; keeps little of each line and few of endless ones."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._codes: set[int | None] = set()
        self._texts: list[str] = []
        self._taken = 0
        self._whole = True
        self.done = False

    def feed(self, data: bytes) -> bytes:
        """Read on; returns what stands behind the end of the reply."""
        start = 0
        while not self.done and start < len(data):
            end = data.find(b"\n", start)
            stop = len(data) if end < 0 else end
            self._line += data[start : min(stop, start + MOST_OF_A_LINE - len(self._line))]
            self._taken += stop - start + 1
            if end >= 0:
                self._close_line()
            start = stop + 1
            if self._taken > MOST_BYTES and not self.done:
                self._whole, self.done = False, True
        return data[start:]

    def reply(self) -> Reply | None:
        """What has been read, finished or not; None before the first code.

        Three digits are a code whatever follows: a line that was cut behind them has said what it means.
        """
        codes, texts = set(self._codes), list(self._texts)
        line = bytes(self._line).rstrip(b"\r")
        if len(line.strip()) >= 3:
            found = _LINE.match(line)
            codes.add(int(found[1]) if found else None)
            texts.append(readable(line[4:] if found else line))
        if not codes:
            return None
        code = codes.pop() if len(codes) == 1 else None
        return Reply(code, tuple(texts), whole=self._whole and self.done)

    def _close_line(self) -> None:
        line = bytes(self._line).rstrip(b"\r")
        self._line.clear()
        if not line.strip():
            return  # an empty line says nothing
        found = _LINE.match(line)
        self._codes.add(int(found[1]) if found else None)
        if len(self._texts) < MOST_LINES:
            self._texts.append(readable(line[4:] if found else line))
        self.done = found is None or found[2] != b"-"
