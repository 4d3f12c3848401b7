"""The second factor of an account: the secret that it shares with a phone, and codes for when it is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed, insert_all, upsert
from rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Factor:
    """`confirmed`: its owner has typed a first code, from then on it is asked for; `last_step`: whose code
    was taken last."""

    secret: bytes
    confirmed: bool
    last_step: int


async def of_account(conn: AsyncConnection, account_id: str) -> Factor | None:
    query = select(t.second_factor).where(t.second_factor.c.account_id == account_id)
    row = (await conn.execute(query)).one_or_none()
    return Factor(bytes.fromhex(row.secret), row.confirmed, row.last_step) if row else None


@dataclass(frozen=True, slots=True)
class RoleCount:
    """How many may log in as this, and how many of them with a second factor."""

    role: Role
    log_ins: int
    with_factor: int


async def by_role(conn: AsyncConnection) -> tuple[RoleCount, ...]:
    """Of each role that anybody has who is not locked."""
    account, factor = t.account.c, t.second_factor.c
    query = select(account.role, func.count()).where(account.disabled.is_(False)).group_by(account.role)
    confirmed = select(factor.account_id).where(factor.confirmed)
    log_ins = {row[0]: int(row[1]) for row in await conn.execute(query)}
    safe = {row[0]: int(row[1]) for row in await conn.execute(query.where(account.id.in_(confirmed)))}
    return tuple(RoleCount(role, log_ins[role], safe.get(role, 0)) for role in Role if role in log_ins)


async def propose(conn: AsyncConnection, account_id: str, secret: bytes, now: datetime) -> None:
    """A secret that its owner has not confirmed yet; one that is confirmed stays."""
    values = {"account_id": account_id, "secret": secret.hex(), "confirmed": False, "last_step": 0}
    open_one = t.second_factor.c.confirmed.is_(False)
    await upsert(conn, t.second_factor, values | {"created_at": now}, where=open_one)


async def confirm(conn: AsyncConnection, account_id: str, step: int) -> bool:
    """From now on it is asked for; False when it was confirmed already."""
    mine = (t.second_factor.c.account_id == account_id) & t.second_factor.c.confirmed.is_(False)
    return await changed(conn, t.second_factor.update().where(mine).values(confirmed=True, last_step=step))


async def use_step(conn: AsyncConnection, account_id: str, step: int) -> bool:
    """Take the code of this step; False when it, or a later one, was taken before, in whichever process."""
    mine = (t.second_factor.c.account_id == account_id) & (t.second_factor.c.last_step < step)
    return await changed(conn, t.second_factor.update().where(mine).values(last_step=step))


async def set_codes(conn: AsyncConnection, account_id: str, hashes: Iterable[str]) -> None:
    """These recovery codes instead of those of before."""
    await conn.execute(t.recovery_code.delete().where(t.recovery_code.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": one} for one in hashes]
    await insert_all(conn, t.recovery_code, rows)


async def use_code(conn: AsyncConnection, account_id: str, code_hash: str) -> bool:
    """Take a recovery code; False when there is none such any more."""
    c = t.recovery_code.c
    gone = await conn.execute(
        t.recovery_code.delete().where(c.account_id == account_id, c.code_hash == code_hash)
    )
    return gone.rowcount == 1


async def codes_left(conn: AsyncConnection, account_id: str) -> int:
    mine = t.recovery_code.c.account_id == account_id
    return int(
        (await conn.execute(select(func.count()).select_from(t.recovery_code).where(mine))).scalar_one()
    )


async def remove(conn: AsyncConnection, account_id: str) -> bool:
    """No second factor any more, and no recovery codes; False when there was none."""
    await conn.execute(t.recovery_code.delete().where(t.recovery_code.c.account_id == account_id))
    gone = await conn.execute(t.second_factor.delete().where(t.second_factor.c.account_id == account_id))
    return gone.rowcount == 1
