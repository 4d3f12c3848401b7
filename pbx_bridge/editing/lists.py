"""A whole list from a file: everything that its preview showed, or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from pbx_bridge.editing.change import Change
from pbx_bridge.errors import Refused
from pbx_bridge.storage.undo import import_jobs
from rules.files.csv_plan import ImportPlan

Take = Callable[[Change, ImportPlan[Any], Collection[str]], Awaitable[None]]
"""`employees.take_list`, `vip_callers.take_list`."""


async def apply(
    change: Change, take: Take, job_id: str, plan: ImportPlan[Any], leaving: Collection[str], seen: int
) -> Refused | None:
    """Do what `plan` says and delete those `leaving`; a file that was taken before is not taken again.

    Refused: import_overtaken: the company is another by now than the version `seen` that was shown.
    """
    if (await change.customer()).version != seen:
        return Refused("import_overtaken")
    if await import_jobs.apply(change.conn, job_id, change.now):
        await take(change, plan, leaving)
    return None
