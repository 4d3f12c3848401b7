"""Files of lists on their way in: each is read step by step, and waits for the yes to what it would do.

What is on its way is stored (`storage.undo.import_jobs`); only how far it is, is not, and is begun anew by a
service that has ended since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pbx_bridge.garbage import goes_gently, lasting
from pbx_bridge.storage.undo.import_jobs import KEPT
from pbx_bridge.time_slices import gently
from rules.files.csv_plan import ImportPlan, Reading
from rules.files.csv_text import Table

Key = tuple[str, str]
"""Account and kind of list."""


@dataclass(slots=True)
class ListReading:
    """A file being read, or read and waiting. `id`: of its job; `version`: of the company it was compared
    with; `resumed`: it was read before, by a service that has ended since."""

    id: str
    at: datetime
    table: Table
    total: int
    version: int
    resumed: bool
    done: int = 0
    plan: ImportPlan[Any] | None = None
    task: asyncio.Task[None] | None = None


class ListReadings:
    """By account and kind: whoever begins a second file has given up the first."""

    def __init__(self) -> None:
        self._by_key: dict[Key, ListReading] = {}

    def of(self, key: Key, job_id: str) -> ListReading | None:
        """How far this very file is; None: this service has not begun it."""
        found = self._by_key.get(key)
        return found if found and found.id == job_id else None

    def begin(self, key: Key, wanted: ListReading, reading: Reading[Any], now: datetime) -> ListReading:
        """Read it from now on; those that nobody wants any more end."""
        for gone in [one for one, other in self._by_key.items() if other.at < now - KEPT or one == key]:
            self.forget(gone)
        wanted.task = asyncio.create_task(_read(wanted, reading))
        self._by_key[key] = wanted
        return wanted

    def forget(self, key: Key) -> None:
        """It is taken over or given up; harmless when there is none."""
        found = self._by_key.pop(key, None)
        if found and found.task:
            found.task.cancel()


async def _read(file: ListReading, reading: Reading[Any]) -> None:
    """Step by step, so that calls go on while ten thousand lines are read."""

    def counted() -> Generator[int, None, None]:
        file.plan = yield from reading

    with lasting():
        async for step in gently(counted()):
            file.done += step
    if file.plan:
        goes_gently(file.plan, file.plan.new, file.plan.changed, file.plan.missing)
