"""Who is logged in, and who has to wait before trying a password again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.accounts import Account, from_row
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.sql import upsert


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A log-in that lasts until `expires_at`. `token_hash`: SHA-256 (hex) of the cookie; `csrf`: token of
    its forms."""

    token_hash: str
    csrf: str
    seen_at: datetime
    expires_at: datetime
    account: Account


@dataclass(frozen=True, slots=True)
class Throttle:
    """Failed log-ins under one key, and until when no more are looked at."""

    failures: int
    blocked_until: datetime


async def insert(
    conn: AsyncConnection, token_hash: str, csrf: str, account_id: str, now: datetime, expires_at: datetime
) -> None:
    values = {"token_hash": token_hash, "csrf": csrf, "account_id": account_id}
    moments = {"created_at": now, "seen_at": now, "expires_at": expires_at}
    await conn.execute(t.session.insert().values(values | moments))


async def find(conn: AsyncConnection, token_hash: str, now: datetime) -> StoredSession | None:
    """The session with its account; None when unknown, expired, or the account is disabled."""
    query = select(
        t.account, t.session.c.token_hash, t.session.c.csrf, t.session.c.seen_at, t.session.c.expires_at
    )
    alive = (
        (t.session.c.token_hash == token_hash)
        & (t.session.c.expires_at > now)
        & t.account.c.disabled.is_(False)
    )
    row = (await conn.execute(query.join_from(t.session, t.account).where(alive))).one_or_none()
    return (
        StoredSession(row.token_hash, row.csrf, row.seen_at, row.expires_at, from_row(row)) if row else None
    )


async def seen(conn: AsyncConnection, token_hash: str, now: datetime, expires_at: datetime) -> None:
    """The session is in use: it lasts until `expires_at` now."""
    used = t.session.update().where(t.session.c.token_hash == token_hash)
    await conn.execute(used.values(seen_at=now, expires_at=expires_at))


async def delete(conn: AsyncConnection, token_hash: str) -> None:
    await conn.execute(t.session.delete().where(t.session.c.token_hash == token_hash))


async def delete_of_account(conn: AsyncConnection, account_id: str) -> tuple[str, ...]:
    """End all log-ins of an account; returns their token hashes."""
    return await _delete(conn, t.session.c.account_id == account_id)


async def delete_expired(conn: AsyncConnection, now: datetime) -> tuple[str, ...]:
    """End what has expired; returns the token hashes."""
    return await _delete(conn, t.session.c.expires_at <= now)


_ALIVE = (
    select(t.session.c.token_hash)
    .join(t.account)
    .where(t.session.c.token_hash.in_(bindparam("tokens", expanding=True)))
    .where(t.session.c.expires_at > bindparam("now"), t.account.c.disabled.is_(False))
)


async def alive(conn: AsyncConnection, token_hashes: list[str], now: datetime) -> frozenset[str]:
    """Those of these sessions that are still good: for sockets that stay open for hours."""
    return frozenset((await conn.execute(_ALIVE, {"tokens": token_hashes, "now": now})).scalars())


async def throttle(conn: AsyncConnection, key: str) -> Throttle | None:
    row = (await conn.execute(select(t.login_throttle).where(t.login_throttle.c.key == key))).one_or_none()
    return Throttle(row.failures, row.blocked_until) if row else None


async def set_throttle(conn: AsyncConnection, key: str, failures: int, blocked_until: datetime) -> None:
    values = {"key": key, "failures": failures, "blocked_until": blocked_until}
    await upsert(conn, t.login_throttle, values)


async def clear_throttle(conn: AsyncConnection, key: str) -> None:
    await conn.execute(t.login_throttle.delete().where(t.login_throttle.c.key == key))


async def clear_old_throttles(conn: AsyncConnection, before: datetime) -> None:
    await conn.execute(t.login_throttle.delete().where(t.login_throttle.c.blocked_until < before))


async def _delete(conn: AsyncConnection, condition: ColumnElement[bool]) -> tuple[str, ...]:
    gone = await conn.execute(t.session.delete().where(condition).returning(t.session.c.token_hash))
    return tuple(gone.scalars())
