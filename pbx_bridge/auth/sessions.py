"""Log-ins kept on the server: the browser holds a random token, the database only its hash."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import devices
from pbx_bridge.storage.access import sessions as rows
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable

_log = structlog.get_logger(__name__)
SEEN_EVERY = timedelta(minutes=1)
"""A session in use is written down at most this often."""


HALF = timedelta(minutes=15)
"""Time for the second factor."""


class Stage(StrEnum):
    """What is missing until somebody is in."""

    IN = ""
    CODE = "code"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. `id` is the token's hash and names the session in the house; `csrf` goes
    into forms; `viewed`: the company whose portal an operator has open in it (`auth.customer_view`)."""

    id: str
    csrf: str
    account: Account
    expires_at: datetime
    stage: Stage = Stage.IN
    viewed: str | None = None


class Sessions:
    """All log-ins of this service; `clock` gives aware moments."""

    def __init__(self, db: Database, settings: AuthSettings, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock
        self._longest = timedelta(hours=settings.session_hours)
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._listeners: list[Callable[[str], None]] = []
        self._used: dict[str, datetime] = {}
        """When sessions were last used by their sockets."""
        self._written: dict[str, datetime] = {}

    async def begin(
        self,
        conn: AsyncConnection,
        account: Account,
        where: rows.Where = rows.NOWHERE,
        stage: Stage = Stage.IN,
    ) -> tuple[str, Session]:
        """A new session, in the caller's transaction; returns the token for the cookie, which is kept
        nowhere else."""
        now, token = self._clock(), secrets.token_urlsafe(32)
        until = now + (HALF if stage else self._longest)
        session = Session(_id(token), secrets.token_urlsafe(32), account, until, stage)
        await rows.insert(conn, session.id, session.csrf, account.id, now, until, where, stage.value)
        return token, session

    async def find(self, token: str) -> Session | None:
        """Who has this token; None when it is unknown, too old, too long unused, or the account is locked or
        has become another one."""
        now = self._clock()
        async with self._db.read() as conn:
            found = await rows.find(conn, _id(token), now, self._idle)
        if found is None:
            return None
        if now - found.seen_at > SEEN_EVERY:
            await self._seen(found.token_hash, now)
        told = found.token_hash, found.csrf, found.account, found.expires_at, Stage(found.stage), found.viewed
        return Session(*told)

    async def of_account(self, account_id: str) -> tuple[rows.OwnSession, ...]:
        """Those that are good, the last one used first."""
        async with self._db.read() as conn:
            found = await rows.of_account(conn, account_id)
            good = await rows.alive(conn, [one.id for one in found], self._clock(), self._idle)
        return tuple(one for one in found if one.id in good)

    async def end(self, session_id: str) -> None:
        """Log out."""
        async with self._db.write() as conn:
            await rows.delete(conn, session_id)
        self._tell([session_id])

    async def end_all_of(self, account_id: str, but: str = "") -> None:
        """Log an account out everywhere, `but` in this session."""
        async with self._db.write() as conn:
            ended = await rows.delete_of_account(conn, account_id, but)
        self._tell(ended)

    def used(self, session_id: str) -> None:
        """Somebody works in this session by a socket; `watch` writes it down."""
        self._used[session_id] = self._clock()

    def on_ended(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the id of every session that ends: whoever holds a socket for it closes it."""
        self._listeners.append(listener)

    async def watch(self, held: Callable[[], Iterable[str]], *, seconds: float = 0.5) -> None:
        """Until cancelled: find sessions among `held()` that are over, whoever ended them, and tell."""
        while True:
            await asyncio.sleep(seconds)
            if not (ids := list(held())):
                continue
            for session_id in ids:
                await self._write_use(session_id)
            try:
                async with self._db.read() as conn:
                    alive = await rows.alive(conn, ids, self._clock(), self._idle)
            except StorageUnavailable:
                continue  # nobody is thrown out because the database pauses
            self._tell(one for one in ids if one not in alive)

    async def sweep(self) -> None:
        """Delete what has expired; to be called now and then."""
        now = self._clock()
        async with self._db.write() as conn:
            ended = await rows.delete_expired(conn, now, self._idle)
            await rows.clear_old_throttles(conn, now - timedelta(days=1))
            await devices.forget_old(conn, now)
        self._tell(ended)

    async def _write_use(self, session_id: str) -> None:
        used, written = self._used.get(session_id), self._written.get(session_id)
        if used is not None and (written is None or used - written > SEEN_EVERY):
            self._written[session_id] = used
            await self._seen(session_id, used)

    async def _seen(self, session_id: str, now: datetime) -> None:
        try:
            async with self._db.write() as conn:
                await rows.seen(conn, session_id, now)
        except StorageUnavailable as error:
            _log.warning("session_not_refreshed", reason=error.reason)

    def _tell(self, ended: Iterable[str]) -> None:
        for session_id in ended:
            self._used.pop(session_id, None)
            self._written.pop(session_id, None)
            for listener in self._listeners:
                listener(session_id)


def _id(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
