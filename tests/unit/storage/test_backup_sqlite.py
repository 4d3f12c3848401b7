"""Backup and restore of SQLite's file, with what its log holds, whatever a killed service has left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pbx_bridge.cli_db import restored_words
from pbx_bridge.settings import DatabaseSettings
from pbx_bridge.storage.db.lock import BeingRestoredError, alone, in_use
from pbx_bridge.storage.maintenance import migrate
from pbx_bridge.storage.maintenance.backup import ChoreRefusal, ChoreRefusedError, backup
from pbx_bridge.storage.maintenance.restore import restore
from tests.unit.storage.test_backup import do, file_of, furnished, name


@pytest.fixture
def lite(sqlite_url: str) -> DatabaseSettings:
    return DatabaseSettings(url=sqlite_url)


@pytest.fixture
def kept(lite: DatabaseSettings, tmp_path: Path) -> Path:
    furnished(lite)
    backup(lite, tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def dead_service(lite: DatabaseSettings, kept: Path) -> Path:
    """What a killed service leaves: a log with what is in no other file, and its index."""
    file = file_of(lite)
    with closing(sqlite3.connect(file)) as service:
        service.execute("PRAGMA journal_mode = wal")
        service.execute("PRAGMA wal_autocheckpoint = 0")
        service.execute("UPDATE tariff SET name = 'Nur im Log'")
        service.commit()
        left = {part: file.with_name(file.name + part).read_bytes() for part in ("", "-wal", "-shm")}
    for part, content in left.items():
        file.with_name(file.name + part).write_bytes(content)
    return kept


def test_a_backup_has_what_stands_only_in_the_log(
    lite: DatabaseSettings, dead_service: Path, tmp_path: Path
) -> None:
    backup(lite, tmp_path / "fresh")
    restore(lite, tmp_path / "fresh")
    assert do(lite, name) == ["Nur im Log"]


def test_the_log_of_the_old_database_is_not_read_into_the_new_one(
    lite: DatabaseSettings, dead_service: Path
) -> None:
    done = restore(lite, dead_service)
    assert sorted(path.name for path in file_of(lite).parent.glob("house.db-*")) == []
    assert do(lite, name) == ["Premium"]
    with closing(sqlite3.connect(file_of(lite))) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert done.aside is not None
    with closing(sqlite3.connect(done.aside)) as old:
        assert old.execute("SELECT name FROM tariff").fetchall() == [("Nur im Log",)], (
            "whole, its log included"
        )


def test_stale_logs_of_a_database_that_is_gone_do_no_harm(lite: DatabaseSettings, dead_service: Path) -> None:
    file_of(lite).unlink()
    restore(lite, dead_service)
    assert do(lite, name) == ["Premium"]


def test_the_old_backup_stays_until_the_new_one_is_whole(
    lite: DatabaseSettings, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.read_bytes()
    file = file_of(lite)
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    file.write_bytes(content)
    with pytest.raises(ChoreRefusedError):
        backup(lite, kept)
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.glob(".kept*")] == []


@pytest.mark.parametrize("part", ["", "-wal", ".lock"])
def test_a_backup_is_never_written_over_the_database(lite: DatabaseSettings, kept: Path, part: str) -> None:
    with pytest.raises(ChoreRefusedError, match=ChoreRefusal.IS_DATABASE):
        backup(lite, file_of(lite).with_name(file_of(lite).name + part))
    assert do(lite, name) == ["Premium"]


def test_a_newer_backup_is_refused_and_an_older_one_says_what_is_to_be_done(
    lite: DatabaseSettings, kept: Path
) -> None:
    for version in (migrate.LATEST + 1, migrate.LATEST - 1):
        with closing(sqlite3.connect(kept)) as changed:
            changed.execute("UPDATE schema_version SET version = ?", (version,))
            changed.commit()
        if version > migrate.LATEST:
            with pytest.raises(ChoreRefusedError, match=ChoreRefusal.NEWER):
                restore(lite, kept)
        else:
            assert "pbx-bridge db upgrade" in restored_words(restore(lite, kept))


def test_a_service_does_not_start_into_a_restore(lite: DatabaseSettings) -> None:
    with alone(file_of(lite)), pytest.raises(BeingRestoredError), in_use(lite):
        pass
