"""One line on stderr that says how far a long fetch is."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self


class Progress:
    """Rewrites its line on a terminal; elsewhere (CI logs) one line for each new step.

    An error's `short`, if it has one, is how the line ends; its text is for whoever catches it.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._step = ""
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = time.monotonic() - self._began
        outcome = f"ready after {seconds:.0f} s" if error is None else getattr(error, "short", "not fetched")
        self._write(f"{self._title}: {outcome}", end="\n")

    def show(self, step: str, percent: float) -> None:
        """`percent` of `step` is done, 0–100."""
        if sys.stderr.isatty():
            self._write(f"{self._title}: {step} {percent:3.0f} %", end="")
        elif step != self._step:
            self._write(f"{self._title}: {step} …", end="\n")
        self._step = step

    def _write(self, line: str, end: str) -> None:
        start = "\r\x1b[K" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{start}{line}{end}")
        sys.stderr.flush()
