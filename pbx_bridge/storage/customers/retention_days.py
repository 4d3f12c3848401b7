"""How long companies keep what, where it is not as long as the house does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.office.retention_days import BOUNDS, RetentionDays


@dataclass(frozen=True, slots=True)
class RetentionSpans:
    """By class the spans, in days, that any company has of its own."""

    own: dict[str, tuple[int, ...]]

    def of(self, kind: str, house: int, customer_id: Any) -> Iterator[tuple[int, ColumnElement[bool]]]:
        """Each span, and whose rows it is for, by their column of the company; nobody's are the house's."""
        c = t.company_retention.c
        own = select(c.customer_id).where(c[kind].is_not(None))
        yield house, customer_id.is_(None) | customer_id.not_in(own)
        for days in self.own.get(kind, ()):
            yield days, customer_id.in_(select(c.customer_id).where(c[kind] == days))


AS_THE_HOUSE = RetentionSpans({})
"""No company has any of its own."""


async def load(conn: AsyncConnection, customer_id: str) -> RetentionDays:
    """Of this company."""
    query = select(t.company_retention).where(t.company_retention.c.customer_id == customer_id)
    row = (await conn.execute(query)).one_or_none()
    return RetentionDays(**{name: getattr(row, name) for name in BOUNDS}) if row else RetentionDays()


async def spans(conn: AsyncConnection) -> RetentionSpans:
    """Of all companies."""
    found = {}
    for name in BOUNDS:
        column = t.company_retention.c[name]
        query = select(column).where(column.is_not(None)).distinct().order_by(column)
        found[name] = tuple((await conn.execute(query)).scalars())
    return RetentionSpans(found)


async def companies(conn: AsyncConnection) -> int:
    """How many have any time of their own."""
    own = or_(*(t.company_retention.c[name].is_not(None) for name in BOUNDS))
    query = select(func.count()).select_from(t.company_retention).where(own)
    return int((await conn.execute(query)).scalar_one())
