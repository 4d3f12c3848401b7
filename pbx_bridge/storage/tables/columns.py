"""The kinds of columns that all tables are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, MetaData, false, text, true
from sqlalchemy.schema import SchemaItem

from pbx_bridge.storage.db.types import PlainText, UtcTime
from rules.fields.declaration import Field, Kind

metadata = MetaData()


def key() -> Column[str]:
    return Column("id", PlainText, primary_key=True)


def words(name: str, *more: Any, default: str | None = "", **options: Any) -> Column[str]:
    """A text that is never null; empty unless `default` says otherwise, None: to be given."""
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, PlainText, *more, nullable=False, server_default=server_default, **options)


def flag(name: str, *, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true() if default else false())


def moment(name: str, *, optional: bool = False, now: bool = False, **options: Any) -> Column[Any]:
    default = text("CURRENT_TIMESTAMP") if now else None
    return Column(name, UtcTime, nullable=optional, server_default=default, **options)


def of(
    name: str, target: str, *, lost: str | None = "CASCADE", optional: bool = False, **options: Any
) -> Column[str]:
    """A reference to `target`.id; `lost` is what happens here when the row there is deleted."""
    return Column(name, PlainText, ForeignKey(f"{target}.id", ondelete=lost), nullable=optional, **options)


def one_of(constraint: str, column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds a word of this enum."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=constraint)


def declared(table: str, fields: Iterable[Field], *, person_lost: str = "SET NULL") -> list[SchemaItem]:
    """The columns of declared fields, with what holds for each. `person_lost`: what happens here when the
    employee of a field goes."""
    return [item for one in fields for item in _declared(table, one, person_lost)]


def _declared(table: str, one: Field, person_lost: str) -> Iterator[SchemaItem]:
    name = one.of_model
    match one.kind:
        case Kind.EMAILS:  # rows of another table
            return
        case Kind.TICK:
            yield flag(name)
        case Kind.NUMBER:
            default = text(one.default) if one.default else None
            yield Column(name, Integer, nullable=default is None, server_default=default)
        case Kind.MOMENT:  # wall time, and which of a repeated hour
            yield words(f"{name}_local", default=None)
            yield Column(f"{name}_fold", Integer, nullable=False, server_default=text("0"))
        case Kind.PERSON:
            yield of(name, "employee", lost=person_lost, optional=True)
        case _:
            yield words(name, default=None if one.missing else one.default)
    if one.choices is not None:
        yield one_of(f"{table}_{name}", name, one.choices)
