"""Who is logged in, and who has to wait before trying a password again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Account, from_row
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import upsert


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A log-in that lasts until `expires_at`. `token_hash`: SHA-256 (hex) of the cookie; `csrf`: token of
    its forms; `viewed`: the company whose portal an operator has open in it."""

    token_hash: str
    csrf: str
    seen_at: datetime
    expires_at: datetime
    account: Account
    stage: str = ""
    viewed: str | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody logs in: `device` in words, "Firefox · Windows"; `network` shortened, "192.0.2.0/24"."""

    device: str = ""
    network: str = ""


NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class Throttle:
    """Failed log-ins under one key, and until when no more are looked at."""

    failures: int
    blocked_until: datetime


async def insert(
    conn: AsyncConnection,
    token_hash: str,
    csrf: str,
    account_id: str,
    now: datetime,
    expires_at: datetime,
    where: Where = NOWHERE,
    stage: str = "",
) -> None:
    """A session of the account as it is now: with another password, role, company or employee it is over.
    `stage`: what is missing until it is one."""
    holder = await _now_holding(conn, account_id)
    values = {"token_hash": token_hash, "csrf": csrf, "account_id": account_id, "holder": holder}
    moments = {"created_at": now, "seen_at": now, "expires_at": expires_at}
    place = {"device": where.device, "network": where.network, "stage": stage}
    await conn.execute(t.session.insert().values(values | moments | place))


async def find(
    conn: AsyncConnection, token_hash: str, now: datetime, idle: timedelta
) -> StoredSession | None:
    """The session with its account; None when it is over, as `alive` says."""
    wanted = {"tokens": [token_hash], "now": now, "unused": now - idle}
    row = (await conn.execute(_FIND, wanted)).one_or_none()
    if row is None or row.holder != _holder(row):
        return None
    told = row.token_hash, row.csrf, row.seen_at, row.expires_at, from_row(row), row.stage, row.viewed_id
    return StoredSession(*told)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A line in the list of somebody's sessions. `id`: hash of its token."""

    id: str
    created_at: datetime
    seen_at: datetime
    where: Where


async def of_account(conn: AsyncConnection, account_id: str) -> tuple[OwnSession, ...]:
    """The sessions of an account, the last one used first; those that are over but not swept away too."""
    s = t.session.c
    query = (
        select(t.session)
        .where(s.account_id == account_id, s.stage == "")
        .order_by(s.seen_at.desc(), s.token_hash)
    )
    return tuple(
        OwnSession(row.token_hash, row.created_at, row.seen_at, Where(row.device, row.network))
        for row in await conn.execute(query)
    )


async def is_in(conn: AsyncConnection, login: str, network: str, now: datetime) -> bool:
    """Whether somebody with this login is logged in from this network."""
    s = t.session.c
    there = (t.account.c.login == login) & (s.network == network) & (s.stage == "") & (s.expires_at > now)
    query = select(s.token_hash).join_from(t.session, t.account).where(there)
    return (await conn.execute(query.limit(1))).first() is not None


async def seen(conn: AsyncConnection, token_hash: str, now: datetime) -> None:
    """The session is in use."""
    await conn.execute(t.session.update().where(t.session.c.token_hash == token_hash).values(seen_at=now))


async def view(conn: AsyncConnection, token_hash: str, customer_id: str | None) -> None:
    """An operator has this company's portal open in the session, and no other; None: none any more."""
    mine = t.session.c.token_hash == token_hash
    await conn.execute(t.session.update().where(mine).values(viewed_id=customer_id))


async def keep(conn: AsyncConnection, account_id: str, token_hash: str) -> None:
    """Somebody has changed their own account: this session goes on, all others of before are over."""
    mine = (t.session.c.account_id == account_id) & (t.session.c.token_hash == token_hash)
    await conn.execute(t.session.update().where(mine).values(holder=await _now_holding(conn, account_id)))


async def rehash(conn: AsyncConnection, account_id: str, password_hash: str) -> None:
    """Another hash of the same password: no session ends by it."""
    before = await _now_holding(conn, account_id)
    same = t.account.c.id == account_id
    await conn.execute(t.account.update().where(same).values(password_hash=password_hash))
    good = (t.session.c.account_id == account_id) & (t.session.c.holder == before)
    await conn.execute(t.session.update().where(good).values(holder=await _now_holding(conn, account_id)))


async def delete(conn: AsyncConnection, token_hash: str) -> None:
    await conn.execute(t.session.delete().where(t.session.c.token_hash == token_hash))


async def delete_of_account(conn: AsyncConnection, account_id: str, but: str = "") -> tuple[str, ...]:
    """End all log-ins of an account, `but` this one; returns their token hashes."""
    others = (t.session.c.account_id == account_id) & (t.session.c.token_hash != but)
    return await _delete(conn, others)


async def delete_expired(conn: AsyncConnection, now: datetime, idle: timedelta) -> tuple[str, ...]:
    """End what is too old, or unused for too long; returns the token hashes."""
    return await _delete(conn, (t.session.c.expires_at <= now) | (t.session.c.seen_at < now - idle))


_HOLDING = (t.account.c.role, t.account.c.customer_id, t.account.c.employee_id, t.account.c.password_hash)
_ALIVE = (
    select(t.session.c.token_hash, t.session.c.holder, *_HOLDING)
    .join_from(t.session, t.account)
    .where(t.session.c.token_hash.in_(bindparam("tokens", expanding=True)))
    .where(t.session.c.expires_at > bindparam("now"), t.session.c.seen_at >= bindparam("unused"))
    .where(t.account.c.disabled.is_(False))
)
_FIND = _ALIVE.add_columns(
    t.account,
    t.session.c.csrf,
    t.session.c.seen_at,
    t.session.c.expires_at,
    t.session.c.stage,
    t.session.c.viewed_id,
)


async def alive(
    conn: AsyncConnection, token_hashes: list[str], now: datetime, idle: timedelta
) -> frozenset[str]:
    """Those of these sessions that are still good: neither too old nor unused for too long, and of an account
    that is neither locked nor anybody else than when they began, whoever changed it."""
    wanted = {"tokens": token_hashes, "now": now, "unused": now - idle}
    rows = await conn.execute(_ALIVE, wanted)
    return frozenset(row.token_hash for row in rows if row.holder == _holder(row))


async def _now_holding(conn: AsyncConnection, account_id: str) -> str:
    return _holder((await conn.execute(select(*_HOLDING).where(t.account.c.id == account_id))).one())


def _holder(row: Any) -> str:
    """What an account is, in short."""
    # Kept with the session and compared at each request: so a session ends whoever changes the account, also
    # past this program, and nobody has to remember to end it.
    parts = (row.role, row.customer_id or "", row.employee_id or "", row.password_hash)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


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
