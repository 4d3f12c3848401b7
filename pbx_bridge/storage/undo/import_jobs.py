"""Files that companies sent to be read in, until they are taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed

KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A file on its way in. `applied_at` None: nothing of it is stored yet."""

    id: str
    content: str
    at: datetime
    applied_at: datetime | None


async def begin(
    conn: AsyncConnection, customer_id: str, account_id: str, kind: str, content: str, now: datetime
) -> str:
    """Keep a file; whoever begins a second one of a `kind` has given up the first. Returns its id."""
    old = (t.import_job.c.account_id == account_id) & (t.import_job.c.kind == kind)
    await conn.execute(t.import_job.delete().where(old | (t.import_job.c.at <= now - KEPT)))
    values = {"id": new_id(), "account_id": account_id, "customer_id": customer_id}
    await conn.execute(t.import_job.insert().values(values | {"kind": kind, "content": content, "at": now}))
    return values["id"]


async def find(
    conn: AsyncConnection, customer_id: str, account_id: str, kind: str, job_id: str
) -> ImportJob | None:
    """The file, if this account sent it, for this company: an operator sees several."""
    c = t.import_job.c
    mine = (c.id == job_id) & (c.account_id == account_id) & (c.customer_id == customer_id)
    row = (await conn.execute(select(t.import_job).where(mine, t.import_job.c.kind == kind))).one_or_none()
    return ImportJob(row.id, row.content, row.at, row.applied_at) if row else None


async def apply(conn: AsyncConnection, job_id: str, now: datetime) -> bool:
    """It is taken over in this very transaction. False: it was before."""
    is_open = (t.import_job.c.id == job_id) & t.import_job.c.applied_at.is_(None)
    return await changed(conn, t.import_job.update().where(is_open).values(applied_at=now, content=""))
