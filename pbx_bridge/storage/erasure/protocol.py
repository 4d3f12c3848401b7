"""What was erased, or handed out, when, by whom and how many: of whom is not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import upsert
from rules.vocabulary import ErasureKind


@dataclass(frozen=True, slots=True)
class ProtocolEntry:
    """`company`: "" for all of them, or one that is gone; `done_by`: login, "" where it was the clock;
    `counts`: rows by kind; `pending`: it is going on."""

    at: datetime
    kind: ErasureKind
    company: str
    done_by: str
    counts: Mapping[str, int]
    pending: bool = False


@dataclass(frozen=True, slots=True)
class PendingErasure:
    """One that is going on, or was broken off. `of`: of whom, as `begin` got it."""

    id: str
    at: datetime
    done_by: str
    of: Mapping[str, Any]


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


async def begin(
    conn: AsyncConnection,
    kind: ErasureKind,
    customer_id: str,
    done_by: str,
    counts: Mapping[str, int],
    now: datetime,
    of: Mapping[str, Any],
    subject_id: str = "",
) -> PendingErasure:
    """Of what is erased in parts: with its first one. `of`: of whom, until it is done; it may be JSON."""
    row_id = new_id()
    row = {"id": row_id, "at": now, "kind": kind.value, "customer_id": customer_id, "done_by": done_by}
    said = {"counts": dict(counts), "subject_id": subject_id, "pending": dict(of)}
    await conn.execute(t.erasure.insert(), row | said)
    return PendingErasure(row_id, now, done_by, of)


async def end(conn: AsyncConnection, erasure_id: str, more: Mapping[str, int]) -> bool:
    """With its last part: of whom is forgotten. `more`: rows by kind that were not counted at its beginning.
    False: it is done already."""
    c = t.erasure.c
    this = (c.id == erasure_id) & c.pending.is_not(None)
    counts = (await conn.execute(select(c.counts).where(this).with_for_update())).scalar_one_or_none()
    if counts is None:
        return False
    await conn.execute(t.erasure.update().where(this).values(counts={**counts, **more}, pending=None))
    return True


async def pending(conn: AsyncConnection) -> tuple[PendingErasure, ...]:
    """The oldest first."""
    c = t.erasure.c
    rows = await conn.execute(select(t.erasure).where(c.pending.is_not(None)).order_by(c.at, c.id))
    return tuple([PendingErasure(row.id, row.at, row.done_by, row.pending) for row in rows])


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
        ProtocolEntry(
            row.at,
            ErasureKind(row.kind),
            row.name or "",
            row.done_by,
            row.counts,
            row.pending is not None,
        )
        for row in rows
    )
    total = (await conn.execute(select(func.count()).select_from(t.erasure))).scalar_one()
    return found, int(total)


async def counted(conn: AsyncConnection, since: datetime) -> dict[ErasureKind, int]:
    """How many lines of each kind there are since then; of retention: on how many days."""
    c = t.erasure.c
    query = select(c.kind, func.count()).where(c.at >= since).group_by(c.kind)
    found = {kind: int(count) for kind, count in await conn.execute(query)}
    return {kind: found.get(kind, 0) for kind in ErasureKind}
