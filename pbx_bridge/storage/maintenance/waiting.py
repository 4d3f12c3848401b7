"""A service that starts before its database waits for it, and says so once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from pbx_bridge import tasks
from pbx_bridge.settings.sections import DatabaseSettings
from pbx_bridge.storage.db.engine import Database, StorageUnavailable, database_of
from pbx_bridge.storage.db.fence import Fence
from pbx_bridge.storage.db.lock import in_use
from pbx_bridge.storage.maintenance import migrate
from rules.decision import Refused

LOOK_SECONDS = 1.0
HOPELESS = "schema_newer"
MENDED_BY = {"schema_missing": "pbx-bridge db upgrade", "schema_older": "pbx-bridge db upgrade"}
_log = structlog.get_logger(__name__)


class UnfitDatabaseError(Exception):
    """The database is not one that this version may use; `refusal` is that of `migrate.refusal`."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


async def fit_or_stopped(settings: DatabaseSettings, stop: asyncio.Event, *, upgrade: bool = False) -> bool:
    """Whether to go on: the database is there and as this version wants it, or will never be; False: `stop`
    was set first. `upgrade`: make it, or bring it to this version; raises InUseError and BeingRestoredError
    when others are at work on it."""
    db = database_of(settings)
    fit = _fit(settings, db, upgrade=upgrade)
    waiting, stopped = asyncio.create_task(fit), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({waiting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            await waiting
        return waiting.done()
    finally:
        await tasks.end([waiting, stopped])
        await db.close()


async def opened(settings: DatabaseSettings, fence: Fence | None = None) -> Database:
    """The database, fit for this version; `fence`: of a service that leads. Raises UnfitDatabaseError when
    it is not ours to use."""
    db = database_of(settings, fence=fence)
    refusal = await migrate.refusal(db)
    if refusal is not None:
        await db.close()
        raise UnfitDatabaseError(refusal)
    return db


async def _fit(settings: DatabaseSettings, db: Database, *, upgrade: bool) -> None:
    said = ""
    while (reason := await _unfit(db)) not in {"", HOPELESS}:
        if upgrade and reason in MENDED_BY and await _upgraded(settings, db):
            continue
        if reason != said:
            _log.warning("waiting_for_the_database", reason=reason, mended_by=MENDED_BY.get(reason, ""))
            said = reason
        await asyncio.sleep(LOOK_SECONDS)
    if said:
        _log.info("database_is_there")


async def _upgraded(settings: DatabaseSettings, db: Database) -> bool:
    try:
        with in_use(settings):
            await migrate.upgrade(db)
    except (StorageUnavailable, migrate.ServedError):
        return False
    _log.info("database_upgraded", version=migrate.LATEST)
    return True


async def _unfit(db: Database) -> str:
    """Why the service cannot work on it, as a stable code; a SQLite file that is not there is not made."""
    if _is_not_made(db):
        return "schema_missing"
    try:
        refusal = await migrate.refusal(db)
    except StorageUnavailable as error:
        return error.reason
    return refusal.code if refusal is not None else ""


def _is_not_made(db: Database) -> bool:
    return db.dialect == "sqlite" and not Path(db.url.database or "").exists()
