"""Column types whose Python side is stricter than the database's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, RowMapping, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment: aware datetimes go in, datetimes in UTC come out. SQLite has no zones and would give naive
    ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone; naive datetimes are refused")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def row_to_json(row: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    """A row as JSON keeps it: moments as text."""
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in row.items()}


def row_from_json(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same row of `table` with its moments."""
    moments = [name for name in row if isinstance(table.c[name].type, UtcTime) and row[name]]
    return dict(row) | {name: datetime.fromisoformat(row[name]) for name in moments}
