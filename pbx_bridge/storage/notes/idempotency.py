"""Answers given to the desk's commands, so that a command sent twice acts once and gets the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing, insert_once


async def answer(conn: AsyncConnection, account_id: str, command_id: str) -> dict[str, Any] | None:
    """What this account was answered to this command, None if it is new."""
    query = select(t.desk_command.c.answer).where(
        t.desk_command.c.account_id == account_id, t.desk_command.c.id == command_id
    )
    found: dict[str, Any] | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def remember(
    conn: AsyncConnection, account_id: str, command_id: str, answered: Mapping[str, Any], now: datetime
) -> bool:
    """Keep the answer, in the transaction of the deed; False when the command was answered before, or when
    nobody can ask again because the log-in is gone."""
    if not await existing(conn, t.account, [account_id]):
        return False
    values = {"account_id": account_id, "id": command_id, "answer": dict(answered), "at": now}
    return await insert_once(conn, t.desk_command, values)


async def forget(conn: AsyncConnection, before: datetime) -> int:
    """Delete answers older than `before`; returns how many."""
    return int((await conn.execute(t.desk_command.delete().where(t.desk_command.c.at < before))).rowcount)
