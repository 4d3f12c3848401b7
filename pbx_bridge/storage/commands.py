"""`pbx-bridge db …`: chores around the database."""

from __future__ import annotations

import sys

from pbx_bridge.settings import Settings
from pbx_bridge.storage import migrate
from pbx_bridge.storage.engine import database_of


async def upgrade(settings: Settings) -> None:
    """Make the database, or bring its schema to this version; prints which it was."""
    db = database_of(settings.database, patient=True)
    try:
        before = await migrate.upgrade(db)
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
