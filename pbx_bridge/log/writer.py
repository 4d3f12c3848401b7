"""Lines go out by a thread of their own: whoever reads the log, or stops reading it, holds up nobody.

A pipe that is full blocks whoever writes into it. Docker's own log driver is such a reader.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

MOST_BYTES = 4_000_000
"""What may wait for a reader; beyond it lines are lost, counted, and the count is written."""
LOOK_SECONDS = 1.0
END_SECONDS = 1.0
"""How long the end of the process waits for a reader."""


class Writer(logging.Handler):
    """Writes to a copy of the file descriptor. `notes`: further lines that are to go out now and then."""

    def __init__(self, descriptor: int, notes: Callable[[], Iterator[logging.LogRecord]]) -> None:
        super().__init__()
        self._to, self._notes = os.dup(descriptor), notes
        self._waiting: deque[bytes] = deque()
        self._size = self._lost = 0
        self._over = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Into the queue; never waits."""
        data = self._line(record)
        with self._changed:
            if self._size + len(data) > MOST_BYTES:
                self._lost += 1
                return
            self._waiting.append(data)
            self._size += len(data)
            self._changed.notify_all()

    def flush(self) -> None:
        """Until all is out, but not longer than the end may take."""
        with self._changed:
            self._changed.wait_for(lambda: not self._size, END_SECONDS)

    def close(self) -> None:
        """The thread ends when all is out; nobody waits for it."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        super().close()

    def _run(self) -> None:
        while self._waiting or not self._over:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._over, LOOK_SECONDS)
                data = self._waiting.popleft() if self._waiting else b""
            if data:
                written = self._write(data)
                with self._changed:
                    self._size -= len(data)
                    self._lost += not written
                    self._changed.notify_all()
            if not self._waiting:
                self._note()
        os.close(self._to)

    def _note(self) -> None:
        """What could not be said at its time."""
        if (lost := self._lost) and self._write(self._line(note("log_lines_lost", count=lost))):
            with self._changed:
                self._lost -= lost
        for record in self._notes():
            self.emit(record)

    def _line(self, record: logging.LogRecord) -> bytes:
        try:
            line = self.format(record)
        except Exception:
            line = f'{{"event": "log_line_failed", "level": "error", "logger": "{record.name[:50]}"}}'
        return line.encode(errors="backslashreplace") + b"\n"

    def _write(self, data: bytes) -> bool:
        """False when nobody reads any longer, or the disk has no room; not tried again at once."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._to, rest) :]
            except BlockingIOError:  # somebody made the pipe one that does not wait
                select.select([], [self._to], [], LOOK_SECONDS)
            except OSError:
                time.sleep(LOOK_SECONDS)
                return False
        return True


def note(event: str, **values: object) -> logging.LogRecord:
    """A line about the log itself."""
    record = logging.LogRecord("pbx_bridge.log", logging.WARNING, "", 0, event, (), None)
    record.__dict__ |= values
    return record
