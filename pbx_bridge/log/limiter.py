"""The same line again and again: a few are written, the others are counted, and the count is written."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog
from structlog.typing import EventDict, WrappedLogger

BURST = 20
EVERY_SECONDS = 10.0
"""So often comes one more of what has had its burst: nine thousand lines a day at most."""
TOLD_SECONDS = 10.0
MOST_KINDS = 1_000
LONGEST_KIND = 60
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}
LIMITED = logging.WARNING
"""What goes on all day is information. From here on something is wrong, perhaps a thousand times a second."""


@dataclass(slots=True)
class _Kind:
    tokens: float
    at: float
    left_out: int = 0


@dataclass(slots=True)
class Limiter:
    """Lines are of one kind when they begin alike. `clock`: seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _told: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passes(self, kind: str) -> bool:
        """Whether one more line of this kind is written."""
        kind, now = kind[:LONGEST_KIND], self.clock()
        with self._lock:
            if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
                self._kinds.pop(next(iter(self._kinds)))
            held = self._kinds.setdefault(kind, _Kind(BURST, now))
            held.tokens = min(BURST, held.tokens + (now - held.at) / EVERY_SECONDS)
            held.at = now
            if held.tokens < 1:
                held.left_out += 1
                return False
            held.tokens -= 1
            return True

    def left_out(self) -> Iterator[tuple[str, int]]:
        """Kinds and how many lines of them were left out since it was last told; nothing too soon after."""
        now = self.clock()
        if now - self._told < TOLD_SECONDS:
            return
        with self._lock:
            found = [(kind, held) for kind, held in self._kinds.items() if held.left_out]
            counts = [(kind, held.left_out) for kind, held in found]
            for _, held in found:
                held.left_out = 0
        if counts:
            self._told = now
        yield from counts

    # ---- in the two ways that lines come

    def own(self, _logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """A structlog processor, before anything dear is done."""
        level = LEVELS.get(method, logging.CRITICAL)
        if level >= LIMITED and not self.passes(str(event.get("event", ""))):
            raise structlog.DropEvent
        return event

    def filter(self, record: logging.LogRecord) -> bool:
        """A filter of a handler, for what libraries say; our own lines have passed `own`."""
        if isinstance(record.msg, dict) or record.levelno < LIMITED:
            return True
        return self.passes(f"{record.name} {record.msg}")
