"""No step may hold the loop: between two awaits everybody else waits, and calls with them.

Steps are measured by the CPU time of the loop's thread. That too grows on a crowded machine, up to twofold,
where neighbours share a core: so what seems long is held against a piece of work done right afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.machine_speed import slowness

LONGEST = 0.05
"""Seconds of CPU at the speed of `machine_speed` that any step may take, with the biggest inputs allowed."""
LOOK_SECONDS = 0.01
"""How often a look is taken at what a long step is doing."""
_TESTS = str(Path(__file__).parent)
_RUNNERS = ("/pytest_asyncio/", "/_pytest/", "/unittest/", "/playwright/")
_KEPT = 12
"""Places of a long step that are named: the innermost ones of our own files."""


@dataclass(frozen=True, slots=True)
class Step:
    """`collected`: seconds of them in the garbage collector; `places`: where it was seen, innermost last."""

    seconds: float
    what: str
    collected: float = 0.0
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        seen = "".join(f"\n      {place}" for place in self.places)
        return f"{self.seconds * 1e3:.0f} ms ({self.collected * 1e3:.0f} ms of garbage) in {self.what}{seen}"


@dataclass(slots=True)
class Watch:
    """`ours`: whether steps of the tests' own coroutines count too, and the collector's time: as the service
    does, such a test has put aside (`gc.freeze`) what stays for good, which is above all pytest's own."""

    ours: bool = False
    steps: list[Step] = field(default_factory=list)
    _thread: int = 0
    _began: float = 0.0
    _collected: float = 0.0
    _collecting: float = 0.0
    _frame: tuple[str, ...] = ()

    def longest(self) -> Step:
        """Since the last `clear`."""
        return max(self.steps, key=lambda step: step.seconds, default=Step(0.0, "nothing"))

    def clear(self) -> None:
        """Forget what was seen so far, such as the making of large data."""
        self.steps.clear()

    def too_long(self) -> list[Step]:
        """All that held the loop."""
        return [step for step in self.steps if step.seconds > LONGEST]

    def check(self) -> None:
        """Fails and names them."""
        if found := self.too_long():
            pytest.fail("held the loop:\n  " + "\n  ".join(map(str, found)), pytrace=False)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Every step of every loop of this thread, until the block ends."""
        run, self._thread = asyncio.events.Handle._run, threading.get_ident()

        def watched(handle: asyncio.events.Handle) -> None:
            if threading.get_ident() != self._thread:
                run(handle)
                return
            self._collected, self._frame, self._began = 0.0, (), time.perf_counter()
            start = time.thread_time()
            try:
                run(handle)
            finally:
                seconds, collected = time.thread_time() - start, self._collected
                self._began = 0.0
                slow = slowness(seconds) if seconds > LONGEST else 1.0
                if seconds > LONGEST / 5:
                    self._keep(seconds / slow, collected / slow, handle)

        asyncio.events.Handle._run = watched  # type: ignore[method-assign,assignment]
        gc.callbacks.append(self._garbage)
        over = threading.Event()
        looker = threading.Thread(target=self._look, args=(over,), daemon=True)
        looker.start()
        try:
            yield
        finally:
            over.set()
            looker.join()
            gc.callbacks.remove(self._garbage)
            asyncio.events.Handle._run = run  # type: ignore[method-assign]

    def _keep(self, seconds: float, collected: float, handle: asyncio.events.Handle) -> None:
        what, code = _work_of(handle)
        if self.ours:
            self.steps.append(Step(seconds, what, collected, self._frame))
        elif code is None or not _of_tests(code):
            self.steps.append(Step(seconds - collected, what, 0.0, self._frame))

    def _garbage(self, phase: str, _info: object) -> None:
        if threading.get_ident() != self._thread:
            return
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            self._collected += time.thread_time() - self._collecting

    def _look(self, over: threading.Event) -> None:
        """From a thread beside: a step that takes long is asked where it is."""
        while not over.wait(LOOK_SECONDS):
            began = self._began
            if began and time.perf_counter() - began > LONGEST / 2 and not self._frame:
                frame = sys._current_frames().get(self._thread)
                if began == self._began and isinstance(frame, FrameType):
                    self._frame = _places(frame)


def _places(frame: FrameType | None) -> tuple[str, ...]:
    found: list[str] = []
    while frame is not None and len(found) < _KEPT:
        name = frame.f_code.co_filename
        if "/asyncio/" in name or any(part in name for part in _RUNNERS):
            break
        found.append(f"{'/'.join(Path(name).parts[-3:])}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return tuple(reversed(found))


def _work_of(handle: asyncio.events.Handle) -> tuple[str, CodeType | None]:
    """The name of what the handle runs, and the code of its outermost coroutine or function."""
    callback: Any = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine = task.get_coro()
        return getattr(coroutine, "__qualname__", repr(coroutine)), getattr(coroutine, "cr_code", None)
    return getattr(callback, "__qualname__", repr(callback)), getattr(callback, "__code__", None)


def _of_tests(code: CodeType) -> bool:
    """The tests' own work, and their browser's, is none of the service's."""
    return code.co_filename.startswith(_TESTS) or any(part in code.co_filename for part in _RUNNERS)


@pytest.fixture
def loop_watch() -> Iterator[Watch]:
    """The steps of this test; those of its own coroutine count as well."""
    gc.collect()
    gc.freeze()
    watch = Watch(ours=True)
    with watch.watching():
        yield watch
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _nothing_holds_the_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """In every test: the service's own steps are short."""
    if "loop_watch" in request.fixturenames:
        yield
        return
    watch = Watch()
    with watch.watching():
        yield
    watch.check()
