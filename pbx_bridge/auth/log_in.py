"""From login and password to a session: one answer, and the same work, for everything that is wrong."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.auth import throttle
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.errors import Refused
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage import accounts, devices
from pbx_bridge.storage import sessions as rows
from pbx_bridge.storage.accounts import Account
from pbx_bridge.storage.engine import AsyncConnection, Database
from rules.browser import browser_words


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door. `device`: the token by which this browser is known, if it is; `browser`: what it
    says of itself; `old`: the session it had, which ends."""

    login: str
    password: str
    address: str
    device: str = ""
    browser: str = ""
    old: Session | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Who is in. `token` goes into the session's cookie, `device` into the one by which the browser is
    known."""

    token: str
    session: Session
    device: str


class LogIn:
    """The door. Raises StorageUnavailable when nobody can be let in."""

    def __init__(
        self,
        db: Database,
        settings: AuthSettings,
        passwords: Passwords,
        sessions: Sessions,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._settings, self._clock = db, settings, clock
        self._passwords, self._sessions = passwords, sessions

    async def try_in(self, attempt: Attempt) -> Entered | Refused:
        """In, or Refused: `wrong_login`, or `too_many` with `seconds`."""
        login = attempt.login.strip().lower()[:200]
        keys = await self._keys(login, attempt)
        seconds = await self._enter(keys)
        if seconds:
            return Refused("too_many", {"seconds": str(seconds)})
        async with self._db.read() as conn:
            found = await accounts.by_login(conn, login)
        account, stored = found or (None, None)
        verdict = await self._passwords.verify(stored, attempt.password)
        if account is None or account.disabled or not verdict.right:
            return Refused("wrong_login")
        async with self._db.write() as conn:
            await throttle.succeed(conn, keys, self._clock())
            if verdict.new_hash:
                await rows.rehash(conn, account.id, verdict.new_hash)
            return await self._begin(conn, account, attempt)

    async def _begin(self, conn: AsyncConnection, account: Account, attempt: Attempt) -> Entered:
        """A new session in a browser that is known from now on; no session lives on."""
        if attempt.old:
            await rows.delete(conn, attempt.old.id)
        device = attempt.device or secrets.token_urlsafe(32)
        await devices.remember(conn, _hashed(device), account.id, self._clock())
        where = rows.Where(browser_words(attempt.browser), throttle.network(attempt.address))
        token, session = await self._sessions.begin(conn, account, where)
        return Entered(token, session, device)

    async def _keys(self, login: str, attempt: Attempt) -> Mapping[str, int]:
        device = _hashed(attempt.device) if attempt.device else ""
        if device:
            async with self._db.read() as conn:
                device = device if await devices.knows(conn, device, login, self._clock()) else ""
        return throttle.keys(login, attempt.address, self._settings, device)

    async def _enter(self, keys: Mapping[str, int]) -> int:
        """Seconds to wait. Look first: whoever has to wait must not make those wait who write."""
        async with self._db.read() as conn:
            seconds = await throttle.waiting(conn, keys, self._clock())
        if seconds:
            return seconds
        async with self._db.write() as conn:
            return await throttle.enter(conn, keys, self._settings, self._clock())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
