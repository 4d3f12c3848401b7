"""Databases of old versions come up to this one with all their rows, and are then what schema.sql makes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from pbx_bridge import cli_db
from pbx_bridge.settings import Settings
from pbx_bridge.settings.sections import DatabaseSettings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from tests.integration.test_storage_drift import sqlite_facts
from tests.old_databases import OLD, made

KEPT = """
    SELECT (SELECT count(*) FROM attempt), (SELECT count(*) FROM call_note),
        (SELECT count(*) FROM note_draft),
        (SELECT count(*) FROM note_recipient), (SELECT count(*) FROM notification),
        (SELECT count(*) FROM delivery_attempt), (SELECT outcome FROM call), (SELECT concern FROM call_note),
        (SELECT note_id FROM notification), (SELECT result FROM attempt)
"""


@pytest.mark.parametrize("grown", [False, True], ids=["born", "grown"])
@pytest.mark.parametrize("version", OLD)
async def test_an_old_database_becomes_todays_and_loses_nothing(
    tmp_path: Path, version: int, grown: bool
) -> None:
    made(tmp_path / "old.db", version, grown=grown)
    old, new = (Database(f"sqlite:///{tmp_path}/{name}.db") for name in ("old", "new"))
    await migrate.upgrade(new)

    assert await migrate.upgrade(old) == version

    facts, wanted = await sqlite_facts(old), await sqlite_facts(new)
    assert sorted(wanted - facts) == sorted(facts - wanted) == []
    async with old.write() as conn:
        assert tuple((await conn.exec_driver_sql(KEPT)).one()) == (
            *(1, 1, 1, 1, 1, 1),
            *("noted", "Angebot", "n", "busy"),
        )
        await conn.exec_driver_sql("DELETE FROM call")
        assert (await conn.exec_driver_sql("SELECT count(*) FROM notification")).scalar() == 0
    await old.close()
    await new.close()


async def test_rows_that_name_what_is_gone_stop_an_upgrade(tmp_path: Path) -> None:
    made(tmp_path / "old.db", 6, grown=False)
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.execute("UPDATE call_note SET call_id = 'nowhere'")
    connection.close()
    old = Database(f"sqlite:///{tmp_path}/old.db")

    with pytest.raises(migrate.DanglingRowsError, match="call_note"):
        await migrate.upgrade(old)
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/old.db"))
    with pytest.raises(SystemExit, match=r"call_note\. Nothing was changed"):
        await cli_db.upgrade(settings)

    async with old.read() as conn:
        assert await migrate.version(conn) == 6
    await old.close()


def test_no_migration_writes_the_schema_itself() -> None:
    scripts = {path.name: path.read_text() for path in migrate.MIGRATIONS.glob("*.sql")}
    assert [
        name for name, text in scripts.items() if "sqlite_schema" in text or "writable_schema" in text
    ] == []
