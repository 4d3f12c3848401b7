"""SQLite databases as older programs made them: tests/old_schemas has schema.sql of each version, without
comments, as far as it differs from the version before."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from pbx_bridge.storage.maintenance.migrate import MIGRATIONS, scripts, statements

OLD = range(1, 10)
_FOLDER = Path(__file__).parent / "old_schemas"
_MADE = re.compile(r"(CREATE TABLE|CREATE INDEX|INSERT INTO) \w+")
ROWS = """
INSERT INTO tariff (id, name, put_through) VALUES ('t', 'Basis', TRUE);
INSERT INTO customer (id, name, tariff_id, greeting) VALUES ('c', 'Mustermann AG', 't', '');
INSERT INTO employee (id, customer_id, name) VALUES ('e', 'c', 'Erika Beispiel');
INSERT INTO account (id, login, password_hash, role) VALUES ('a', 'anna', '-', 'agent');
INSERT INTO agent (id, account_id, given_name, family_name, interface)
    VALUES ('g', 'a', 'Anna', 'Keller', 'PJSIP/anna');
INSERT INTO call (id, pbx_call, line_number, customer_id, agent_id, arrived_at, outcome)
    VALUES ('l', 'p', '+493023125100', 'c', 'g', '2026-11-23 09:00:00.000000', 'noted');
INSERT INTO attempt (id, call_id, employee_id, started_at, result)
    VALUES ('p-a1', 'l', 'e', '2026-11-23 09:01:00.000000', 'busy');
INSERT INTO call_note (id, call_id, customer_id, agent_id, caller_name, concern, fields, created_at)
    VALUES ('n', 'l', 'c', 'g', 'Hans Müller', 'Angebot', '{}', '2026-11-23 09:02:00.000000');
INSERT INTO note_draft (call_id, agent_id, body, revision, changed_at)
    VALUES ('l', 'g', '{}', 3, '2026-11-23 09:03:00.000000');
INSERT INTO note_recipient (note_id, employee_id) VALUES ('n', 'e');
INSERT INTO notification
    (id, note_id, customer_id, employee_id, channel, kind, address, cc, body_text, due_at, created_at)
    VALUES ('m', 'n', 'c', 'e', 'email', 'note', 'e@example.org', '[]', 'Angebot', '2026-11-23',
            '2026-11-23');
INSERT INTO delivery_attempt (notification_id, number, started_at) VALUES ('m', 1, '2026-11-23');
"""
"""One row of all that names others, as every version takes it."""


def made(file: Path, version: int, *, grown: bool) -> None:
    """A database of this version with `ROWS` in it: as `schema.sql` of its time made it, or the first one of
    all, `grown` by the migrations up to it."""
    with sqlite3.connect(file) as connection:
        if grown:
            older = (script for number, script in scripts(MIGRATIONS, "sqlite") if number <= version)
            for statement in (one for script in older for one in statements(script)):
                connection.execute(statement)
        else:
            for statement in _schema(version):
                connection.execute(statement)
        connection.executescript(ROWS)
    connection.close()


def _schema(version: int) -> list[str]:
    there: dict[str, str] = {}
    for number in range(1, version + 1):
        for statement in statements((_FOLDER / f"{number:02}.sql").read_text(encoding="utf-8")):
            found = _MADE.match(statement)
            assert found
            there[found[0]] = statement
    return sorted(there.values(), key=lambda one: ("TABLE", "INDEX", "INTO").index(one.split()[1]))
