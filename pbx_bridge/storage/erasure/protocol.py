"""What was erased, or handed out, when, by whom and how many: of whom is not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import upsert
from rules.vocabulary import ErasureKind


@dataclass(frozen=True, slots=True)
class ProtocolEntry:
    """`company`: "" for all of them, or one that is gone; `done_by`: login, "" where it was the clock;
    `counts`: rows by kind."""

    at: datetime
    kind: ErasureKind
    company: str
    done_by: str
    counts: Mapping[str, int]


async def write(
    conn: AsyncConnection,
    kind: ErasureKind,
    customer_id: str,
    done_by: str,
    counts: Mapping[str, int],
    now: datetime,
    subject_id: str = "",
) -> None:
    """In the transaction of the deed. `subject_id`: of an employee who is erased; it leads nowhere."""
    row = {"id": new_id(), "at": now, "kind": kind.value, "customer_id": customer_id, "done_by": done_by}
    await conn.execute(t.erasure.insert(), row | {"counts": dict(counts), "subject_id": subject_id})


async def add_round(conn: AsyncConnection, counts: Mapping[str, int], now: datetime) -> None:
    """What retention has erased, added up over the rounds of a day (UTC)."""
    row_id = f"retention {now:%Y-%m-%d}"
    query = select(t.erasure.c.counts).where(t.erasure.c.id == row_id)
    before: Mapping[str, int] = (await conn.execute(query)).scalar_one_or_none() or {}
    total = {kind: before.get(kind, 0) + counts.get(kind, 0) for kind in {**before, **counts}}
    values = {"id": row_id, "at": now, "kind": ErasureKind.RETENTION.value, "counts": total}
    await upsert(conn, t.erasure, values)


async def listed(
    conn: AsyncConnection, *, skip: int = 0, most: int = 50
) -> tuple[Sequence[ProtocolEntry], int]:
    """The newest first, and how many there are."""
    c = t.erasure.c
    query = select(t.erasure, t.customer.c.name).outerjoin(t.customer, t.customer.c.id == c.customer_id)
    rows = await conn.execute(query.order_by(c.at.desc(), c.id.desc()).offset(skip).limit(most))
    found = tuple(
        ProtocolEntry(row.at, ErasureKind(row.kind), row.name or "", row.done_by, row.counts) for row in rows
    )
    total = (await conn.execute(select(func.count()).select_from(t.erasure))).scalar_one()
    return found, int(total)


async def counted(conn: AsyncConnection, since: datetime) -> dict[ErasureKind, int]:
    """How many lines of each kind there are since then; of retention: on how many days."""
    c = t.erasure.c
    query = select(c.kind, func.count()).where(c.at >= since).group_by(c.kind)
    found = {kind: int(count) for kind, count in await conn.execute(query)}
    return {kind: found.get(kind, 0) for kind in ErasureKind}
