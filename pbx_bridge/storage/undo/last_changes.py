"""What people of a company changed within the last day, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.undo.snapshots import Pairs, is_overtaken
from pbx_bridge.storage.undo.undo import KEPT, diff_of
from rules.text.phone_numbers import national

CALLED: Mapping[str, str] = {
    "employee": "name",
    "appointment": "text",
    "vip_caller": "name",
    "blocked_caller": "number",
    "faq_entry": "question",
    "text_block": "name",
    "note_field": "label",
    "account": "login",
}
"""By table, what its rows are called by."""
FEW = 3
"""Names that are told of a change."""


@dataclass(frozen=True, slots=True)
class LastChange:
    """A step: `who` is a log-in, or "" if it is gone; `names`: what it was about, `more` beyond those.

    `undone`: taken back already; `overtaken`: changed again since, so that it cannot be taken back.
    """

    id: str
    at: datetime
    who: str
    change_code: str
    names: tuple[str, ...]
    more: int
    undone: bool
    overtaken: bool


async def count(conn: AsyncConnection, customer_id: str, now: datetime, account_id: str | None = None) -> int:
    """How many changes of the last day there are; of one account only, if it is named."""
    query = select(func.count()).select_from(t.undo_step).where(_alive(customer_id, now, account_id))
    return int((await conn.execute(query)).scalar_one())


async def listed(
    conn: AsyncConnection,
    customer_id: str,
    now: datetime,
    skip: int,
    most: int,
    account_id: str | None = None,
) -> tuple[LastChange, ...]:
    """Some of them, the newest first."""
    step = t.undo_step.c
    query = (
        select(t.undo_step, t.account.c.login)
        .select_from(t.undo_step.outerjoin(t.account, step.account_id == t.account.c.id))
        .where(_alive(customer_id, now, account_id))
        .order_by(step.at.desc(), step.id.desc())
        .offset(skip)
        .limit(most)
    )
    found: list[LastChange] = []
    for row in (await conn.execute(query)).all():
        pairs = (await diff_of(conn, row)).pairs
        overtaken = not row.undone and await is_overtaken(conn, customer_id, pairs)
        names, more = await _names(conn, pairs)
        found.append(
            LastChange(row.id, row.at, row.login or "", row.deed, names, more, row.undone, overtaken)
        )
    return tuple(found)


def _alive(customer_id: str, now: datetime, account_id: str | None) -> Any:
    mine = (t.undo_step.c.customer_id == customer_id) & (t.undo_step.c.at > now - KEPT)
    return mine & (t.undo_step.c.account_id == account_id) if account_id else mine


async def _names(conn: AsyncConnection, pairs: Pairs) -> tuple[tuple[str, ...], int]:
    """What a step was about: rows that have a name; else the employees to whom its rows belong."""
    table = next((name for name in CALLED if pairs.get(name)), "")
    if table:
        rows = [after or before or {} for before, after in pairs[table]]
        names = [str(row.get(CALLED[table], ""))[:80] for row in rows[:FEW]]
        if CALLED[table] == "number":
            names = [national(number) for number in names]
        return tuple(name for name in names if name), max(len(rows) - FEW, 0)
    rows = [after or before or {} for some in pairs.values() for before, after in some]
    owners = list(dict.fromkeys(row["employee_id"] for row in rows if row.get("employee_id")))
    query = select(t.employee.c.name).where(t.employee.c.id.in_(owners[:FEW])).order_by(t.employee.c.name)
    return tuple((await conn.execute(query)).scalars()), max(len(owners) - FEW, 0)
