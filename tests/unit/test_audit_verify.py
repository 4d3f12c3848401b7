"""`pbx-bridge audit verify`, as somebody types it."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pbx_bridge.cli import app
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import NOW


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(f'[database]\nurl = "{sqlite_url}"\n')

    async def fill() -> None:
        db = Database(sqlite_url)
        async with db.write() as conn:
            await access_log.write_all(conn, AccessEvent.LOG_IN, ["anna", "ben", "erika"], NOW)
        await db.close()

    asyncio.run(fill())
    return file


def verify(settings: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["--settings", str(settings), "audit", "verify", *more])


def test_a_whole_log_says_its_head_and_a_broken_one_where(settings: Path, sqlite_url: str) -> None:
    whole = verify(settings)
    assert whole.exit_code == 0
    assert "3 entries, 1 to 3" in whole.output
    head = re.findall(r"Head (3:\w{64})", whole.output)[0]
    assert verify(settings, "--noted", head).exit_code == 0

    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file, file:
        file.execute("UPDATE access_log SET login = 'jens' WHERE place = 2")
    broken = verify(settings)
    assert broken.exit_code == 1
    assert "BROKEN at entry 2: what it says was changed" in broken.output


def test_a_head_that_is_none_is_wrong_use(settings: Path) -> None:
    assert verify(settings, "--noted", "3:abc").exit_code == 2
