"""The second factor: who needs one, what is a right code, and each code once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from pbx_bridge.auth.sessions import Stage
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import access_log, second_factors
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.access.sessions import Where
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.access import one_time

REQUIRED = frozenset({Role.OPERATOR, Role.SUPERVISOR})
"""Roles that reach the data of many, or the work of others."""


class SecondFactor:
    """All of it in the caller's transaction."""

    def __init__(self, settings: AuthSettings, clock: Callable[[], datetime]) -> None:
        self._required, self._clock = settings.second_factor == "required", clock

    def requires(self, account: Account) -> bool:
        """Whether this account may not do without."""
        return self._required and account.role in REQUIRED

    async def stage(self, conn: AsyncConnection, account: Account) -> Stage:
        """What is missing when the password was right."""
        known = await second_factors.of_account(conn, account.id)
        if known is not None and known.confirmed:
            return Stage.CODE
        return Stage.SETUP if self.requires(account) else Stage.IN

    async def takes(self, conn: AsyncConnection, account: Account, typed: str, where: Where) -> bool:
        """Whether it is the code of now, or a recovery code; either is good once."""
        known = await second_factors.of_account(conn, account.id)
        if known is None or not known.confirmed:
            return False
        step = one_time.matching_step(known.secret, typed, self._step, known.last_step)
        if step is not None:
            return await second_factors.use_step(conn, account.id, step)
        if await second_factors.use_code(conn, account.id, one_time.recovery_hash(account.id, typed)):
            await access_log.write(conn, AccessEvent.RECOVERY_USED, account, self._clock(), where)
            return True
        return False

    async def proposed(self, conn: AsyncConnection, account: Account) -> bytes:
        """The secret to be confirmed: the one of before, if there is one, as a phone may hold it already."""
        known = await second_factors.of_account(conn, account.id)
        if known is not None and not known.confirmed:
            return known.secret
        secret = secrets.token_bytes(one_time.SECRET_BYTES)
        await second_factors.propose(conn, account.id, secret, self._clock())
        return secret

    async def confirm(
        self, conn: AsyncConnection, account: Account, typed: str, where: Where
    ) -> Sequence[str] | None:
        """From now on a code is asked for; the recovery codes, to be shown once. None: not the right code."""
        known = await second_factors.of_account(conn, account.id)
        if known is None or known.confirmed:
            return None
        step = one_time.matching_step(known.secret, typed, self._step, 0)
        if step is None or not await second_factors.confirm(conn, account.id, step):
            return None
        await access_log.write(conn, AccessEvent.FACTOR_SET_UP, account, self._clock(), where)
        return await self._codes(conn, account)

    async def renew(self, conn: AsyncConnection, account: Account, where: Where) -> Sequence[str]:
        """New recovery codes, to be shown once; those of before are good no more."""
        await access_log.write(conn, AccessEvent.RECOVERY_RENEWED, account, self._clock(), where)
        return await self._codes(conn, account)

    async def remove(self, conn: AsyncConnection, account: Account, where: Where, done_by: str = "") -> bool:
        """The password alone is enough again, or a new one is to be set up; False when there was none."""
        if not await second_factors.remove(conn, account.id):
            return False
        await access_log.write(conn, AccessEvent.FACTOR_REMOVED, account, self._clock(), where, done_by)
        return True

    async def _codes(self, conn: AsyncConnection, account: Account) -> Sequence[str]:
        made = [secrets.token_bytes(one_time.RECOVERY_BYTES) for _ in range(one_time.RECOVERY_CODES)]
        words = [one_time.recovery_words(one) for one in made]
        hashes = [one_time.recovery_hash(account.id, one) for one in words]
        await second_factors.set_codes(conn, account.id, hashes)
        return words

    @property
    def _step(self) -> int:
        return one_time.step_of(self._clock().timestamp())
