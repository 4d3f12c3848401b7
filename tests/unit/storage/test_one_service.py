"""Of two services on one file of SQLite the second is told so, in a line; nobody has to tidy up after a
death."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from pbx_bridge.cli import app
from pbx_bridge.cli_db import unfit_words
from pbx_bridge.settings import DatabaseSettings
from pbx_bridge.storage.db.lock import InUseError, in_use
from pbx_bridge.storage.maintenance import migrate
from pbx_bridge.storage.maintenance.backup import backup


@pytest.fixture
def lite(sqlite_url: str) -> DatabaseSettings:
    return DatabaseSettings(url=sqlite_url)


def refused(settings: DatabaseSettings) -> InUseError:
    with pytest.raises(InUseError) as found, in_use(settings):
        pass
    return found.value


def test_the_second_is_told_the_file_and_what_to_do(lite: DatabaseSettings, tmp_path: Path) -> None:
    with in_use(lite):
        words = unfit_words(refused(lite))
    assert str(tmp_path / "house.db") in words
    assert "Stop that one first" in words
    assert "database.url" in words
    assert "\n" not in words
    with in_use(lite):
        pass


def test_another_name_of_the_file_is_no_way_round(lite: DatabaseSettings, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "also.db"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "house.db")
    with in_use(DatabaseSettings(url=f"sqlite:///{link}")):
        refused(lite)


def test_a_service_that_is_killed_leaves_no_lock(lite: DatabaseSettings) -> None:
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        _hold_until_killed(lite, told)
    try:
        os.close(told)
        assert os.read(heard, 1) == b"!", "it has the lock"
        refused(lite)
    finally:
        os.close(heard)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with in_use(lite):
        pass


def _hold_until_killed(settings: DatabaseSettings, told: int) -> NoReturn:
    try:
        with in_use(settings):
            os.write(told, b"!")
            signal.pause()
    finally:
        os._exit(1)


def test_a_copy_has_no_lock(lite: DatabaseSettings, tmp_path: Path) -> None:
    with in_use(lite):
        copy = backup(lite, tmp_path / "copy.db").file
        with in_use(DatabaseSettings(url=f"sqlite:///{copy}")):
            pass


@pytest.mark.parametrize("older", [True, False])
def test_the_schema_is_not_changed_under_a_service(
    lite: DatabaseSettings, tmp_path: Path, *, older: bool
) -> None:
    if older:
        with closing(sqlite3.connect(tmp_path / "house.db")) as connection:
            connection.execute("UPDATE schema_version SET version = ?", (migrate.LATEST - 1,))
            connection.commit()
    with in_use(lite):
        done = CliRunner().invoke(app, ["db", "upgrade"], env={"PBX_BRIDGE_DATABASE_URL": lite.url})
    assert done.exit_code == int(older)
    assert ("Stop that one first" if older else "up to date") in done.output


def test_a_folder_that_takes_no_lock_keeps_nobody_away(
    lite: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some network file systems answer; what they cannot do is written down, and said in the log."""

    def no_locks(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(sys.modules[in_use.__module__].fcntl, "flock", no_locks)
    with in_use(lite), in_use(lite):
        pass
