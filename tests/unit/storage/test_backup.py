"""A backup is whole, ours alone, and brings nothing back that must not happen twice."""

from __future__ import annotations

import asyncio
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pbx_bridge.cli_db import held_back, refused_words, restored_words
from pbx_bridge.settings import DatabaseSettings, Settings
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import accounts, sessions
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.lock import in_use
from pbx_bridge.storage.maintenance.backup import BackupWritten, ChoreRefusal, ChoreRefusedError, backup
from pbx_bridge.storage.maintenance.restore import restore
from pbx_bridge.storage.outbox import held_messages, notifications
from pbx_bridge.storage.outbox.notifications import State
from tests.sample_company import NOW
from tests.unit.storage.test_notifications import _outbox

NEEDS_TOOLS = pytest.mark.skipif(not shutil.which("pg_dump"), reason="PostgreSQL's client programs")
FAR = NOW + timedelta(hours=1)


@pytest.fixture
def settings(database_url: str) -> DatabaseSettings:
    return DatabaseSettings(url=database_url)


def file_of(settings: DatabaseSettings) -> Path:
    return Path(settings.url.removeprefix("sqlite:///"))


def do(settings: DatabaseSettings, deed: object) -> object:
    """`deed(conn)` in a transaction."""

    async def run() -> object:
        db = Database(settings.url)
        try:
            async with db.write() as conn:
                return await deed(conn)  # type: ignore[operator]
        finally:
            await db.close()

    return asyncio.run(run())


async def name(conn: object) -> list[str]:
    return list((await conn.execute(select(tables.tariff.c.name))).scalars())  # type: ignore[attr-defined]


async def rename(conn: object) -> None:
    await conn.execute(tables.tariff.update().values(name="Neu"))  # type: ignore[attr-defined]


def furnished(settings: DatabaseSettings, messages: int = 4) -> list[str]:
    """A house with as many mails that wait; their ids."""

    async def run() -> list[str]:
        db = Database(settings.url)
        try:
            return [one.id for one in await _outbox(db, messages)]
        finally:
            await db.close()

    return asyncio.run(run())


@pytest.fixture
def tools(request: pytest.FixtureRequest, settings: DatabaseSettings) -> None:
    if settings.url.startswith("postgresql") and not shutil.which("pg_dump"):
        pytest.skip("PostgreSQL's client programs are not installed")


# ---- both databases


@pytest.mark.usefixtures("tools")
def test_what_was_there_comes_back_and_nobody_else_can_read_it(
    settings: DatabaseSettings, tmp_path: Path
) -> None:
    furnished(settings)
    kept = tmp_path / "kept.backup"
    assert backup(settings, kept) == BackupWritten(kept, kept.stat().st_size)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    do(settings, rename)

    done = restore(settings, kept)
    assert do(settings, name) == ["Premium"]
    assert str(kept) in restored_words(done)
    assert [path.name for path in tmp_path.glob(".*")] == [], "nothing is left lying about"

    assert done.aside is not None
    assert str(done.aside) in restored_words(done)
    assert stat.S_IMODE(done.aside.stat().st_mode) & 0o077 == 0
    restore(settings, done.aside)
    assert do(settings, name) == ["Neu"], "what was put aside is as good as a backup"


@pytest.mark.usefixtures("tools")
def test_messages_that_were_on_their_way_are_held_back(settings: DatabaseSettings, tmp_path: Path) -> None:
    waiting, sending, sent, failed = furnished(settings)

    async def under_way(conn: object) -> None:
        for one, state in ((sending, "sending"), (sent, "sent"), (failed, "failed")):
            number = 0 if state == "failed" else 1
            change = tables.notification.update().where(tables.notification.c.id == one)
            await conn.execute(change.values(state=state, attempts=number, lease_until=FAR))  # type: ignore[attr-defined]
        begun = {"notification_id": sending, "number": 1, "started_at": NOW}
        await conn.execute(tables.delivery_attempt.insert().values(begun))  # type: ignore[attr-defined]

    do(settings, under_way)
    kept = tmp_path / "kept.backup"
    backup(settings, kept)
    assert "2 messages" in restored_words(restore(settings, kept))

    async def states(conn: object) -> list[str]:
        found = [await notifications.by_id(conn, one) for one in (waiting, sending, sent, failed)]  # type: ignore[arg-type]
        return [one.state for one in found if one]

    async def due(conn: object) -> int:
        taken = [
            *await notifications.claim_due(conn, FAR + FAR.resolution, FAR),  # type: ignore[arg-type]
            *await notifications.claim_abandoned(conn, FAR + timedelta(hours=9), FAR),  # type: ignore[arg-type]
        ]
        return len(taken)

    assert do(settings, states) == [State.UNCERTAIN, State.UNCERTAIN, State.SENT, State.FAILED]
    assert do(settings, due) == 0, "no worker takes them, whenever it looks"
    shown = asyncio.run(held_back(Settings(database=settings), "show"))
    assert shown.startswith("2 e-mails and 0 SMS")
    assert asyncio.run(held_back(Settings(database=settings), "send")).startswith("2 ")
    assert do(settings, states) == [State.WAITING, State.WAITING, State.SENT, State.FAILED]
    assert asyncio.run(held_back(Settings(database=settings), "show")).startswith("No message")
    assert asyncio.run(held_back(Settings(database=settings), "hold")).startswith("2 ")
    assert asyncio.run(held_back(Settings(database=settings), "gone")).startswith("2 ")
    assert do(settings, states) == [State.SENT, State.SENT, State.SENT, State.FAILED]

    async def doubtful(conn: object) -> list[str]:
        tries = await notifications.attempts_of(conn, sending)  # type: ignore[arg-type]
        return [f"{one.number} {one.outcome} {one.detail}" for one in tries]

    assert do(settings, doubtful) == [
        f"1 uncertain {held_messages.RESTORED}",
        f"2 uncertain {held_messages.RESTORED}",
    ]


@pytest.mark.usefixtures("tools")
def test_log_ins_that_may_have_ended_since_do_not_come_back(
    settings: DatabaseSettings, tmp_path: Path
) -> None:
    furnished(settings)

    async def log_in(conn: object) -> None:
        found = await accounts.by_login(conn, "anna")  # type: ignore[arg-type]
        assert found
        await sessions.insert(conn, "hash", "csrf", found[0].id, NOW, FAR)  # type: ignore[arg-type]

    do(settings, log_in)
    backup(settings, tmp_path / "kept")
    restore(settings, tmp_path / "kept")

    async def count(conn: object) -> int:
        return len((await conn.execute(select(tables.session.c.token_hash))).all())  # type: ignore[attr-defined]

    assert do(settings, count) == 0


@pytest.mark.usefixtures("tools")
def test_not_under_a_service_that_runs(settings: DatabaseSettings, tmp_path: Path) -> None:
    furnished(settings)
    backup(settings, tmp_path / "kept")

    async def running() -> None:
        db = Database(settings.url)
        with in_use(settings):
            async with db.read() as conn:
                await name(conn)
            with pytest.raises(ChoreRefusedError, match=ChoreRefusal.IN_USE):
                await asyncio.to_thread(restore, settings, tmp_path / "kept")
            await asyncio.to_thread(backup, settings, tmp_path / "again")
        await db.close()

    asyncio.run(running())
    restore(settings, tmp_path / "kept")


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    "content", [None, b"", b"SQLite format 3\x00" + b"\x00" * 4000, b"kein Backup" * 500]
)
def test_what_is_no_backup_changes_nothing(
    settings: DatabaseSettings, tmp_path: Path, content: bytes | None
) -> None:
    furnished(settings)
    wrong = tmp_path / "wrong"
    if content is not None:
        wrong.write_bytes(content)
    with pytest.raises(ChoreRefusedError):
        restore(settings, wrong)
    assert do(settings, name) == ["Premium"]


# ---- PostgreSQL


def test_without_its_tools_the_words_say_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    server = DatabaseSettings(url="postgresql://sec:geheim@db.example/sec")
    with pytest.raises(ChoreRefusedError) as refused:
        backup(server, tmp_path / "kept")
    words = refused_words(refused.value)
    assert "pg_dump --format=custom --file=FILE 'postgresql://sec@db.example/sec'" in words
    assert "pg_restore" in words
    assert "pbx-bridge db held --hold" in words
    assert "geheim" not in words
