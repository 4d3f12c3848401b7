"""Takes what callers said after the tone: a note with the sound, once, also of the time without this service.

The folder is looked at again and again; nothing is believed but the files. In one transaction the message has
its row, its note and its mail, and what it costs; then its file moves into `kept`. Whoever dies in between
finds the row at the next look and moves the file only. One of whose call the PBX does not tell gets a call by
itself. A file that is kept and has no row any more (retention took it, or an erasure) is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from pbx_bridge.calls.ids import CallNames
from pbx_bridge.notes.any_house import AnyHouse
from pbx_bridge.notes.callers_folder import LATE, UntoldFiles, look_for_ever, names_in
from pbx_bridge.notes.composed import ComposedNote, NoteBasis, compose, store_composed, store_note
from pbx_bridge.notes.first_seen import FirstSeen
from pbx_bridge.notes.of_nobody import note_of_nobody
from pbx_bridge.notes.untold_calls import store_call
from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.outbox.voice_sounds import VoiceFolder, VoiceSounds
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import voice_messages as stored
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.time_slices import gently
from rules.calls.voice_message import SHORTEST, Recording, length, recordings, seconds_of
from rules.model import Channel, Customer
from rules.vocabulary import FIRST_LANGUAGE

log = structlog.get_logger(__name__)

EVERY_SECONDS = 2.0
TIDIED_EVERY = timedelta(minutes=10)
ROOM = 20_000_000
"""Bytes that should be free: some ten messages."""


class VoiceMessages:
    """`names`: of the PBX whose folder it is; `ways`: the channels that are
    switched on; `wake`: there is something to send."""

    def __init__(
        self,
        db: Database,
        names: CallNames,
        sounds: VoiceSounds,
        sender_domain: str,
        ways: Collection[Channel],
        wake: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._names = db, names
        self._sounds, self._domain, self._ways = sounds, sender_domain, ways
        self._wake, self._clock = wake, clock
        self._tidied: datetime | None = None
        self._told: set[tuple[str, str]] = set()
        self._untold = UntoldFiles()
        self._seen = FirstSeen()
        self._house = AnyHouse(db)

    async def run(self) -> None:
        """Until cancelled."""
        gone = partial(self._say, "no_folder")
        await look_for_ever("voice_messages", EVERY_SECONDS, self.look, gone)

    async def look(self) -> None:
        """Take what is over. Raises StorageUnavailable, OSError; what was taken stays so."""
        if not self._sounds.folder.is_dir():
            self._say("no_folder")
            return
        now, late, stuck = self._clock(), False, False
        names = await names_in(self._sounds.folder)
        async for found in gently(recordings(names) if await self._house.is_there() else ()):
            one = self._seen.begun(found, now)
            try:
                if one.is_over(now) and not await self._take(one, now):
                    late = self._is_late(one, now) or late
            except StorageUnavailable:
                raise
            except Exception as error:  # of this one only, whatever it is: those after it are taken
                stuck = True
                errno = error.errno if isinstance(error, OSError) else None
                self._tell_once("voice_message_stuck", one, error=type(error).__name__, errno=errno)
        wrong = "stuck" if stuck else "no_call" if late else ""
        self._say("disk_full" if self._is_full() else wrong)
        if self._tidied is None or now - self._tidied > TIDIED_EVERY:
            await self._tidy()
            self._tidied = now

    async def _take(self, recording: Recording, now: datetime) -> bool:
        """False: its call is not known yet. Raises StorageUnavailable, OSError."""
        sound = self._file(recording, "wav")
        seconds = seconds_of(sound.stat().st_size) if "wav" in recording.there else 0
        taken, call, customer = await self._known(recording)
        if taken is None and seconds >= SHORTEST:
            if call is None and self._untold.is_in_vain(recording.name, now):
                await store_call(self._db, self._names, recording, self._said(recording))
                taken, call, customer = await self._known(recording)
            if call is None:
                return False
            taken = await self._store(recording, seconds, call, customer)
        if taken is not None and "wav" in recording.there:
            self._sounds.keep(sound, taken.id)
        for kind in recording.there:
            self._file(recording, kind).unlink(missing_ok=True)
        self._untold.forget(recording.name)
        self._seen.forget(recording.name)
        return True

    async def _known(
        self, recording: Recording
    ) -> tuple[VoiceMessage | None, calls.StoredCall | None, Customer | None]:
        """As what it was taken before, whose call it is, and the company of that."""
        async with self._db.read() as conn:
            taken = await stored.of_recording(conn, self._names.stored(recording.name))
            call = await calls.by_pbx_call(conn, self._names.stored(recording.call))
            company = call and call.customer_id
            return taken, call, await customers.load_customer(conn, company) if company else None

    async def _store(
        self, recording: Recording, seconds: int, call: calls.StoredCall, customer: Customer | None
    ) -> VoiceMessage:
        """Row, note, mail and usage."""
        now, words = self._clock(), words_of(FIRST_LANGUAGE)
        concern, taken_by = words("voice.concern", length=length(seconds)), words("voice.taken_by")
        typed, note = note_of_nobody(call, customer, concern, taken_by)
        message = VoiceMessage(
            new_id(), self._names.stored(recording.name), call.id, note.id, seconds, recording.at
        )

        async def composed(basis: NoteBasis) -> ComposedNote:
            return await compose(typed, note, basis, now, self._domain, self._ways)

        async def write(conn: AsyncConnection, ready: ComposedNote) -> VoiceMessage:
            there = await stored.of_recording(conn, self._names.stored(recording.name))
            if there is not None:
                return there
            await store_note(conn, typed, ready, now, "")
            await notifications.insert(conn, ready.outbox)
            await stored.insert(conn, message)
            owner = ready.left.customer
            await usage.voice_message_left(conn, message.id, owner.id if owner else None, call.id, message.at)
            return message

        kept = await store_composed(self._db, typed, note, composed, write)
        log.info("voice_message_taken", call=call.id, seconds=seconds)
        self._wake()
        return kept

    async def _tidy(self) -> None:
        """Delete sounds that nobody is to hear any more."""
        if not await self._house.is_there():
            return
        # All messages of a quarter, perhaps: not while callers wait for the loop.
        names = await names_in(self._sounds.kept)
        ours = {name.removesuffix(".wav") async for name in gently(names) if name.endswith(".wav")}
        async with self._db.read() as conn:
            kept = await stored.kept(conn, ours)
        async for message_id in gently(ours - kept):
            self._sounds.path(message_id).unlink(missing_ok=True)

    def _said(self, recording: Recording) -> str:
        if "call" not in recording.there:
            return ""
        return self._file(recording, "call").read_text("ascii", "replace")

    def _file(self, recording: Recording, kind: str) -> Path:
        return self._sounds.folder / f"{recording.name}.{kind}"

    def _is_full(self) -> bool:
        found = os.statvfs(self._sounds.folder)
        return found.f_bavail * found.f_frsize < ROOM

    def _say(self, reason: str) -> None:
        """For the office; a trouble keeps the moment in which it began."""
        if reason != self._sounds.state.reason:
            self._sounds.state = VoiceFolder(reason, self._clock() if reason else None)

    def _is_late(self, recording: Recording, now: datetime) -> bool:
        late = now - recording.at > LATE
        if late:
            self._tell_once("voice_message_without_call", recording)
        return late

    def _tell_once(self, event: str, recording: Recording, **more: object) -> None:
        """Looking again and again."""
        if (event, recording.name) not in self._told:
            self._told.add((event, recording.name))
            log.warning(event, call=recording.call, **more)


def voice_messages(
    db: Database, outbox: Outbox, names: CallNames, clock: Callable[[], datetime]
) -> VoiceMessages:
    """Those that come into the folder of the outbox's sounds."""
    return VoiceMessages(db, names, outbox.sounds, outbox.sender_domain, outbox.channels, outbox.wake, clock)
