"""Passwords as Argon2id hashes, checked away from the event loop, with the same work for logins that do not
exist."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from pbx_bridge.settings import AuthSettings
from rules.access.passwords import LONGEST, opaque, spellings

AT_ONCE = 4
"""Hashes at the same time: each takes 19 MiB and a core for some 30 ms, so a flood must queue."""
MOST_TYPED = 4 * (LONGEST + 1)
"""Signs that are looked at: up to four of them are one letter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`right`: the password is the one stored; `new_hash`: store this instead, the settings have become
    stricter, or the stored one was made of another spelling."""

    right: bool
    new_hash: str = ""


class Passwords:
    """Hashes with the settings' memory (KiB) and time cost."""

    def __init__(self, settings: AuthSettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory_kib, parallelism=1
        )
        self._free = asyncio.Semaphore(AT_ONCE)

    @cached_property
    def _decoy(self) -> str:
        """Made by the first check, whosever it is, and not on the event loop."""
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The form to store (PHC). Slow on purpose: not on the event loop."""
        return self._hasher.hash(opaque(password))

    async def hashed(self, password: str) -> str:
        """The same beside the loop, when it is its turn."""
        async with self._free:
            return await asyncio.to_thread(self.hash, password)

    async def verify(self, stored: str | None, password: str) -> Verdict:
        """Is it the password? None for `stored` (nobody has this login), and what is no hash, takes as long
        as a wrong password."""
        async with self._free:
            return await asyncio.to_thread(self._verify, stored, password[:MOST_TYPED])

    def _verify(self, stored: str | None, password: str) -> Verdict:
        stored, decoy = stored if stored and _is_hash(stored) else None, self._decoy  # None: only invited yet
        for spelled in spellings(password):
            if not self._fits(stored or decoy, spelled[: LONGEST + 1]):
                continue
            if stored is None:
                return Verdict(right=False)
            outdated = spelled != opaque(password) or self._hasher.check_needs_rehash(stored)
            return Verdict(right=True, new_hash=self.hash(password) if outdated else "")
        return Verdict(right=False)

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerificationError:
            return False


def _is_hash(stored: str) -> bool:
    try:
        extract_parameters(stored)
    except InvalidHashError:
        return False
    return True
