"""The folder in which the dial plan leaves what callers say and wish: how it is looked at, whatever of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from pbx_bridge.storage.db.engine import StorageUnavailable

log = structlog.get_logger(__name__)

LATE = timedelta(minutes=10)
"""After this somebody has to know of a file of which no call is known. Whoever looked for its call for as
long, while the PBX told all that it remembers, looks no longer."""


async def look_for_ever(
    what: str, seconds: float, look: Callable[[], Awaitable[None]], failed: Callable[[], None] | None = None
) -> None:
    """Until cancelled, with a pause of so many seconds. A database that is away, and a folder that cannot be
    read, are waited for; `failed`: who has to know of the folder. `what`: for the log."""
    while True:
        try:
            await look()
        except StorageUnavailable as error:
            log.info("callers_folder_waits", what=what, reason=error.reason)
        except OSError as error:
            if failed is not None:
                failed()
            log.warning("callers_folder", what=what, error=type(error).__name__, errno=error.errno)
        await asyncio.sleep(seconds)


async def names_in(folder: Path) -> list[str]:
    """Of all files, read beside the loop; none where there is no folder. Raises OSError."""
    return await asyncio.to_thread(_names, folder)


def _names(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 - ten thousand names, not paths


class UntoldFiles:
    """Files of whose call the PBX has told nothing yet, and since when this process looks for it."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def is_in_vain(self, name: str, now: datetime) -> bool:
        """It makes no sense to wait for what the PBX tells."""
        return now - self._since.setdefault(name, now) > LATE

    def forget(self, name: str) -> None:
        """It is taken."""
        self._since.pop(name, None)
