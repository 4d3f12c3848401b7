"""schema.sql, the tables of the code and all migrations describe one and the same database."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from tests import databases

postgres_server = databases.postgres_server

_CATALOG = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin,
        d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid,
        d.adnum) = (c.oid, a.attnum)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT
        a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "others": """
        SELECT relname, relkind::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')""",
}


_COLUMNS = text('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(:table)')
_REFERENCES = text('SELECT "from", "table", "to", on_delete FROM pragma_foreign_key_list(:table)')


async def _build(db: Database, way: str) -> None:
    async with db.write() as connection:
        if way == "schema":
            await migrate.run_script(connection, migrate.schema_sql())
        elif way == "tables":
            await connection.run_sync(tables.metadata.create_all)
        else:
            for _, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
                await migrate.run_script(connection, script)


async def _postgres_facts(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {
            f"{kind}: {' | '.join(map(str, row.values()))}"
            for kind, query in _CATALOG.items()
            for row in await connection.fetch(query)
        }
    finally:
        await connection.close()


async def sqlite_facts(db: Database) -> set[str]:
    """What SQLite keeps: columns, keys and references by pragma; checks and partial indexes only as text."""
    facts: set[str] = set()
    async with db.read() as connection:
        listed = await connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
        for kind, name, table, sql in listed.all():
            if kind == "table":
                columns = await connection.execute(_COLUMNS, {"table": name})
                facts |= {_plain(f"column: {name} | {row}") for row in columns.all()}
                keys = await connection.execute(_REFERENCES, {"table": name})
                facts |= {f"reference: {name} | {row}" for row in keys.all()}
                facts |= {f"check: {name} | {check}" for check in _checks(sql)}
            else:
                facts.add(f"index: {table} | {_plain(sql or 'by constraint')}")
    return facts


def _checks(sql: str) -> Iterable[str]:
    bare = _plain(re.sub(r"--[^\n]*", "", sql))
    return re.findall(r"constraint (\w+ check \((?:[^()]|\([^()]*\))*\))", bare)


def _plain(sql: str) -> str:
    """Spelling that means nothing: case, quotes, spaces, and the names of a moment's and a flag's default."""
    plain = re.sub(r"\s+", " ", sql.replace('"', "")).lower().replace("( ", "(").replace(" )", ")")
    return (
        plain.replace("timestamp with time zone", "datetime")
        .replace("'false'", "'0'")
        .replace("'true'", "'1'")
    )


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["tables", "migrations"])
async def test_postgresql_catalogs_are_equal(postgres_server: str, way: str) -> None:
    urls = {kind: await databases.create(postgres_server, template="template0") for kind in ("schema", way)}
    for kind, url in urls.items():
        db = Database(url)
        await _build(db, kind)
        await db.close()

    said, built = await asyncio.gather(*(_postgres_facts(url) for url in urls.values()))

    assert sorted(said - built) == sorted(built - said) == []
    assert len(said) > 250


@pytest.mark.parametrize("way", ["tables", "migrations"])
async def test_sqlite_catalogs_are_equal(tmp_path: Path, way: str) -> None:
    facts = {}
    for kind in ("schema", way):
        db = Database(f"sqlite:///{tmp_path}/{kind}.db")
        await _build(db, kind)
        facts[kind] = await sqlite_facts(db)
        await db.close()

    assert sorted(facts["schema"] - facts[way]) == sorted(facts[way] - facts["schema"]) == []
    assert len(facts["schema"]) > 200


@pytest.mark.parametrize(
    "planted",
    [
        "ALTER TABLE faq_entry ADD COLUMN extra TEXT",
        "ALTER TABLE faq_entry ALTER COLUMN answer DROP NOT NULL",
        "ALTER TABLE customer ALTER COLUMN zone SET DEFAULT 'UTC'",
        "ALTER TABLE customer DROP CONSTRAINT customer_hue",
        "ALTER TABLE vip_caller ALTER COLUMN info TYPE varchar(80)",
        "DROP INDEX call_agent_open;\nCREATE INDEX call_agent_open ON call (agent_id)",
        "ALTER TABLE line DROP CONSTRAINT line_customer_id_fkey",
    ],
)
@pytest.mark.postgres
async def test_planted_drift_is_seen(postgres_server: str, planted: str) -> None:
    url = await databases.create(postgres_server, template="template0")
    db = Database(url)
    await _build(db, "schema")
    before = await _postgres_facts(url)

    async with db.write() as connection:
        await migrate.run_script(connection, planted)
    await db.close()

    assert await _postgres_facts(url) != before
