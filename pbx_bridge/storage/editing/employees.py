"""People of a company: new, changed, gone; one or ten thousand at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import writer
from pbx_bridge.storage.db.sql import execute_all, insert_all
from pbx_bridge.time_slices import gently
from rules.fields.employee import EMPLOYEE
from rules.model import Employee

_row = writer(EMPLOYEE)


async def insert(conn: AsyncConnection, customer_id: str, people: Sequence[Employee]) -> None:
    """New employees with their ids, CCs and deputies, who may be among them; appointments not."""
    alone = (_values(person) | {"customer_id": customer_id, "deputy_id": None} for person in people)
    await insert_all(conn, t.employee, alone)
    await update(conn, customer_id, people)


async def update(conn: AsyncConnection, customer_id: str, people: Sequence[Employee]) -> None:
    """Everything but the appointments; whoever is not of this company is left alone."""
    own = select(t.employee.c.id).where(t.employee.c.customer_id == customer_id)
    ids = frozenset((await conn.execute(own)).scalars())
    people = [person async for person in gently(people) if person.id in ids]
    if not people:
        return
    # The id is not written again: then no database looks for rows that refer to it.
    values: dict[str, Any] = {name: bindparam(name) for name in _values(people[0]) if name != "id"}
    rows = (
        {("key" if name == "id" else name): value for name, value in _values(one).items()} for one in people
    )
    await execute_all(
        conn, t.employee.update().where(t.employee.c.id == bindparam("key")).values(values), rows
    )
    await _set_ccs(conn, people)


async def delete(conn: AsyncConnection, customer_id: str, ids: Collection[str]) -> None:
    """Employees go, with their appointments, VIP callers and log-ins; nobody has them as deputy any more."""
    mine = (t.employee.c.id == bindparam("key")) & (t.employee.c.customer_id == customer_id)
    await execute_all(conn, t.employee.delete().where(mine), ({"key": one} for one in ids))


async def _set_ccs(conn: AsyncConnection, people: Sequence[Employee]) -> None:
    gone = t.employee_cc.delete().where(t.employee_cc.c.employee_id == bindparam("key"))
    await execute_all(conn, gone, ({"key": person.id} for person in people))
    rows = (
        {"employee_id": person.id, "place": place, "email": email}
        for person in people
        for place, email in enumerate(person.cc, 1)
    )
    await insert_all(conn, t.employee_cc, rows)


def _values(person: Employee) -> dict[str, Any]:
    split = {"given_name": person.given_name, "family_name": person.family_name}
    return {"id": person.id} | _row(person) | split
