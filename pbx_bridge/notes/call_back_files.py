"""What the dial plan leaves of promises to call back: wishes, and the word that somebody picked up. Each is a
file until it has a row."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import structlog

from pbx_bridge.calls.ids import CallNames
from pbx_bridge.notes.any_house import AnyHouse
from pbx_bridge.notes.callers_folder import UntoldFiles, names_in
from pbx_bridge.notes.first_seen import FirstSeen
from pbx_bridge.notes.untold_calls import store_call
from pbx_bridge.storage.calls import call_backs as stored
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.time_slices import gently
from rules.calls.call_backs import met, wishes
from rules.calls.voice_message import Recording
from rules.vocabulary import WishReason

log = structlog.get_logger(__name__)


class OfThisOnly:
    """What is wrong with one promise is of that one only, and said once: others are kept."""

    def __init__(self) -> None:
        self._said = set[str]()

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Raises StorageUnavailable, which is of all of them."""
        try:
            yield
        except StorageUnavailable:
            raise
        except Exception as error:
            if name not in self._said:  # looking again and again
                self._said.add(name)
                errno = error.errno if isinstance(error, OSError) else None
                log.warning("call_back_stuck", error=type(error).__name__, errno=errno)


class CallBackFiles:
    """`names`: of the PBX whose `folder` it is; `why`: its caller was offered to be called back."""

    def __init__(
        self,
        db: Database,
        names: CallNames,
        folder: Path,
        why: Callable[[StoredCall], WishReason],
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._names, self._folder, self._why, self._clock = db, names, folder, why, clock
        self._untold = UntoldFiles()
        self._seen = FirstSeen()
        self._house = AnyHouse(db)
        self._of_this_only = OfThisOnly()

    async def take(self) -> None:
        """Raises StorageUnavailable; what was taken stays so, and no file that cannot be read or deleted, nor
        the whole folder, holds up any other promise."""
        names: list[str] = []
        with self._of_this_only(""):
            if await self._house.is_there():
                names = await names_in(self._folder)
        async for call in gently(met(names)):
            with self._of_this_only(call):
                await self._met(call)
        async for wish in gently(wishes(names)):
            with self._of_this_only(wish.name):
                await self._take(wish)

    async def _met(self, ring_call: str) -> None:
        async with self._db.write() as conn:
            if await stored.reached(conn, self._names.stored(ring_call), self._clock()):
                log.info("call_back_over", how="reached")
        self._file(f"{ring_call}.met").unlink(missing_ok=True)

    async def _take(self, wish: Recording) -> None:
        """One of whose call the PBX does not tell gets a call by itself, as a voice message does."""
        now, file = self._clock(), self._file(f"{wish.name}.wish")
        wish = self._seen.begun(wish, now)
        call = await self._call_of(wish)
        if call is None and self._untold.is_in_vain(wish.name, now):
            await store_call(self._db, self._names, wish, file.read_text("ascii", "replace"))
            call = await self._call_of(wish)
        if call is None:
            return
        async with self._db.write() as conn:
            if await stored.add(conn, self._names.stored(wish.name), call.id, wish.at, self._why(call)):
                log.info("call_back_wished", call=call.id)
        self._untold.forget(wish.name)
        file.unlink(missing_ok=True)
        self._seen.forget(wish.name)

    async def _call_of(self, wish: Recording) -> StoredCall | None:
        async with self._db.read() as conn:
            return await calls.by_pbx_call(conn, self._names.stored(wish.call))

    def _file(self, name: str) -> Path:
        return self._folder / name
