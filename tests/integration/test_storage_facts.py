"""RELIABILITY.md, section 1: what was measured about storing; each test is red on a naive database."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from pbx_bridge.asterisk.tools import strace
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.sample_company import NOW, arrive, furnish

COMMITS = 20
PROGRAM = """
import asyncio, os, sys
from sqlalchemy import text
from pbx_bridge.storage.db.engine import Database

async def main():
    db = Database(sys.argv[1])
    for number in range(int(sys.argv[2])):
        async with db.write() as conn:
            await conn.execute(text("UPDATE data_version SET version = version + 1"))
        os.write(1, b"stored\\n")
    await db.close()

asyncio.run(main())
"""


def test_fact_10_every_acknowledged_commit_is_on_disk_before_it_is_acknowledged(
    sqlite_url: str, tmp_path: Path
) -> None:
    tool, trace = strace(), tmp_path / "trace"
    calls = ["-f", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
    subprocess.run(
        [tool.program, *calls, sys.executable, "-c", PROGRAM, sqlite_url, str(COMMITS)],
        env=tool.env,
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
    )

    synced, unsynced, acknowledged = False, 0, 0
    for line in trace.read_text().splitlines():
        if re.search(r"f(data)?sync\(.* = 0|<\.\.\. f(data)?sync resumed.* = 0", line):
            synced = True
        if 'write(1, "stored' in line:
            acknowledged += 1
            unsynced += not synced
            synced = False
    assert acknowledged == COMMITS
    assert unsynced == 0


async def test_fact_12_erased_text_is_gone_from_the_disk_the_log_included(sqlite_db: Database) -> None:
    secret = "Der Anrufer will ungenannt bleiben"
    house = await furnish(sqlite_db)
    async with sqlite_db.write() as conn:
        call_id = await arrive(conn, house)
        await notes.save_draft(conn, call_id, house.anna, {"concern": secret}, 1, NOW)
    assert _on_disk(sqlite_db, secret), "the search must be able to find it"

    async with sqlite_db.write() as conn:
        await notes.delete_draft(conn, call_id)
    await sqlite_db.empty_log()

    assert not _on_disk(sqlite_db, secret)


async def test_fact_12_shows_on_a_naive_database(tmp_path: Path) -> None:
    file = tmp_path / "naive.db"
    with sqlite3.connect(file) as conn:
        conn.execute("PRAGMA journal_mode = wal")
        conn.execute("CREATE TABLE note (text)")
        conn.execute("INSERT INTO note VALUES ('ungenannt')")
        conn.commit()
        conn.execute("DELETE FROM note")
        conn.commit()
        assert b"ungenannt" in Path(f"{file}-wal").read_bytes()
    conn.close()


def _on_disk(db: Database, text: str) -> bool:
    """Whether the text stands in any of the database's files."""
    path = Path(str(db.url.database))
    files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    return any(text.encode() in file.read_bytes() for file in files)
