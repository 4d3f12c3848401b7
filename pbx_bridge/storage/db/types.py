"""Column types whose Python side is stricter than the database's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, RowMapping, Table, Text, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.types import TypeDecorator


class PlainText(TypeDecorator[str]):
    """Text that every database of ours can keep: what is no character becomes U+FFFD.

    PostgreSQL refuses NUL and half of a surrogate pair, and with them the whole transaction; SQLite keeps NUL
    and cannot write the other. Whoever wants it nicer cleans earlier (`rules.text.typed_text`).
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """`text` with U+FFFD for what is no character; halves of a pair become the character they stand for."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def only_characters(engine: Engine) -> None:
    """What is only compared with, as in a search, never passes a column: PostgreSQL refuses its NUL all the
    same."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _clean(
        _conn: object, _cursor: object, statement: str, values: Any, _context: object, _many: bool
    ) -> tuple[str, Any]:
        if isinstance(values, tuple) and any(isinstance(one, str) and "\x00" in one for one in values):
            values = tuple(storable(one) if isinstance(one, str) else one for one in values)
        return statement, values


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
    return {str(name): one.isoformat() if isinstance(one, datetime) else one for name, one in row.items()}


def row_from_json(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same row of `table` with its moments."""
    moments = [name for name in row if isinstance(table.c[name].type, UtcTime) and row[name]]
    return dict(row) | {name: datetime.fromisoformat(row[name]) for name in moments}
