"""What an end of the database would leave behind."""

from __future__ import annotations

import asyncio

from pbx_bridge import tasks

CLOSING_SECONDS = 3.0
"""One that is only slow may still hold the turn of all writers of the file: it is waited for."""


async def leave_no_closing_behind() -> None:
    """Whoever is cancelled while connecting leaves a task of SQLAlchemy that closes the connection. Of two
    ends of one connection aiosqlite's thread answers the first only: the other waits for ever, swallows one
    cancellation, and the end of the process waits for it."""
    closing = {
        task
        for task in asyncio.all_tasks()
        if getattr(task.get_coro(), "__qualname__", "").endswith("._terminate_graceful_close")
    }
    if closing:
        _, closing = await asyncio.wait(closing, timeout=CLOSING_SECONDS)
    for task in closing:
        task.cancel()
    await asyncio.sleep(0)
    await tasks.end(closing)
