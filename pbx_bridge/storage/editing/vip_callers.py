"""VIP callers of a company and of its employees; one or thousands at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import writer
from pbx_bridge.storage.db.sql import execute_all, insert_all
from rules.fields.vip_caller import VIP_CALLER
from rules.model import VipCaller

_row = writer(VIP_CALLER)


async def insert(conn: AsyncConnection, customer_id: str, vips: Sequence[VipCaller]) -> None:
    """New entries with their ids; the caller knows their employees to be of the company."""
    rows = ({"id": vip.id, "customer_id": customer_id} | _values(vip) for vip in vips)
    await insert_all(conn, t.vip_caller, rows)


async def update(conn: AsyncConnection, customer_id: str, vips: Sequence[VipCaller]) -> None:
    """Everything; nothing happens to an entry of another company."""
    if not vips:
        return
    mine = (t.vip_caller.c.id == bindparam("key")) & (t.vip_caller.c.customer_id == customer_id)
    values: dict[str, Any] = {name: bindparam(name) for name in _values(vips[0])}
    rows = ({"key": vip.id} | _values(vip) for vip in vips)
    await execute_all(conn, t.vip_caller.update().where(mine).values(values), rows)


async def delete(conn: AsyncConnection, customer_id: str, ids: Collection[str]) -> None:
    """Nothing happens to an entry of another company."""
    mine = (t.vip_caller.c.id == bindparam("key")) & (t.vip_caller.c.customer_id == customer_id)
    await execute_all(conn, t.vip_caller.delete().where(mine), ({"key": one} for one in ids))


def _values(vip: VipCaller) -> dict[str, Any]:
    return _row(vip)
