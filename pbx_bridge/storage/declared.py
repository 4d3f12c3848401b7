"""Rows of declared fields (rules/fields): values as columns keep them, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from rules.fault import Fault
from rules.fields.declaration import Field, Kind
from rules.working_hours import WorkingHours, read_week, write_week

Stored = dict[str, Any]


def columns(fields: Iterable[Field]) -> tuple[str, ...]:
    """Those that lie in the row itself."""
    return tuple(name for one in fields for name in _columns(one))


def _columns(one: Field) -> tuple[str, ...]:
    if one.kind is Kind.EMAILS:
        return ()
    name = one.of_model
    return (f"{name}_local", f"{name}_fold") if one.kind is Kind.MOMENT else (name,)


def row_of(fields: Iterable[Field], owner: object) -> Stored:
    """The columns as they are stored of this owner."""
    row: Stored = {}
    for one in fields:
        row |= zip(_columns(one), _stored(one, getattr(owner, one.of_model)), strict=False)
    return row


def reader(fields: Iterable[Field]) -> Callable[[Row[Any]], Stored]:
    """What makes of a row the attributes of its owner. Weekly hours ask the row for its `state` too."""
    fields = tuple(fields)
    names = columns(fields)
    together = attrgetter(*names)
    choices = {one.of_model: one.choices for one in fields if one.choices is not None}
    weeks = [one.of_model for one in fields if one.kind is Kind.WEEK]
    moments = [one.of_model for one in fields if one.kind is Kind.MOMENT]

    # Twenty thousand rows come through here: one look for all columns, then only what differs.
    def read(row: Row[Any]) -> Stored:
        values = dict(zip(names, together(row), strict=True))
        for name, meant in choices.items():
            values[name] = meant(values[name])
        for name in weeks:
            values[name] = _hours(values[name], row.state)
        for name in moments:
            local = datetime.fromisoformat(values.pop(f"{name}_local"))
            values[name] = local.replace(fold=values.pop(f"{name}_fold"))
        return values

    return read


def _stored(one: Field, value: Any) -> tuple[Any, ...]:
    """A value for each column."""
    if one.kind is Kind.MOMENT:
        return value.isoformat(timespec="minutes"), value.fold
    if one.kind is Kind.WEEK:
        return (write_week(value.week) if value else "",)
    return (value.value if one.choices is not None else value,)


@lru_cache(maxsize=4096)
def _hours(text: str, state: str) -> WorkingHours | None:
    """Many share the same; what cannot be read any more never keeps a company from being read."""
    week = read_week(text)
    return WorkingHours(week, state) if week and not isinstance(week, Fault) else None
