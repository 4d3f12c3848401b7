"""From login and password to a session: one answer, and the same work, for everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pbx_bridge.auth import throttle
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.errors import Refused
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage import accounts
from pbx_bridge.storage import sessions as rows
from pbx_bridge.storage.engine import Database


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

    async def try_in(
        self, login: str, password: str, address: str, old: Session | None = None
    ) -> tuple[str, Session] | Refused:
        """Token and session, or Refused: `wrong_login`, or `too_many` with `seconds`. `old` ends: no session
        lives on."""
        login = login.strip().lower()[:200]
        keys = throttle.keys(login, address, self._settings)
        seconds = await self._enter(keys)
        if seconds:
            return Refused("too_many", {"seconds": str(seconds)})
        async with self._db.read() as conn:
            found = await accounts.by_login(conn, login)
        account, stored = found or (None, None)
        verdict = await self._passwords.verify(stored, password)
        if account is None or account.disabled or not verdict.right:
            return Refused("wrong_login")
        async with self._db.write() as conn:
            await throttle.succeed(conn, keys, self._clock())
            if verdict.new_hash:
                await accounts.set_password_hash(conn, account.id, verdict.new_hash)
            if old:
                await rows.delete(conn, old.id)
            return await self._sessions.begin(conn, account)

    async def _enter(self, keys: Mapping[str, int]) -> int:
        """Seconds to wait. Look first: whoever has to wait must not make those wait who write."""
        async with self._db.read() as conn:
            seconds = await throttle.waiting(conn, keys, self._clock())
        if seconds:
            return seconds
        async with self._db.write() as conn:
            return await throttle.enter(conn, keys, self._settings, self._clock())
