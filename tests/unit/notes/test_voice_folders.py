"""Folders of voice messages are read beside the calls; what lies there after a power cut can be heard."""

from __future__ import annotations

import os
import re
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest

from pbx_bridge.ami.evidence import UNIQUEID
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.notes.composed import ComposedNote, compose
from pbx_bridge.notes.voice_messages import TIDIED_EVERY
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import calls, calls_in_need
from pbx_bridge.storage.calls.calls_in_need import CallNeed, CallSpan
from pbx_bridge.storage.calls.outcome import Outcome
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import voice_messages
from rules.calls.call_backs import wishes
from rules.calls.voice_message import HEAD, recordings
from rules.model import Channel
from tests.rules.test_voice_message import recorded
from tests.sample_company import NOW, SampleCompany, furnish
from tests.unit.notes.test_voice_messages import (
    CALL,
    NAME,
    SOUND,
    Look,
    Postbox,
    called,
    house,
    look,
    of_call,
    sounds,
    speak,
)

__all__ = ["house", "look", "sounds"]

PLAN = Path(__file__).parents[3] / "docker" / "asterisk"


async def test_folders_are_read_beside_the_calls(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter's messages are some ten thousand files."""
    db, sounds = sqlite_db, VoiceSounds(tmp_path)
    look = Look(db, sounds)
    await called(db, await furnish(db))
    async with db.write() as conn:
        await conn.execute(t.customer.update().values(default_email="zentrale@example.org"))
    speak(sounds)
    listdir, read, threads = os.listdir, Path.read_bytes, list[int]()

    def listed(*said: Any) -> list[str]:
        threads.append(get_ident())
        return listdir(*said)

    def read_whole(self: Path) -> bytes:
        threads.append(get_ident())
        return read(self)

    monkeypatch.setattr(os, "listdir", listed)
    monkeypatch.setattr(Path, "read_bytes", read_whole)
    await look()
    look.now += 2 * TIDIED_EVERY
    await look()
    settings = replace(DeliverySettings(), workers=1)
    worker = Worker(db, {Channel.EMAIL: Postbox()}, settings, lambda: NOW, sounds=sounds)
    assert await worker._next(Channel.EMAIL)
    assert len(threads) == 5, "twice what the PBX left, twice what is kept, once the sound"
    assert get_ident() not in threads


async def test_what_was_said_when_asterisk_died_can_be_heard(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    """It says how long a sound is when it closes the file."""
    await called(db, house)
    speak(sounds, "call")
    (sounds.folder / f"{NAME}.wav").write_bytes(recorded(b"")[:HEAD] + SOUND)
    look.now += timedelta(hours=3)
    await look()
    (kept,) = sounds.kept.iterdir()
    with wave.open(str(kept)) as sound:
        assert sound.readframes(sound.getnframes()) == SOUND


async def test_a_date_that_is_to_come_is_a_wrong_clock(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    """Asterisk died, and the clock was set: nobody waits for the day that it had."""
    call_id = await called(db, house)
    speak(sounds, "call", "wav", name=f"{CALL}_493023125100_{int(NOW.timestamp()) + 10**8}")
    await look()
    assert await of_call(db, call_id) == []
    look.now += timedelta(hours=3)
    await look()
    async with db.read() as conn:
        (voice,) = await voice_messages.of_call(conn, call_id)
    assert voice.at == NOW


def test_a_recording_of_a_pbx_with_a_name_is_found_before_it_is_moved(sounds: VoiceSounds) -> None:
    """As its mail may go out before."""
    speak(sounds, "wav")
    message = voice_messages.VoiceMessage("1", CallNames("berlin").stored(NAME), "2", "3", 4, NOW)
    assert sounds.content(message) == bytes(HEAD) + SOUND


async def test_what_is_told_to_nobody_is_seen_in_the_office(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    """The company has no central address: its call was answered by nobody, and has a note all the same."""
    async with db.write() as conn:
        await conn.execute(t.customer.update().values(default_email=""))
    call_id = await called(db, house)
    async with db.write() as conn:
        await calls.ended(conn, call_id, NOW)
        await calls.set_outcome(conn, call_id, Outcome.ABANDONED)
    speak(sounds)
    await look()
    span = CallSpan(NOW - timedelta(days=1), NOW)
    async with db.read() as conn:
        assert (await calls_in_need.sighted(conn, CallNeed.UNTOLD, span)).count == 1
        assert [one.id for one in await calls_in_need.listed(conn, CallNeed.UNTOLD, span)] == [call_id]


async def test_one_that_cannot_be_handled_at_all_holds_up_no_other(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with its company, or with us; and the office sees that one is stuck."""
    call_id = await called(db, house)
    speak(sounds, name=f"{CALL}_493023125100_{int(NOW.timestamp()) - 9}")
    speak(sounds)
    composed = list[ComposedNote]()

    async def fails_first(*said: Any) -> ComposedNote:
        if not composed:
            composed.append(await compose(*said))
            raise ValueError
        return await compose(*said)

    monkeypatch.setattr("pbx_bridge.notes.voice_messages.compose", fails_first)
    assert await look() == "stuck"
    assert len(await of_call(db, call_id)) == 1
    assert await look() == ""
    assert len(await of_call(db, call_id)) == 2


async def test_a_database_that_is_new_takes_and_deletes_nothing(
    db: Database, sounds: VoiceSounds, look: Look
) -> None:
    """The disk with the old one is not there; what callers left is for that one."""
    speak(sounds)
    sounds.kept.mkdir()
    sounds.path("somebody").write_bytes(SOUND)
    await look()
    look.now += timedelta(hours=3)
    await look()
    assert sounds.path("somebody").exists()
    assert len([one for one in sounds.folder.iterdir() if one.is_file()]) == 3
    house = await furnish(db)
    await called(db, house)
    await look()
    assert [one for one in sounds.folder.iterdir() if one.is_file()] == []


@pytest.mark.parametrize("pbx", ["pbx1", "pbx_1", "tk.berlin", "Anlage-2", "x" * 80])
@pytest.mark.parametrize("line", ["493023125100", ""])
def test_whatever_asterisk_calls_itself_its_files_are_known(pbx: str, line: str) -> None:
    """As all else is that it tells; else what was said and promised would lie there for ever."""
    call = f"{pbx}-1795424400.1"
    assert UNIQUEID.match(call)
    for file in ("secretariat_nobody.conf", "secretariat_back.conf"):
        (kept,) = re.findall(r"FILTER\(([^,]+),\$\{SEC_CALL\}\)", (PLAN / file).read_text("utf-8"))
        assert re.sub(f"[^{kept}]", "", call) == call
    name = f"{call}_{line}_{int(NOW.timestamp())}"
    (recording,), (wish,) = recordings([f"{name}.wav"]), wishes([f"{name}.wish"])
    assert (
        (recording.call, recording.line, recording.at) == (wish.call, wish.line, wish.at) == (call, line, NOW)
    )
