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
from rules.text.working_hours import WorkingHours, read_week, write_week

Stored = dict[str, Any]


def columns(fields: Iterable[Field]) -> tuple[str, ...]:
    """Those that lie in the row itself."""
    return tuple(name for one in fields for name in _columns(one))


def _columns(one: Field) -> tuple[str, ...]:
    if one.kind is Kind.EMAILS:
        return ()
    name = one.of_model
    return (f"{name}_local", f"{name}_fold") if one.kind is Kind.MOMENT else (name,)


def writer(fields: Iterable[Field]) -> Callable[[object], Stored]:
    """What makes of an owner the columns as they are stored."""
    fields = tuple(fields)
    plain = [one.of_model for one in fields if _columns(one) == (one.of_model,)]
    together = attrgetter(*plain)
    choices = [one.of_model for one in fields if one.choices is not None]
    weeks = [one.of_model for one in fields if one.kind is Kind.WEEK]
    moments = [one.of_model for one in fields if one.kind is Kind.MOMENT]

    def write(owner: object) -> Stored:
        found = together(owner)
        row = dict(zip(plain, found if len(plain) > 1 else (found,), strict=True))
        for name in choices:
            row[name] = row[name].value
        for name in weeks:
            row[name] = write_week(row[name].week) if row[name] else ""
        for name in moments:
            local = getattr(owner, name)
            row[f"{name}_local"], row[f"{name}_fold"] = local.isoformat(timespec="minutes"), local.fold
        return row

    return write


def row_of(fields: Iterable[Field], owner: object) -> Stored:
    """The columns of a single owner."""
    return writer(fields)(owner)


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


LONGEST_STORED = 10_000
"""Before, what was typed in short was stored at any length."""


@lru_cache(maxsize=4096)
def _hours(text: str, state: str) -> WorkingHours | None:
    """Many share the same; what cannot be read any more never keeps a company from being read."""
    week = read_week(text, longest=LONGEST_STORED)
    return WorkingHours(week, state) if week and not isinstance(week, Fault) else None
