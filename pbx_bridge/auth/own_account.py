"""What people change about their own log-in: each time they prove that it is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.auth import throttle
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.second_factor import SecondFactor
from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.errors import Refused
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import (
    access_log,
    account_changes,
    account_names,
    accounts,
    invitations,
    second_factors,
)
from pbx_bridge.storage.access import sessions as rows
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import Database
from rules.access.passwords import opaque, weakness


@dataclass(frozen=True, slots=True)
class AccountOwner:
    """Somebody who is logged in. `where`: from which browser and network."""

    session: Session
    where: rows.Where

    @property
    def account(self) -> Account:
        """Whose log-in it is."""
        return self.session.account


class OwnAccount:
    """Raises StorageUnavailable when nothing can be stored."""

    def __init__(
        self,
        db: Database,
        settings: AuthSettings,
        passwords: Passwords,
        sessions: Sessions,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._settings, self._passwords = db, settings, passwords
        self._sessions, self._clock = sessions, clock
        self.factor = SecondFactor(settings, clock)

    async def proves(self, owner: AccountOwner, password: str) -> Refused | None:
        """Whether it is their password; None if so. Guesses in an open session have to wait as well."""
        keys = throttle.own_keys(owner.session.id, self._settings)
        async with self._db.write() as conn:
            seconds = await throttle.enter(conn, keys, self._settings, self._clock())
        if seconds:
            return Refused("too_many", {"seconds": str(seconds)})
        async with self._db.read() as conn:
            found = await accounts.by_login(conn, owner.account.login)
        verdict = await self._passwords.verify(found[1] if found else None, password)
        async with self._db.write() as conn:
            if verdict.right:
                await throttle.succeed(conn, keys, self._clock())
                return None
            await access_log.write(
                conn, AccessEvent.WRONG_PASSWORD, owner.account, self._clock(), owner.where
            )
        return Refused("wrong_old_password")

    async def change_password(self, owner: AccountOwner, old: str, new: str, again: str) -> Refused | None:
        """From now on it is the new one; all other sessions are over. None if it is done."""
        async with self._db.read() as conn:
            names = await account_names.names_of(conn, owner.account)
        unfit = weakness(new, names, staff=owner.account.is_staff)
        if unfit is None and opaque(new) != opaque(again):
            unfit = Refused("password_differs")
        if unfit is None and opaque(new) == opaque(old):
            unfit = Refused("password_same")
        refused = unfit if unfit is not None else await self.proves(owner, old)
        if refused is not None:
            return refused
        password_hash = await self._passwords.hashed(new)
        account_id = owner.account.id
        async with self._db.write() as conn:
            by = By(self._clock(), where=owner.where)
            await account_changes.set_password(conn, owner.account, password_hash, by)
            await invitations.close(conn, account_id)
            await rows.keep(conn, account_id, owner.session.id)
        await self._sessions.end_all_of(account_id, but=owner.session.id)
        return None

    async def change_email(self, owner: AccountOwner, password: str, email: str) -> Refused | None:
        """Where the link for a forgotten password goes; None if it is done."""
        refused = await self.proves(owner, password)
        if refused is not None:
            return refused
        async with self._db.write() as conn:
            await account_changes.set_email(conn, owner.account, email, By(self._clock(), where=owner.where))
            await invitations.close(conn, owner.account.id)
        return None

    async def proposed_factor(self, owner: AccountOwner) -> bytes:
        """The secret for a new second factor; after `proves`."""
        async with self._db.write() as conn:
            return await self.factor.proposed(conn, owner.account)

    async def confirm_factor(self, owner: AccountOwner, typed: str) -> Sequence[str] | Refused:
        """From now on its codes are asked for; the recovery codes. All other sessions are over."""
        async with self._db.write() as conn:
            codes = await self.factor.confirm(conn, owner.account, typed, owner.where)
        if codes is None:
            return Refused("wrong_code")
        await self._sessions.end_all_of(owner.account.id, but=owner.session.id)
        return codes

    async def renew_codes(self, owner: AccountOwner, password: str) -> Sequence[str] | Refused:
        """New recovery codes instead of those of before."""
        refused = await self.proves(owner, password)
        if refused is not None:
            return refused
        async with self._db.write() as conn:
            known = await second_factors.of_account(conn, owner.account.id)
            if known is None or not known.confirmed:
                return Refused("no_factor")
            return await self.factor.renew(conn, owner.account, owner.where)

    async def remove_factor(self, owner: AccountOwner, password: str) -> Refused | None:
        """The password alone is enough again; None if it is done."""
        if self.factor.requires(owner.account):
            return Refused("factor_required")
        refused = await self.proves(owner, password)
        if refused is not None:
            return refused
        async with self._db.write() as conn:
            await self.factor.remove(conn, owner.account, owner.where)
        await self._sessions.end_all_of(owner.account.id, but=owner.session.id)
        return None

    async def end_session(self, owner: AccountOwner, session_id: str) -> bool:
        """Log out elsewhere; False when it is no session of theirs."""
        async with self._db.write() as conn:
            mine = {one.id for one in await rows.of_account(conn, owner.account.id)}
            if session_id not in mine:
                return False
            await access_log.write(conn, AccessEvent.SESSION_ENDED, owner.account, self._clock(), owner.where)
        await self._sessions.end(session_id)
        return True

    async def end_others(self, owner: AccountOwner) -> None:
        """Log out everywhere but here."""
        async with self._db.write() as conn:
            await access_log.write(
                conn, AccessEvent.SESSIONS_ENDED, owner.account, self._clock(), owner.where
            )
        await self._sessions.end_all_of(owner.account.id, but=owner.session.id)
