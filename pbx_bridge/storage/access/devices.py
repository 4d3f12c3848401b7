"""Browsers in which somebody has logged in before."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import upsert

LASTS = timedelta(days=180)
"""After the last log-in."""
MOST = 20
"""Of one account; the one that was not used for the longest time goes first."""


def hashed(token: str) -> str:
    """What is stored of a browser's token."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


async def knows(conn: AsyncConnection, token_hash: str, login: str, now: datetime) -> bool:
    """Whether somebody with this login has logged in there, not too long ago."""
    c = t.known_device.c
    good = (c.token_hash == token_hash) & (c.seen_at > now - LASTS) & (t.account.c.login == login)
    query = select(c.token_hash).join_from(t.known_device, t.account).where(good)
    return (await conn.execute(query)).first() is not None


async def remember(conn: AsyncConnection, token_hash: str, account_id: str, now: datetime) -> None:
    """Somebody has logged in there just now."""
    values = {"token_hash": token_hash, "account_id": account_id, "seen_at": now}
    await upsert(conn, t.known_device, values)
    c = t.known_device.c
    mine = select(c.token_hash).where(c.account_id == account_id)
    newest = mine.order_by(c.seen_at.desc(), c.token_hash).limit(MOST)
    old = (c.account_id == account_id) & c.token_hash.not_in(newest)
    await conn.execute(t.known_device.delete().where(old))


async def forget_old(conn: AsyncConnection, now: datetime) -> None:
    """Those that nobody has used for long."""
    await conn.execute(t.known_device.delete().where(t.known_device.c.seen_at <= now - LASTS))
