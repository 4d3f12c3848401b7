"""`pbx-bridge db …`: chores around the database, and what the operator is told of them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database, database_of
from pbx_bridge.storage.db.lock import BeingRestoredError, InUseError, in_use
from pbx_bridge.storage.maintenance import backup, migrate, restore
from pbx_bridge.storage.maintenance.backup import ChoreRefusal, ChoreRefusedError
from pbx_bridge.storage.maintenance.lead import DeposedError
from pbx_bridge.storage.maintenance.restore import Restored
from pbx_bridge.storage.maintenance.waiting import UnfitDatabaseError
from pbx_bridge.storage.outbox import held_messages

REFUSALS = {
    ChoreRefusal.IS_DATABASE: "{file} is the database itself.",
    ChoreRefusal.NO_DATABASE: "There is no database at {file}.",
    ChoreRefusal.DAMAGED: "{file} is damaged: {found}.",
    ChoreRefusal.ROW_ALONE: "{file} is damaged: a row of {table} without the one it belongs to.",
    ChoreRefusal.NOT_OURS: "{file} is no database of pbx-bridge ({error}).",
    ChoreRefusal.NOT_COPIED: "{file} cannot be copied: {error}.",
    ChoreRefusal.NO_ROOM: "{folder} takes no file: {error}.",
    ChoreRefusal.TOOL_FAILED: "{program}: {error}",
    ChoreRefusal.NO_BACKUP: "There is no backup at {file}.",
    ChoreRefusal.IN_USE: "A service runs on this database. Stop it first; nothing has been changed.",
    ChoreRefusal.FOLDER: "{folder}: {error}.",
    ChoreRefusal.NEWER: "This backup has schema version {found}, newer than this program ({needed}).",
    ChoreRefusal.LEFT_EMPTY: "{program}: {error} The database is empty now; restore {aside}.",
    ChoreRefusal.DATABASE_DOWN: "database: {error}",
    ChoreRefusal.NO_TOOL: """{program} is not installed here. Install PostgreSQL's client programs in the \
server's version
(apt-get install postgresql-client), or run on the database's own machine:
  umask 077; pg_dump --format=custom --file=FILE '{url}'
and bring it back, with the service stopped, by
  pg_restore --single-transaction --clean --if-exists --no-owner --exit-on-error --dbname='{url}' FILE
  pbx-bridge db held --hold""",
}

NOT_OURS = (UnfitDatabaseError, BeingRestoredError, InUseError, DeposedError, migrate.ServedError)
"""Why a service, or who changes the schema, cannot use the database, and never will by waiting."""


def unfit_words(
    error: UnfitDatabaseError | BeingRestoredError | InUseError | DeposedError | migrate.ServedError,
) -> str:
    """What keeps from the database, in one line."""
    if isinstance(error, migrate.ServedError):
        return (
            "database: a service works on it, or somebody else is just upgrading it. Stop all services "
            "first; nothing has been changed"
        )
    if isinstance(error, DeposedError):
        which = f"PBX {error.pbx}" if error.pbx else "the PBX"
        return (
            f"database: another service leads at {which} now, as this one gave no sign of life for "
            "database.lease_seconds; started again it stands by"
        )
    if isinstance(error, BeingRestoredError):
        return "database: it is being restored"
    if isinstance(error, InUseError):
        return (
            f"database: a service runs on {error.file} already. Stop that one first, or name another file in "
            "database.url; a second one that waits for the first to end needs PostgreSQL"
        )
    return f"database: {error.refusal.code} ({', '.join(map(str, error.refusal.params.values()))})"


async def upgrade(settings: Settings) -> None:
    """Make the database, or bring its schema to this version; prints which it was. Raises InUseError,
    ServedError and BeingRestoredError where others are at work on it; then nothing has been changed."""
    db = database_of(settings.database, patient=True)
    try:
        before = await _upgraded(settings, db)
    except migrate.DanglingRowsError as error:
        raise SystemExit(
            f"database: rows name rows that are gone: {', '.join(error.tables)}. Nothing was changed: delete "
            "those rows, or take back a backup without them."
        ) from None
    finally:
        await db.close()
    if before == 0:
        sys.stdout.write(f"Database made, schema version {migrate.LATEST}.\n")
    elif before < migrate.LATEST:
        sys.stdout.write(f"Schema brought from version {before} to {migrate.LATEST}.\n")
    elif before == migrate.LATEST:
        sys.stdout.write(f"Schema is up to date (version {before}).\n")
    else:
        sys.stdout.write(
            f"Schema version {before} is newer than this program ({migrate.LATEST}); left alone.\n"
        )


async def _upgraded(settings: Settings, db: Database) -> int:
    """The version it had before. A service that runs is in nobody's way where nothing is to be done."""
    try:
        with in_use(settings.database):
            return await migrate.upgrade(db)
    except InUseError:
        if await migrate.refusal(db) is not None:
            raise
        return migrate.LATEST


def backed_up(settings: Settings, file: Path) -> str:
    """Copy the database, and what to say of it. Raises ChoreRefusedError."""
    done = backup.backup(settings.database, file)
    return f"Backup written and checked: {done.file} ({done.size / 1_000_000:.1f} MB).\n"


def put_back(settings: Settings, file: Path) -> str:
    """Make a backup the database, and what to say of it. Raises ChoreRefusedError."""
    return restored_words(restore.restore(settings.database, file))


def restored_words(done: Restored) -> str:
    """What has become of the database, and what is left to do."""
    lines = [f"Restored from {done.source}, schema version {done.version}. Everybody has to log in again."]
    if done.aside is not None:
        lines.append(f"The database as it was is kept in {done.aside} until you delete it.")
    if done.held:
        lines.append(
            f"{done.held} messages that were waiting then are held back, as they may have gone out since: "
            "`pbx-bridge db held` shows how many, and sends them or lets them be."
        )
    if done.version < migrate.LATEST:
        lines.append("Run `pbx-bridge db upgrade` before you start the service.")
    return "\n".join(lines) + "\n"


def refused_words(error: ChoreRefusedError) -> str:
    """Why a chore was not done."""
    said = {**error.params, "error": error.params.get("error") or "it failed without a word"}
    return REFUSALS[error.why].format_map(said)


async def held_back(settings: Settings, deed: Literal["show", "hold", "send", "gone"]) -> str:
    """What a restore has held back, or what became of it, in words."""
    db, now = database_of(settings.database, patient=True), datetime.now(UTC)
    try:
        if deed == "show":
            async with db.read() as conn:
                return _held_words(await held_messages.held(conn))
        async with db.write() as conn:
            if deed == "hold":
                return f"{await held_messages.hold(conn, now)} messages are held back now.\n"
            count = await held_messages.release(conn, now, send=deed == "send")
    finally:
        await db.close()
    return f"{count} messages {'are on their way' if deed == 'send' else 'count as sent'} now.\n"


def _held_words(those: held_messages.HeldMessages) -> str:
    if not those.since or not those.until:
        return "No message is held back.\n"
    return (
        f"{those.mails} e-mails and {those.sms} SMS of {those.since:%Y-%m-%d %H:%M} to "
        f"{those.until:%Y-%m-%d %H:%M} UTC are held back: on their way when the backup was made, they may "
        "have gone out since.\n`pbx-bridge db held --send` sends them now, `--gone` has them count as sent.\n"
    )
