"""The lasting absence info of each employee."""

from __future__ import annotations

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection


async def update(conn: AsyncConnection, customer_id: str, employee_id: str, info: str) -> None:
    """Nothing happens to an employee of another company."""
    mine = (t.employee.c.id == employee_id) & (t.employee.c.customer_id == customer_id)
    await conn.execute(t.employee.update().where(mine).values(absence_info=info))
