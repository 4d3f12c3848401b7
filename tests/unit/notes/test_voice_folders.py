"""Folders full of voice messages are read beside the calls."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest

from pbx_bridge.notes.voice_messages import TIDIED_EVERY
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from rules.model import Channel
from tests.sample_company import NOW, furnish
from tests.unit.notes.test_voice_messages import Look, Postbox, called, speak


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
