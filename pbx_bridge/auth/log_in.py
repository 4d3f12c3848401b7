"""From login and password to a session: one answer, and the same work, for everything that is wrong."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.auth import throttle
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.second_factor import SecondFactor
from pbx_bridge.auth.sessions import Session, Sessions, Stage
from pbx_bridge.errors import Refused
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import access_log, accounts, devices
from pbx_bridge.storage.access import sessions as rows
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from rules.access.browser import browser_words


@dataclass(frozen=True, slots=True)
class LogInAttempt:
    """Somebody at the door. `device`: the token by which this browser is known, if it is; `browser`: what it
    says of itself; `old`: the session it had, which ends."""

    login: str
    password: str
    address: str
    device: str = ""
    browser: str = ""
    old: Session | None = None

    @property
    def where(self) -> rows.Where:
        """In words, and shortened."""
        return rows.Where(browser_words(self.browser), throttle.network(self.address))


@dataclass(frozen=True, slots=True)
class Entered:
    """Who is in, or half in (`session.stage`). `token` goes into the session's cookie, `device` into the one
    by which the browser is known."""

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
        self._factor = SecondFactor(settings, clock)

    async def try_in(self, attempt: LogInAttempt) -> Entered | Refused:
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
            await self._failed(account, attempt, right=verdict.right)
            return Refused("wrong_login")
        async with self._db.write() as conn:
            await throttle.succeed(conn, keys, self._clock())
            if verdict.new_hash:
                await rows.rehash(conn, account.id, verdict.new_hash)
            stage = await self._factor.stage(conn, account)
            if stage is Stage.IN:
                return await self._begin(conn, account, attempt)
            if attempt.old:
                await rows.delete(conn, attempt.old.id)
            token, half = await self._sessions.begin(conn, account, attempt.where, stage)
            return Entered(token, half, "")

    async def give_code(self, half: Session, typed: str, attempt: LogInAttempt) -> Entered | Refused:
        """In, when this is the code that was missing (`attempt.old`: the half session), or Refused:
        `wrong_code`, or `too_many` with `seconds`."""
        account = half.account
        device = await self._known(account.login, attempt)
        keys = throttle.code_keys(account.id, attempt.address, self._settings, device)
        seconds = await self._enter(keys)
        if seconds:
            return Refused("too_many", {"seconds": str(seconds)})
        async with self._db.write() as conn:
            if await self._factor.takes(conn, account, typed, attempt.where):
                await throttle.succeed(conn, keys, self._clock())
                return await self._begin(conn, account, attempt)
            await access_log.write(conn, AccessEvent.WRONG_CODE, account, self._clock(), attempt.where)
        return Refused("wrong_code")

    async def proposed(self, half: Session) -> bytes:
        """The secret that somebody is to confirm before they are in."""
        async with self._db.write() as conn:
            return await self._factor.proposed(conn, half.account)

    async def set_up(
        self, half: Session, typed: str, attempt: LogInAttempt
    ) -> tuple[Entered, Sequence[str]] | Refused:
        """In, with recovery codes, when the second factor is set up; or Refused: `wrong_code`."""
        async with self._db.write() as conn:
            codes = await self._factor.confirm(conn, half.account, typed, attempt.where)
            if codes is None:
                return Refused("wrong_code")
            return await self._begin(conn, half.account, attempt), codes

    async def _begin(self, conn: AsyncConnection, account: Account, attempt: LogInAttempt) -> Entered:
        """A new session in a browser that is known from now on; no session lives on."""
        if attempt.old:
            await rows.delete(conn, attempt.old.id)
        device = attempt.device or secrets.token_urlsafe(32)
        await devices.remember(conn, devices.hashed(device), account.id, self._clock())
        where = attempt.where
        await access_log.write(conn, AccessEvent.LOG_IN, account, self._clock(), where)
        token, session = await self._sessions.begin(conn, account, where)
        return Entered(token, session, device)

    async def leave(self, session: Session, where: rows.Where) -> None:
        """Log out here."""
        async with self._db.write() as conn:
            await access_log.write(conn, AccessEvent.LOG_OUT, session.account, self._clock(), where)
        await self._sessions.end(session.id)

    async def _failed(self, account: Account | None, attempt: LogInAttempt, *, right: bool) -> None:
        """What was typed for a log-in that nobody has may be a password: it is not kept."""
        event = AccessEvent.LOCKED_OUT if right else AccessEvent.WRONG_PASSWORD
        async with self._db.write() as conn:
            await access_log.write(conn, event, account, self._clock(), attempt.where)

    async def _keys(self, login: str, attempt: LogInAttempt) -> Mapping[str, int]:
        device = await self._known(login, attempt)
        async with self._db.read() as conn:
            at_home = await rows.is_in(conn, login, attempt.where.network, self._clock())
        return throttle.keys(login, attempt.address, self._settings, device, at_home=at_home)

    async def _known(self, login: str, attempt: LogInAttempt) -> str:
        """The browser, if somebody with this login has been in with it."""
        device = devices.hashed(attempt.device) if attempt.device else ""
        if not device:
            return ""
        async with self._db.read() as conn:
            return device if await devices.knows(conn, device, login, self._clock()) else ""

    async def _enter(self, keys: Mapping[str, int]) -> int:
        """Seconds to wait. Look first: whoever has to wait must not make those wait who write."""
        async with self._db.read() as conn:
            seconds = await throttle.waiting(conn, keys, self._settings, self._clock())
        if seconds:
            return seconds
        async with self._db.write() as conn:
            return await throttle.enter(conn, keys, self._settings, self._clock())
