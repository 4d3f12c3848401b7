from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from pbx_bridge.storage.notes import notes


async def _versions(db: Database) -> int:
    async with db.read() as conn:
        return await migrate.version(conn)


async def test_an_empty_database_becomes_ours_once(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/new/house.db")
    missing = await migrate.refusal(db)
    assert missing is not None
    assert missing.code == "schema_missing"

    assert await migrate.upgrade(db) == 0
    assert await migrate.upgrade(db) == migrate.LATEST
    assert await migrate.refusal(db) is None
    await db.close()


async def test_migrations_are_applied_in_order_each_once(db: Database, tmp_path: Path) -> None:
    first = migrate.LATEST + 1
    folder = tmp_path / "migrations"
    folder.mkdir()
    done = "UPDATE schema_version SET version = version + 1;"
    (folder / f"{first:04}_hue.sql").write_text(
        f"ALTER TABLE tariff ADD COLUMN extra TEXT; -- one; more\n{done}"
    )
    for kind in ("sqlite", "postgresql"):
        (folder / f"{first + 1:04}_kind.{kind}.sql").write_text("UPDATE tariff SET extra = name;\n" + done)  # noqa: S608 - our own script
    async with db.write() as conn:
        await conn.execute(text("INSERT INTO tariff (id, name, put_through) VALUES ('t', 'Basis', TRUE)"))

    assert await migrate.upgrade(db, folder=folder) == migrate.LATEST
    assert await migrate.upgrade(db, folder=folder) == first + 1 == await _versions(db)

    async with db.read() as conn:
        assert (await conn.execute(text("SELECT extra FROM tariff"))).scalar() == "Basis"


async def test_a_failing_migration_leaves_the_database_as_it_was(db: Database, tmp_path: Path) -> None:
    bad = "ALTER TABLE tariff ADD COLUMN extra TEXT;\nALTER TABLE nowhere ADD COLUMN x TEXT;"
    (tmp_path / f"{migrate.LATEST + 1:04}_bad.sql").write_text(bad)

    with pytest.raises(Exception, match="nowhere"):
        await migrate.upgrade(db, folder=tmp_path)

    assert await _versions(db) == migrate.LATEST
    async with db.read() as conn:
        columns = set((await conn.execute(text("SELECT * FROM tariff"))).keys())
    assert "extra" not in columns


@pytest.mark.parametrize("found,code", [(migrate.LATEST + 1, "schema_newer"), (-1, "schema_older")])
async def test_another_schema_is_refused(db: Database, found: int, code: str) -> None:
    async with db.write() as conn:
        await conn.execute(text("UPDATE schema_version SET version = :found"), {"found": found})

    refused = await migrate.refusal(db)

    assert refused is not None
    assert refused.code == code
    assert refused.params == {"found": str(found), "needed": str(migrate.LATEST)}


async def test_calls_and_their_notes_outlive_the_wider_check(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/older.db")
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < 7:
                await migrate.run_script(conn, script)
        await conn.execute(text(_CALL.format(id="old", outcome="noted")))
        await conn.execute(text(_NOTE))

    assert await migrate.upgrade(db) == 6

    async with db.write() as conn:
        await conn.execute(text(_CALL.format(id="new", outcome="blocked")))
        assert (await conn.execute(text("SELECT concern FROM call_note"))).scalars().all() == ["Angebot"]
        assert (await conn.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
    with pytest.raises(IntegrityError, match="call_outcome"):
        async with db.write() as conn:
            await conn.execute(text(_CALL.format(id="odd", outcome="odd")))
    await db.close()


async def test_messages_and_their_attempts_outlive_the_way_of_invitations(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/older.db")
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < 9:
                await migrate.run_script(conn, script)
        await conn.execute(text(_CALL.format(id="old", outcome="noted")))
        for row in (
            _NOTE,
            _TARIFF,
            _CUSTOMER,
            _MESSAGE.format(id="mail", note="'note'", kind="note"),
            _ATTEMPT,
        ):
            await conn.execute(text(row))

    await migrate.upgrade(db)

    async with db.write() as conn:
        await conn.execute(text(_MESSAGE.format(id="new", note="NULL", kind="invitation")))
        assert (await conn.execute(text("SELECT notification_id FROM delivery_attempt"))).scalars().all() == [
            "mail"
        ]
        assert (await conn.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
        assert (await conn.execute(text("PRAGMA foreign_key_check"))).all() == []
    with pytest.raises(IntegrityError, match="notification_kind"):
        async with db.write() as conn:
            await conn.execute(text(_MESSAGE.format(id="odd", note="NULL", kind="odd")))
    await db.close()


_NEWS = (
    "INSERT INTO company_change (id, customer_id, at, news) VALUES ('{id}', 'c', '2026-11-23 09:00:00', "
    """'{{"kind": "{kind}", "about": "{about}", "facts": {{}}, "start": null, "end": null, """
    """"all_day": false}}')"""
)
_PEOPLE = (
    "INSERT INTO employee (id, customer_id, name, given_name, family_name) "
    "VALUES ('e1', 'c', 'Erika Beispiel', 'Erika', 'Beispiel')",
    "INSERT INTO appointment (id, employee_id, text, start_local, end_local) "
    "VALUES ('a1', 'e1', 'Urlaub', '2026-11-24T00:00', '2026-11-25T00:00')",
    "INSERT INTO calendar_source (id, employee_id, url) VALUES ('s1', 'e1', 'https://example.org/x')",
    "INSERT INTO calendar_event (id, source_id, text, start_local, end_local) "
    "VALUES ('v1', 's1', 'Messe', '2026-11-24T00:00', '2026-11-25T00:00')",
)
OLD_NEWS = {
    # kind, about → of whom it tells afterwards; None: of nobody; "gone": the row itself goes
    ("employee_new", "employee e1"): "e1",
    ("info", "info e1"): "e1",
    ("info_gone", "info e1"): "e1",
    ("away", "appointment a1"): "e1",
    ("away", "appointment v1"): "e1",
    ("away_gone", "appointment a0"): "gone",
    ("info", "info e9"): "gone",
    ("employee_gone", "employee e9"): None,
    ("greeting", "greeting"): None,
    ("faq_new", "faq f1"): None,
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/older.db"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
async def db_of_version_24(empty_url: str) -> AsyncIterator[Database]:
    db = Database(empty_url)
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number <= 24:
                await migrate.run_script(conn, script)
    yield db
    await db.close()


async def test_older_news_of_somebody_name_them_or_go(db_of_version_24: Database) -> None:
    db, numbered = db_of_version_24, dict(enumerate(OLD_NEWS))
    async with db.write() as conn:
        for row in (_TARIFF, _CUSTOMER, *_PEOPLE):
            await conn.execute(text(row))
        for number, (kind, about) in numbered.items():
            await conn.exec_driver_sql(_NEWS.format(id=number, kind=kind, about=about))

    assert await migrate.upgrade(db) == 24

    async with db.read() as conn:
        rows = await conn.execute(text("SELECT id, employee_id FROM company_change"))
    found = {numbered[int(row.id)]: row.employee_id for row in rows}
    assert found == {one: whose for one, whose in OLD_NEWS.items() if whose != "gone"}


async def test_older_notes_want_the_call_back_that_they_asked_for(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/older.db")
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < 11:
                await migrate.run_script(conn, script)
        for row in (_TARIFF, _CALL.format(id="old", outcome="noted"), _NOTE):
            await conn.execute(text(row))

    await migrate.upgrade(db)

    async with db.read() as conn:
        stored = await notes.by_id(conn, "note")
        assert (await conn.execute(text("SELECT sms_parts FROM tariff"))).scalars().all() == [1]
    assert stored is not None
    assert stored.note.callback_wanted is True
    await db.close()


async def test_the_price_and_the_number_of_sms_outlive_their_move(db_of_version_24: Database) -> None:
    db = db_of_version_24
    metered = "INSERT INTO sms_usage (notification_id, customer_id, price_micros, at, parts) VALUES "
    async with db.write() as conn:
        for row in (
            _TARIFF,
            "UPDATE tariff SET sms_price_micros = 250000",
            _CUSTOMER,
            _CALL.format(id="old", outcome="noted"),
            _NOTE,
            _MESSAGE.format(id="m", note="'note'", kind="note"),
            f"{metered} ('m', 'c', 500000, '2026-11-23 09:00:00.000000', 2)",
            f"{metered} ('gone', 'c', 250000, '2026-11-23 10:00:00.000000', 1)",
        ):
            await conn.execute(text(row))

    await migrate.upgrade(db)

    async with db.read() as conn:
        prices = (await conn.execute(text("SELECT first_day, sms_micros, counted FROM tariff_terms"))).all()
        rows = (await conn.execute(text("SELECT id, kind, call_id, parts FROM usage ORDER BY at"))).all()
    assert [tuple(row) for row in prices] == [("2000-01-01", 250_000, "talk")]
    assert [tuple(row) for row in rows] == [("sms m", "sms", "old", 2), ("sms gone", "sms", None, 1)]


@pytest.mark.parametrize("shares", [True, False])
async def test_a_line_of_nobody_is_shared_where_it_might_be(tmp_path: Path, shares: bool) -> None:
    db = Database(f"sqlite:///{tmp_path}/older.db")
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < 38:
                await migrate.run_script(conn, script)
        lines = "INSERT INTO line (id, number, customer_id) VALUES ('own', '+1', 'c'), ('free', '+2', NULL)"
        own = "INSERT INTO public_number (number, customer_id) VALUES ('+3', 'c')"
        for row in (_TARIFF, _CUSTOMER, lines, *([own] if shares else [])):
            await conn.execute(text(row))
    await migrate.upgrade(db)
    async with db.read() as conn:
        found = (await conn.execute(text("SELECT id, shared, since FROM line ORDER BY number"))).all()
    await db.close()
    assert [tuple(row) for row in found] == [("own", 0, None), ("free", int(shares), None)]


_TARIFF = "INSERT INTO tariff (id, name, put_through) VALUES ('t', 'Basis', TRUE)"
_CUSTOMER = "INSERT INTO customer (id, name, tariff_id, greeting) VALUES ('c', 'Mustermann AG', 't', '')"
_MESSAGE = """INSERT INTO notification
    (id, note_id, customer_id, channel, kind, address, cc, body_text, due_at, created_at)
    VALUES ('{id}', {note}, 'c', 'email', '{kind}', 'e@example.org', '[]', '', '2026-11-23', '2026-11-23')"""
_ATTEMPT = (
    "INSERT INTO delivery_attempt (notification_id, number, started_at) VALUES ('mail', 1, '2026-11-23')"
)
_CALL = """INSERT INTO call (id, pbx_call, line_number, arrived_at, outcome)
    VALUES ('{id}', '{id}', '+493023125100', '2026-11-23 09:00:00.000000', '{outcome}')"""
_NOTE = """INSERT INTO call_note (id, call_id, caller_name, concern, fields, created_at)
    VALUES ('note', 'old', 'Hans Müller', 'Angebot', '{}', '2026-11-23 09:00:00.000000')"""
