"""The service may start before its database, and says what it waits for in one line; only who means it ends
it."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.migrate import LATEST, upgrade
from tests import databases
from tests.integration.lone_service import answers, settings_of
from tests.integration.serve_process import ServeProcess
from tests.until import until

sqlite_url, postgres_server = databases.sqlite_url, databases.postgres_server

SHORT = 2_000
"""Letters that a start may take in the log."""


def service(folder: Path, database_url: str, port: int) -> ServeProcess:
    return ServeProcess(folder / "settings.toml", settings_of(database_url, port), {})


def events(process: ServeProcess) -> list[str]:
    return [json.loads(line)["event"] for line in process.said]


async def _waits(process: ServeProcess, reason: str) -> None:
    """It has said so once, also after it has looked again."""
    await until(lambda: "waiting_for_the_database" in events(process), 60, "the line")
    (line,) = (json.loads(line) for line in process.said)
    assert line["reason"] == reason


async def test_a_database_that_is_not_made_yet_is_waited_for(tmp_path: Path) -> None:
    port, url = free_port(), f"sqlite:///{tmp_path / 'not_yet' / 'house.db'}"
    process = service(tmp_path, url, port)
    await process.begin()
    try:
        await _waits(process, "schema_missing")
        assert "db upgrade" in process.said[0]
        assert not (tmp_path / "not_yet" / "house.db").exists(), "an empty one is none"
        process.signal(signal.SIGHUP)
        db = Database(url)
        await upgrade(db)
        await db.close()
        await until(lambda: "ready" in events(process), 60, "ready")
        assert await answers(port)
        assert events(process)[:2] == ["waiting_for_the_database", "database_is_there"]
        assert sum(map(len, process.said)) < SHORT
        assert await process.stop() == 0
    finally:
        await process.kill()


async def test_a_start_may_make_it(tmp_path: Path) -> None:
    port = free_port()
    process = service(tmp_path, f"sqlite:///{tmp_path / 'house.db'}", port)
    await process.begin("--upgrade")
    try:
        await until(lambda: "ready" in events(process), 60, "ready")
        assert events(process)[0] == "database_upgraded"
        assert await process.stop() == 0
    finally:
        await process.kill()


def _older(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE schema_version SET version = 1")
        connection.commit()


async def test_an_older_one_is_waited_for(tmp_path: Path, sqlite_url: str) -> None:
    _older(tmp_path / "house.db")
    process = service(tmp_path, sqlite_url, free_port())
    await process.begin()
    try:
        await _waits(process, "schema_older")
        assert await process.stop() == 0
    finally:
        await process.kill()


async def test_one_of_a_newer_version_is_not_touched(tmp_path: Path, sqlite_url: str) -> None:
    with closing(sqlite3.connect(tmp_path / "house.db")) as connection:
        connection.execute(f"UPDATE schema_version SET version = {LATEST + 1}")  # noqa: S608 - a number of ours
        connection.commit()
    process = service(tmp_path, sqlite_url, free_port())
    await process.begin()
    await until(lambda: process.ended, 60, "the end")
    assert await process.stop() == 1
    assert process.said == [f"database: schema_newer ({LATEST + 1}, {LATEST})"]


async def test_a_server_that_is_not_there_yet_is_waited_for_and_the_waiting_ends(tmp_path: Path) -> None:
    process = service(tmp_path, f"postgresql://house@127.0.0.1:{free_port()}/house", free_port())
    await process.begin()
    try:
        await _waits(process, "unreachable")
        process.signal(signal.SIGHUP)
        assert await process.stop() == 0
        assert sum(map(len, process.said)) < SHORT
    finally:
        await process.kill()


@pytest.mark.postgres
async def test_a_server_that_comes_is_taken(tmp_path: Path, postgres_server: str) -> None:
    name, port = f"late_{free_port()}", free_port()
    process = service(tmp_path, f"{postgres_server}/{name}", port)
    await process.begin("--upgrade")
    try:
        await _waits(process, "unreachable")
        await databases.create(postgres_server, template="template0", name=name)
        await until(lambda: "ready" in events(process), 60, "ready")
        assert "database_upgraded" in events(process)
        assert await process.stop() == 0
    finally:
        await process.kill()


async def test_a_terminal_that_is_closed_does_not_end_it(tmp_path: Path, sqlite_url: str) -> None:
    port = free_port()
    process = service(tmp_path, sqlite_url, port)
    await process.start()
    try:
        for _ in range(3):
            process.signal(signal.SIGHUP)
            assert await answers(port)
        assert not process.ended
        assert await process.stop() == 0
    finally:
        await process.kill()


async def test_what_ends_it_is_told_in_a_line_of_the_log(tmp_path: Path, sqlite_url: str) -> None:
    """Another service has its port; no page of variables, no picture of the traceback, and before that it
    has called nobody: neither PBX nor mail server."""
    port = free_port()
    first = service(tmp_path, sqlite_url, port)
    await first.start()
    folder = tmp_path / "second"
    folder.mkdir()
    shutil.copyfile(tmp_path / "house.db", folder / "house.db")
    second = service(folder, f"sqlite:///{folder / 'house.db'}", port)
    try:
        await second.begin()
        await until(lambda: second.ended, 60, "the end")
        assert await second.stop() == 1
        assert events(second) == ["service_failed"]
        assert sum(map(len, second.said)) < 10_000
    finally:
        await second.kill()
        await first.kill()


async def test_a_second_service_on_the_same_file_ends_with_one_line(tmp_path: Path, sqlite_url: str) -> None:
    """Also where it would have changed the schema, and before it has looked for a port."""
    port = free_port()
    first = service(tmp_path, sqlite_url, port)
    await first.start()
    _older(tmp_path / "house.db")
    (tmp_path / "second").mkdir()
    second = service(tmp_path / "second", sqlite_url, port)
    try:
        await second.begin("--upgrade")
        await until(lambda: second.ended, 60, "the end")
        assert await second.stop() == 1
        (line,) = second.said
        assert line.startswith(f"database: a service runs on {tmp_path / 'house.db'} already.")
        assert await answers(port)
        await first.kill()
        with closing(sqlite3.connect(tmp_path / "house.db")) as connection:
            assert connection.execute("SELECT version FROM schema_version").fetchone() == (1,)
    finally:
        await second.kill()
        await first.kill()


def test_the_unit_file_starts_what_there_is(root: Path) -> None:
    unit = (root / "docs/pbx-bridge.service").read_text()
    (line,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    settings, command = line.split()[-2:]
    assert (settings, command) == ("/etc/pbx-bridge/settings.toml", "serve")
    assert "LimitNOFILE=" in unit
