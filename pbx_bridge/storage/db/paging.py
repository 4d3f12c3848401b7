"""A part of a long list and how many there are, with one reading of what is searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from pbx_bridge.storage.db.engine import AsyncConnection

KNOWN_AT_ONCE = 500
"""So many ids a search reads in any case: of a rare word these are all, and nothing has to be counted."""


async def part_of(
    conn: AsyncConnection, found: Select[Any], *, skip: int, most: int
) -> tuple[Sequence[str] | Select[Any], int]:
    """`found`: ids in their order. Up to `most` of them behind the first `skip`, for an `in_`, and how many
    there are. Without a condition it is the order of an index, and counting reads no rows."""
    part = found.offset(skip).limit(most)
    counted = select(func.count()).select_from(found.order_by(None).subquery())
    if found.whereclause is None:
        return part, int((await conn.execute(counted)).scalar_one())
    first = (await conn.execute(found.limit(KNOWN_AT_ONCE + 1))).scalars().all()
    if len(first) <= KNOWN_AT_ONCE:
        return first[skip : skip + most], len(first)
    total = int((await conn.execute(counted)).scalar_one())
    if skip + most <= KNOWN_AT_ONCE:
        return first[skip : skip + most], total
    return part, total
