"""What an end of the database would leave behind."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import Any
from weakref import WeakSet

from pbx_bridge import tasks

CLOSING_SECONDS = 3.0
"""One that is only slow may still hold the turn of all writers of the file: it is waited for."""


class EndedConnection(sqlite3.Connection):
    """Nothing of it goes on when it is closed.

    SQLite leaves a connection open in secret, with all its locks, while a statement of it is not finished:
    such as a SELECT whose reader was cancelled between two rows, and which lives on in a traceback until the
    garbage collector comes by. Until then everybody else read "locked".
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *arguments: Any, **named: Any) -> Any:
        """As of any connection."""
        cursor: sqlite3.Cursor = super().cursor(*arguments, **named)
        self._cursors.add(cursor)
        return cursor

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        """As of any connection, which would make a cursor that nobody knows."""
        cursor: sqlite3.Cursor = self.cursor()
        return cursor.execute(*statement)

    def close(self) -> None:
        """End what is read, roll back what was written, then close."""
        with contextlib.suppress(sqlite3.Error):  # closed before
            for cursor in tuple(self._cursors):
                cursor.close()
            self.rollback()
        super().close()


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
