"""One row in every table, with a mark in every text that can hold one: what finds the mark finds the text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, Integer, Table

from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.packed import JsonText
from pbx_bridge.storage.db.types import PlainText, UtcTime

Row = dict[str, Any]
NOT_PLANTED = frozenset({"schema_version", "data_version", "audit_head", "team_queue", "pbx"})
"""Of the database and of the PBX: in none of them stands a word of anybody."""
_CHOICES = re.compile(r"^(\w+) IN \('([^']*)'")


@dataclass(frozen=True, slots=True)
class Planted:
    """`rows`: the row of each table; `number`: of everybody who calls or is called, in E.164."""

    mark: str
    number: str
    rows: Mapping[str, Row]

    def id(self, table: str) -> str:
        """Of its row."""
        return str(self.rows[table]["id"])

    def is_in(self, text: str) -> bool:
        """Whether any of it can be read here."""
        return self.mark in text or self.number[4:] in re.sub(r"[ /()-]", "", text)


FIXED: Mapping[tuple[str, str], Any] = {
    ("customer", "greeting"): "{mark}, mein Name ist [Vorname, Nachname].",
    ("customer", "version"): 0,
    ("customer", "zone"): "Europe/Berlin",
    ("customer", "region"): "DE",
    ("customer", "state"): "BE",
    ("customer", "service"): "live",
    ("tariff", "retired"): False,
    ("customer", "overflow_after"): 20,
    ("customer", "language"): "de",
    ("agent", "languages"): "de",
    ("customer", "default_email"): "{mark}@example.org",
    ("line", "region"): "DE",
    ("employee", "email"): "{mark}@example.org",
    ("employee", "hours"): "",
    ("employee", "put_through"): "all",
    ("employee", "ring_seconds"): None,
    ("employee", "deputy_id"): None,
    ("note_field", "kind"): "choice",
    ("note_field", "choices"): ["{mark}"],
    ("house_day", "day"): "2031-01-02",
    ("account", "role"): "customer",
    ("account", "employee_id"): None,
    ("account", "locale"): "de",
    ("agent", "interface"): "PJSIP/{mark}",
    ("session", "holder"): "nobody",
    ("session", "stage"): "",
    ("session", "viewed_id"): None,
    ("calendar_source", "url"): "https://example.org/{mark}",
    ("calendar_source", "result"): "ok",
    ("calendar_source", "left_out"): "",
    ("tariff_terms", "first_day"): "2026-01-01",
    ("tariff_terms", "step"): 60,
    ("tariff_terms", "counted"): "talk",
    ("former_tariff", "last_day"): "2025-12-31",
    ("coming_tariff", "first_day"): "2099-01-01",
    ("adjustment", "day"): "2026-11-23",
    ("company_retention", "note_days"): None,
    ("company_retention", "call_days"): None,
    ("company_retention", "outbox_days"): None,
    ("erasure", "counts"): {"calls": 1},
    ("erasure", "subject_id"): "",
    ("erasure", "pending"): None,
    ("alarm", "cause"): "failed",
    ("allowance", "month"): "2026-11-01",
    ("pause_reason", "names"): {},
    ("call", "outcome"): "noted",
    ("nobody_free", "hours"): "",
    ("call_note", "fields"): {"art": "{mark}"},
    ("call_note", "callback_by_local"): "",
    ("call_note", "replaces_id"): None,
    ("note_draft", "body"): {"concern": "{mark}"},
    ("note_draft", "note_id"): None,
    ("notification", "state"): "sent",
    ("notification", "kind"): "note",
    ("notification", "account_id"): None,
    ("notification", "cc"): ["{mark}@example.org"],
    ("second_factor", "secret"): "00" * 20,
    ("desk_command", "answer"): {"id": "{mark}"},
    ("company_change", "news"): {
        "kind": "away", "about": "employee {mark}", "facts": {"name": "{mark}", "text": "{mark}"},
        "start": None, "end": None, "all_day": False,
    },
    ("undo_step", "diff"): '[\n["employee", "pair", null, {"id": "{mark}"}]\n]',
    ("undo_part", "diff"): '[\n["employee", "pair", null, {"id": "{mark}"}]\n]',
    ("undo_step", "deed"): "employee_saved",
    ("house_step", "deed"): "team_saved",
    ("house_step", "diff"): "[]",
    ("line", "shared"): False,
    ("access_log", "deed"): "log_in",
    ("access_log", "own_hash"): "0" * 64,
}  # fmt: skip
NUMBERS = frozenset(
    {
        "number", "mobile", "extension", "pattern", "line_number", "caller_number", "callback_number",
        "address",
    }
)  # fmt: skip


async def plant(db: Database, mark: str, number: str, at: datetime) -> Planted:
    """`mark`: letters; `number`: a German one whose last eight digits are nobody else's. All at this
    moment."""
    rows: dict[str, Row] = {}
    async with db.write() as conn:
        for table in tables.metadata.sorted_tables:
            if table.name not in NOT_PLANTED:
                rows[table.name] = _row(table, rows, mark, number, at)
                await conn.execute(table.insert().values(rows[table.name]))
    return Planted(mark, number, rows)


def _row(table: Table, rows: Mapping[str, Row], mark: str, number: str, at: datetime) -> Row:
    return {column.name: _value(table, column, rows, mark, number, at) for column in table.columns}


def _value(
    table: Table, column: Column[Any], rows: Mapping[str, Row], mark: str, number: str, at: datetime
) -> Any:
    fixed = (table.name, column.name)
    if fixed == ("access_log", "place"):  # of each mark another one, and none that the chain will give
        return -int.from_bytes(hashlib.sha256(mark.encode()).digest()[:4], "big") - 1
    if fixed in FIXED:
        return _marked(FIXED[fixed], mark)
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return rows[target.table.name][target.name] if target.table.name in rows else None
    choice = _choice(table, column)
    if choice is not None:
        return choice
    if isinstance(column.type, PlainText):
        return _text(table, column, mark, number)
    if isinstance(column.type, UtcTime):
        return at + timedelta(hours=1) if column.name in {"expires_at", "blocked_until"} else at
    if isinstance(column.type, Boolean):
        return False
    assert isinstance(column.type, Integer | BigInteger), f"{column}: say in FIXED what stands in it"
    return 1


def _text(table: Table, column: Column[Any], mark: str, number: str) -> str:
    if column.primary_key and column.name == "id":
        return new_id()
    if column.name in NUMBERS:
        return number
    if column.name.endswith("_local"):
        return "2026-11-23T09:00" if column.name.startswith("start") else "2026-11-23T10:00"
    return f"{mark} {table.name} {column.name}"


def _choice(table: Table, column: Column[Any]) -> str | None:
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            found = _CHOICES.match(str(constraint.sqltext))
            if found and found[1] == column.name:
                return found[2]
    return None


def _marked(value: Any, mark: str) -> Any:
    if isinstance(value, str):
        return value.replace("{mark}", mark)
    if isinstance(value, list):
        return [_marked(one, mark) for one in value]
    if isinstance(value, dict):
        return {name: _marked(one, mark) for name, one in value.items()}
    return value


async def texts(db: Database) -> dict[str, list[str]]:
    """All that stands in a text of the database, by "table.column"."""
    found: dict[str, list[str]] = {}
    async with db.read() as conn:
        for table in tables.metadata.sorted_tables:
            columns = [c for c in table.columns if isinstance(c.type, PlainText | JSON | JsonText)]
            for row in await conn.execute(table.select()):
                for column in columns:
                    value = getattr(row, column.name)
                    if value is not None:
                        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                        found.setdefault(f"{table.name}.{column.name}", []).append(text)
    return found
