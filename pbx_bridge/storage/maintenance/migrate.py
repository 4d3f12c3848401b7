"""The schema of a database: made from schema.sql, brought up to date by numbered SQL files, refused when it
is not ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

import pbx_bridge
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import audit_chain
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.fence import SCHEMA, lock_key
from pbx_bridge.storage.db.rebuilding import dangling

MIGRATIONS = Path(__file__).parents[1] / "migrations"
CHAINED = 33
"""Since this version the access log is a chain; SQL alone cannot reckon the hashes of what was there
before."""
LATEST = max(int(path.name[:4]) for path in MIGRATIONS.glob("[0-9]*.sql"))
"""The version this program works with: the number of the newest file in migrations/."""


def schema_sql() -> str:
    """The text of schema.sql: beside the package in a checkout, inside it when installed from a wheel."""
    package = Path(pbx_bridge.__file__).parent
    places = (package.parent / "schema.sql", package / "schema.sql")
    return next(place for place in places if place.exists()).read_text(encoding="utf-8")


class DanglingRowsError(Exception):
    """Rows of these `tables` name rows that are gone."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(", ".join(tables))
        self.tables = tuple(tables)


class ServedError(Exception):
    """A service leads on this database of PostgreSQL, or somebody else is just changing its schema."""


async def version(connection: AsyncConnection) -> int:
    """The schema's version, 0 for an empty database."""
    if "schema_version" not in await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
        return 0
    return int((await connection.execute(select(tables.schema_version.c.version))).scalar_one())


async def upgrade(db: Database, *, folder: Path = MIGRATIONS) -> int:
    """Make the schema, or apply the migrations it lacks, in one transaction; returns the version it had
    before.

    A schema newer than the program is left alone; `refusal` says so at start-up. Raises
    DanglingRowsError, and changes nothing, when rows would be left that name a row which is gone, and
    ServedError where a service works with what would be changed.
    """
    listed = scripts(folder, db.dialect)
    # One transaction for all of them: whoever is interrupted finds the version of before, whole.
    async with db.write(rebuilding=True) as connection:
        before = await version(connection)
        if before < max((number for number, _ in listed), default=0) and not await _nobody_else(connection):
            raise ServedError
        if before == 0 and folder == MIGRATIONS:
            await run_script(connection, schema_sql())
        else:
            lacking = [script for number, script in listed if number > before]
            for script in lacking:
                await run_script(connection, script)
            # Once, at the end: while a table is made anew, what refers to it refers to nothing for a moment.
            if lacking and (broken := await dangling(connection)):
                raise DanglingRowsError(broken)
            if before < CHAINED <= max((number for number, _ in listed), default=0):
                await audit_chain.adopt(connection, datetime.now(UTC))
        return before


async def _nobody_else(connection: AsyncConnection) -> bool:
    """Until the end of the transaction no service begins to lead. On SQLite the file has a lock."""
    if connection.dialect.name != "postgresql":
        return True
    taken = select(func.pg_try_advisory_xact_lock(lock_key(*SCHEMA)))
    return bool((await connection.execute(taken)).scalar_one())


async def refusal(db: Database) -> Refused | None:
    """Why this program must not run on this database, if so."""
    async with db.read() as connection:
        return unfit(await version(connection))


def unfit(found: int) -> Refused | None:
    """Why this program must not run on a schema of this version, if so."""
    # A newer one is refused as well: a column that this program does not know may be one that it must write.
    if found == LATEST:
        return None
    code = "schema_missing" if found == 0 else "schema_older" if found < LATEST else "schema_newer"
    return Refused(code, {"found": str(found), "needed": str(LATEST)})


def statements(script: str) -> list[str]:
    """The statements of an SQL script of ours: no `--` and no line ending in `;` inside a text."""
    bare = re.sub(r"--[^\n]*", "", script)
    return [statement.strip() for statement in re.split(r";\s*(?:\n|$)", bare) if statement.strip()]


async def run_script(connection: AsyncConnection, script: str) -> None:
    """Run all statements of a script in the connection's transaction."""
    for statement in statements(script):
        await connection.exec_driver_sql(statement)


def scripts(folder: Path, dialect: str) -> list[tuple[int, str]]:
    """Numbers and texts in order: `0007_x.sql` is for both databases, `0007_x.sqlite.sql` for one."""
    meant = [
        path for path in sorted(folder.glob("[0-9]*.sql")) if path.suffixes[:-1] in ([], [f".{dialect}"])
    ]
    return [(int(path.name[:4]), path.read_text(encoding="utf-8")) for path in meant]
