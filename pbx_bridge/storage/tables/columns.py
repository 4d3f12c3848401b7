"""The kinds of columns that all tables are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, MetaData, false, text, true

from pbx_bridge.storage.types import PlainText, UtcTime

metadata = MetaData()


def key() -> Column[str]:
    return Column("id", PlainText, primary_key=True)


def words(name: str, *more: Any, default: str | None = "", **options: Any) -> Column[str]:
    """A text that is never null; empty unless `default` says otherwise, None: to be given."""
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, PlainText, *more, nullable=False, server_default=server_default, **options)


def flag(name: str, *, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true() if default else false())


def moment(name: str, *, optional: bool = False, now: bool = False) -> Column[Any]:
    return Column(name, UtcTime, nullable=optional, server_default=text("CURRENT_TIMESTAMP") if now else None)


def of(
    name: str, target: str, *, lost: str | None = "CASCADE", optional: bool = False, **options: Any
) -> Column[str]:
    """A reference to `target`.id; `lost` is what happens here when the row there is deleted."""
    return Column(name, PlainText, ForeignKey(f"{target}.id", ondelete=lost), nullable=optional, **options)


def one_of(constraint: str, column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds a word of this enum."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=constraint)
