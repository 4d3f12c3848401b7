"""`pbx-bridge db …`: chores around the database, and what the operator is told of them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Literal

from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import database_of
from pbx_bridge.storage.maintenance import migrate
from pbx_bridge.storage.outbox import held_messages


async def upgrade(settings: Settings) -> None:
    """Make the database, or bring its schema to this version; prints which it was."""
    db = database_of(settings.database, patient=True)
    try:
        before = await migrate.upgrade(db)
    except RuntimeError as error:
        raise SystemExit(
            f"database: {error}. Nothing was changed: delete those rows, or take back a backup without them."
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
