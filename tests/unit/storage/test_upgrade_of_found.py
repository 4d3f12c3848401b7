"""Databases of before keep what was sent: an ended company its last day, a week's calls who was told; and
what was promised."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import statements
from pbx_bridge.storage.calls import call_backs
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate

ENDED = datetime(2026, 9, 10, 9, tzinfo=UTC)
ROWS = (
    "INSERT INTO tariff (id, name, put_through) VALUES ('t', 'Basis', TRUE)",
    "INSERT INTO customer (id, name, tariff_id, greeting, service, service_since)"
    " VALUES ('c', 'Mustermann AG', 't', '', 'ended', '2026-09-10 09:00:00.000000')",
    "INSERT INTO customer (id, name, tariff_id, greeting) VALUES ('d', 'Praxis Dr. Sommer', 't', '')",
)
_CALL = (
    "INSERT INTO call (id, pbx_call, line_number, customer_id, arrived_at, outcome) VALUES"
    " ('{0}', '{0}', '+493023125100', 'd', strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{1} days'), 'noted')"
)
_NOTE = (
    "INSERT INTO call_note (id, call_id, customer_id, caller_name, concern, fields, created_at)"
    " VALUES ('n{0}', '{0}', 'd', 'Hans', 'Angebot', '{{}}', '2026-09-10 09:00:00.000000')"
)
_MESSAGE = (
    "INSERT INTO notification (id, note_id, customer_id, channel, kind, address, cc, body_text,"
    " due_at, created_at) VALUES"
    " ('m', 'ntold', 'd', 'email', 'note', 'a@example.org', '[]', 'x', '2026-09-10', '2026-09-10')"
)


async def test_what_was_is_known_afterwards(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/older.db")
    calls = (("untold", 1), ("told", 1), ("old", 30))
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < 44:
                await migrate.run_script(conn, script)
        for row in (*ROWS, *(_CALL.format(*one) for one in calls), *(_NOTE.format(one) for one, _ in calls)):
            await conn.execute(text(row))
        await conn.execute(text(_MESSAGE))

    await migrate.upgrade(db)

    async with db.read() as conn:
        gaps = [(row.customer_id, row.since, row.until) for row in await conn.execute(select(t.contract_gap))]
        untold = (await conn.execute(select(t.call.c.id).where(t.call.c.untold))).scalars().all()
        months = [await statements.first_month(conn, one, "Europe/Berlin") for one in ("c", "d")]
    assert gaps == [("c", ENDED, None)], "and the other one pays for its first month as it was told"
    assert untold == ["untold"], "older ones are in nobody's list"
    assert months == [None, None]
    await db.close()


_WISH = (
    "INSERT INTO call_back (id, wish, call_id, at, tries, ring_call, done_at, done_how) VALUES"
    " ('{0}', '{0}', 'told', '2026-09-10 09:00:00.000000', 2, 'r{0}', {1})"
)


async def test_what_was_promised_is_promised_afterwards(tmp_path: Path) -> None:
    """SQLite has the table made anew, as it knows one more end."""
    db = Database(f"sqlite:///{tmp_path}/older.db")
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < 49:
                await migrate.run_script(conn, script)
        for row in (*ROWS, _CALL.format("told", 1)):
            await conn.execute(text(row))
        await conn.execute(text(_WISH.format("open", "NULL, NULL")))
        await conn.execute(text(_WISH.format("done", "'2026-09-10 09:05:00.000000', 'reached'")))

    await migrate.upgrade(db)

    async with db.write() as conn:
        found = (await conn.execute(select(t.call_back).order_by(t.call_back.c.id))).all()
        assert [(row.id, row.tries, row.done_how, row.why, row.reason) for row in found] == [
            ("done", 2, "reached", None, ""), ("open", 2, None, None, "")
        ]  # fmt: skip
        assert await call_backs.settle(conn, "open", "Erreicht", ENDED)
        assert (await conn.execute(text("PRAGMA foreign_key_check"))).all() == []
        await conn.execute(t.call.delete())
        assert (await conn.execute(select(t.call_back))).all() == [], "it goes with the call, as before"
    await db.close()
