"""The access log's chain in the database: linked as the last deed of each transaction, looked over,
forgotten from its beginning. What is hashed, and what a check finds, is decided in
`rules.access.audit_chain`."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db import last_deed
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import execute_all, insert_all
from pbx_bridge.time_slices import gently
from rules.access.audit_chain import (
    EMPTIED,
    FORGOTTEN,
    Breach,
    ChainCheck,
    ChainState,
    Head,
    LogLink,
    linked,
    places_in_words,
    words_of,
)

BEGUN = "chain_begun"
"""The deed of the entry behind those that were there before there was a chain."""
TEXTS = ("login", "done_by", "device", "network", "detail")
SALT_BYTES = 16
AT_ONCE = 1_000
"""Entries that are read, or forgotten, at a time."""


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The service's own last look at the whole chain: `at` None: there was none yet; `breach`: "" while it is
    whole, else a `Breach` at the place `broken`."""

    head: Head
    at: datetime | None
    breach: str
    broken: int


def write(conn: AsyncConnection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Entries (`id`, `at`, `deed` and texts), linked to the chain as the last deed of this transaction:
    whoever else writes an entry waits for no more than its commit."""
    waiting = last_deed.of(conn)
    if not isinstance(waiting, _Waiting):
        waiting = _Waiting([])
        last_deed.set_to(conn, waiting)
    waiting.rows.extend(rows)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What a transaction will have written at its end."""

    rows: list[Mapping[str, Any]]

    async def __call__(self, conn: AsyncConnection) -> None:
        if self.rows:
            await _append(conn, self.rows)


async def _append(conn: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    ending = [await _held_head(conn)]

    def chained() -> Iterator[Mapping[str, Any]]:
        for row in rows:
            link = linked(ending[-1], _new_link(row))
            ending[:] = [Head(link.place, link.own_hash)]
            yield _row(link)

    await insert_all(conn, t.access_log, chained())
    await _set_head(conn, ending[-1])


async def _held_head(conn: AsyncConnection) -> Head:
    """Nobody else gets it until this transaction ends."""
    row = (await conn.execute(select(t.audit_head).with_for_update())).one()
    return Head(row.place, row.hash)


async def _set_head(conn: AsyncConnection, head: Head) -> None:
    await conn.execute(update(t.audit_head).values(place=head.place, hash=head.hash))


def _new_link(row: Mapping[str, Any]) -> LogLink:
    texts = tuple(str(row.get(name, "")) for name in TEXTS)
    return LogLink(0, row["id"], row["at"], str(row["deed"]), texts, secrets.token_hex(SALT_BYTES))


def _row(link: LogLink) -> dict[str, Any]:
    hashes = {
        "content_hash": link.content_hash,
        "previous_hash": link.previous_hash,
        "own_hash": link.own_hash,
    }
    first = {"id": link.id, "at": link.at, "deed": link.deed, "place": link.place, "salt": link.salt}
    return first | dict(zip(TEXTS, link.texts, strict=True)) | hashes


def _link(row: Any) -> LogLink:
    return LogLink(
        row.place, row.id, row.at, row.deed, tuple(getattr(row, name) for name in TEXTS), row.salt,
        row.content_hash, row.previous_hash, row.own_hash,
    )  # fmt: skip


async def links(conn: AsyncConnection) -> AsyncIterator[LogLink]:
    """All entries in the order of the chain, some at a time."""
    place: int | None = None
    while True:
        query = select(t.access_log).order_by(t.access_log.c.place).limit(AT_ONCE)
        if place is not None:
            query = query.where(t.access_log.c.place > place)
        rows = (await conn.execute(query)).all()
        async for row in gently(rows):
            yield _link(row)
        if len(rows) < AT_ONCE:
            return
        place = rows[-1].place


async def check(conn: AsyncConnection, noted: Head | None = None) -> ChainState:
    """Look at every entry. `noted`: a head written down elsewhere, which must still be there."""
    looking = ChainCheck(noted)
    async for link in links(conn):
        looking.look(link)
    row = (await conn.execute(select(t.audit_head))).one_or_none()
    return looking.end(Head(row.place, row.hash) if row else Head())


async def note_check(conn: AsyncConnection, state: ChainState, now: datetime) -> None:
    """Keep what the service's own look has found, for the office."""
    found = {"checked_at": now, "breach": state.breach or "", "broken": state.broken}
    await conn.execute(update(t.audit_head).values(found))


async def last_check(conn: AsyncConnection) -> LastCheck:
    """What it found the last time, and the head of now."""
    row = (await conn.execute(select(t.audit_head))).one_or_none()
    if row is None:
        return LastCheck(Head(), None, Breach.END_GONE, 0)
    return LastCheck(Head(row.place, row.hash), row.checked_at, row.breach, row.broken)


async def forget(conn: AsyncConnection, before: datetime, now: datetime) -> bool:
    """The oldest entries, `AT_ONCE` at most, up to the first that is from `before` or later; an entry says
    through which one. False: there was none."""
    c = t.access_log.c
    # In the order of the chain, not of time: only a beginning can go.
    first = select(c.place, c.at, c.own_hash).order_by(c.place).limit(AT_ONCE)
    last: Head | None = None
    for row in await conn.execute(first):
        if row.at >= before:
            break
        last = Head(row.place, row.own_hash)
    if last is None:
        return False
    await conn.execute(t.access_log.delete().where(c.place <= last.place))
    write(conn, [{"id": new_id(), "at": now, "deed": FORGOTTEN, "detail": words_of(last)}])
    return True


async def empty(conn: AsyncConnection, logins: Sequence[str], now: datetime, done_by: str) -> int:
    """Erase what entries say of these log-ins, and chance with it; another entry says which they were.
    Returns how many."""
    c = t.access_log.c
    theirs = or_(c.login.in_(logins), c.done_by.in_(logins)) & (c.salt != "")
    places = list((await conn.execute(select(c.place).where(theirs))).scalars())
    if places:
        nothing = dict.fromkeys((*TEXTS, "salt"), "")
        await conn.execute(t.access_log.update().where(theirs).values(nothing))
        told = {"done_by": done_by, "detail": places_in_words(places)}
        write(conn, [{"id": new_id(), "at": now, "deed": EMPTIED} | told])
    return len(places)


async def adopt(conn: AsyncConnection, now: datetime) -> int:
    """Entries of before there was a chain become its beginning, in the order of their time; another one
    says up to where. Returns how many they were."""
    head, counted = Head(), 0
    while True:
        some = select(t.access_log).where(t.access_log.c.content_hash == "")
        rows = (await conn.execute(some.order_by(t.access_log.c.place).limit(AT_ONCE))).all()
        if not rows:
            break
        links_ = []
        for row in rows:
            link = linked(head, _new_link(dict(row._mapping)))
            head = Head(link.place, link.own_hash)
            links_.append(link)
        await execute_all(conn, _ADOPTED, (_hashes(one) for one in links_))
        counted += len(rows)
    await _set_head(conn, head)
    if counted:
        await _append(conn, [{"id": new_id(), "at": now, "deed": BEGUN, "detail": str(counted)}])
    return counted


def _hashes(link: LogLink) -> dict[str, Any]:
    """For `_ADOPTED`."""
    row = _row(link)
    return {"this": link.id} | {f"new_{name}": row[name] for name in _GIVEN}


_GIVEN = ("salt", "content_hash", "previous_hash", "own_hash")
_ADOPTED = (
    update(t.access_log)
    .where(t.access_log.c.id == bindparam("this"))
    .values({name: bindparam(f"new_{name}") for name in _GIVEN})
)
