"""How much of what their tariffs include companies have used in the month that runs, reckoned beforehand.

Fifty thousand companies cannot be reckoned when somebody opens a page. Each event that is used marks its
company, in the same transaction; a round reckons those that are marked, the longest not reckoned first, by
the statement that the company gets. The pages ask an index.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, literal_column, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed, insert_once
from rules.billing.allowance import Allowance, AllowanceKind, highest
from rules.office.needs import ALLOWANCE_SHARES, NAMED, Concern, Sighting

_c = t.allowance.c
_MARKED = _c.marks > literal_column("0")
"""Written out, not as a parameter: only so the index of the marked ones is found to fit."""
_MARK = t.allowance.update().where(_c.customer_id == bindparam("this")).values(marks=_c.marks + 1)


@dataclass(frozen=True, slots=True)
class MarkedCompany:
    """To be reckoned. `marks`: how many events there were since the last time."""

    customer_id: str
    zone: str
    marks: int


@dataclass(frozen=True, slots=True)
class KeptAllowances:
    """Of the month that begins on `month`, as it was at a moment."""

    month: date
    allowances: tuple[Allowance, ...]
    at: datetime


# ---- written


async def mark(conn: AsyncConnection, customer_id: str, at: datetime) -> None:
    """Something was used: what is known of this company is not so any more."""
    row = {"customer_id": customer_id, "month": "", "percent": 0, "marks": 1, "reckoned_at": at}
    nothing = {name: 0 for kind in AllowanceKind for name in _columns(kind)}
    if not await changed(conn, _MARK, this=customer_id) and not await insert_once(
        conn, t.allowance, row | nothing
    ):
        await changed(conn, _MARK, this=customer_id)  # somebody else's first one came in between


async def mark_tariff(conn: AsyncConnection, tariff_id: str) -> None:
    """Its prices are others: so it is for all its companies of which anything is known."""
    theirs = select(t.customer.c.id).where(t.customer.c.tariff_id == tariff_id)
    await conn.execute(t.allowance.update().where(_c.customer_id.in_(theirs)).values(marks=_c.marks + 1))


async def put(
    conn: AsyncConnection,
    marked: MarkedCompany,
    month: date,
    allowances: Collection[Allowance],
    now: datetime,
) -> None:
    """What was reckoned. What was used since stays marked."""
    values: dict[str, Any] = {
        "month": month.isoformat(),
        "percent": highest(allowances),
        "marks": _c.marks - marked.marks,
        "reckoned_at": now,
    }
    values |= {name: 0 for kind in AllowanceKind for name in _columns(kind)}
    for one in allowances:
        used, included = _columns(one.kind)
        values |= {used: one.used, included: one.included}
    await conn.execute(t.allowance.update().where(_c.customer_id == marked.customer_id).values(values))


# ---- read


async def marked(conn: AsyncConnection, before: datetime, most: int) -> tuple[MarkedCompany, ...]:
    """Those that were not reckoned since `before`, the longest first."""
    query = (
        select(_c.customer_id, t.customer.c.zone, _c.marks)
        .join(t.customer, t.customer.c.id == _c.customer_id)
        .where(_MARKED, _c.reckoned_at <= before)
        .order_by(_c.reckoned_at)
        .limit(most)
    )
    return tuple([MarkedCompany(row.customer_id, row.zone, row.marks) for row in await conn.execute(query)])


async def of_company(conn: AsyncConnection, customer_id: str) -> KeptAllowances | None:
    """None: nothing was reckoned yet."""
    row = (await conn.execute(select(t.allowance).where(_c.customer_id == customer_id))).one_or_none()
    return _kept(row) if row is not None and row.month else None


async def sighted(conn: AsyncConnection, concern: Concern, month: date) -> Sighting:
    """How many companies have used as much of what the month includes as this concern is about, and those of
    them that have used most."""
    wanted = used(concern, month)
    number = (await conn.execute(select(func.count()).where(wanted))).scalar_one()
    if not number:
        return Sighting(concern)
    named = (
        select(t.customer.c.name)
        .join(t.allowance, _c.customer_id == t.customer.c.id)
        .where(wanted)
        .order_by(_c.percent.desc(), t.customer.c.name)
        .limit(NAMED)
    )
    return Sighting(concern, number, names=tuple((await conn.execute(named)).scalars()))


def used(concern: Concern, month: date) -> ColumnElement[bool]:
    """Of a row of `allowance`: it is one of those that the concern is about. `month`: its first day."""
    least, below = ALLOWANCE_SHARES[concern]
    much = (_c.month == month.isoformat()) & (_c.percent >= least)
    return much if below is None else much & (_c.percent < below)


def _columns(kind: AllowanceKind) -> tuple[str, str]:
    """What was used, and what is included."""
    return f"{kind}_used", f"{kind}_included"


def _kept(row: Row[Any]) -> KeptAllowances:
    found = []
    for kind in AllowanceKind:
        used, included = (getattr(row, name) for name in _columns(kind))
        if included:
            found.append(Allowance(kind, used, included))
    return KeptAllowances(date.fromisoformat(row.month), tuple(found), row.reckoned_at)
