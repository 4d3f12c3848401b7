"""Everybody is busy: the caller speaks after a tone, and the company has it by mail, once; also while we are
dead."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from pbx_bridge.settings import AmiSettings, NobodyFreeSettings, Secret
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import Clock, DeskRoom, opened
from tests.integration.test_pbx_nobody_free import files, spool
from tests.mail_server import MailServer, running_mail_server
from tests.pbx.fixtures import asterisk_tree, room
from tests.pbx.room import Room
from tests.sample_company import SampleCompany
from tests.until import until

__all__ = ["asterisk_tree", "room"]
pytestmark = pytest.mark.asterisk

LINE, CALLER = "493023125100", "491713920042"


@asynccontextmanager
async def life(room: Room, database_url: str, mail: MailServer) -> AsyncIterator[DeskRoom]:
    """Of the service, until the block ends; nobody is signed in. People may set ten seconds at least."""
    config = room.config
    ami = AmiSettings(port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))
    free = replace(NobodyFreeSettings(), after_seconds=1, ending="message", recordings=spool(room))
    settings = {"ami": ami, "nobody_free": free, "mail": mail.settings()}
    async with opened(database_url, Clock(), None, **settings) as desk:
        await until(lambda: desk.rooms.calls.registry.link.up, message="the link")
        yield desk


async def speak(room: Room) -> None:
    """Waits a second in vain, speaks, hangs up."""
    before = len(files(room, "wav"))
    caller = await room.far.call(LINE, CALLER)
    await until(
        lambda: len(files(room, "wav")) > before and files(room, "wav")[-1].stat().st_size > 20_000,
        message="speech",
    )
    await room.far.hang_up(caller)


def sound_of(mail: EmailMessage) -> bytes:
    (sound,) = mail.iter_attachments()
    assert (sound.get_content_type(), sound.get_filename()) == ("audio/wav", "Sprachnachricht.wav")
    content = sound.get_content()
    assert isinstance(content, bytes)
    return content


async def test_it_comes_by_mail_also_what_was_said_while_we_were_dead(
    room: Room, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, tmp_path: Path
) -> None:
    async with sqlite_db.write() as conn:
        await conn.execute(t.customer.update().values(default_email="zentrale@example.org"))
    async with running_mail_server(tmp_path) as mail:
        async with life(room, sqlite_url, mail):
            await until(lambda: _told(room), message="the PBX knows")
            await speak(room)
            await until(lambda: mail.inbox, message="the mail")
        (first,) = mail.inbox
        assert sound_of(first)[:4] == b"RIFF"
        assert len(sound_of(first)) > 20_000

        await speak(room)
        await until(lambda: files(room, "done"), message="recorded without us")
        for _ in range(2):  # delivered once, however often we come back
            async with life(room, sqlite_url, mail):
                await until(lambda: len(mail.inbox) > 1, message="the second mail")
                await until(lambda: not files(room, "wav"), message="taken")
        assert len(mail.inbox) == 2
    second = mail.inbox[1]
    assert second["To"] == "zentrale@example.org"
    assert second["Message-ID"] != first["Message-ID"]
    assert sound_of(second) != sound_of(first)


def _told(room: Room) -> bool:
    """Asterisk writes its database once a second."""
    with closing(sqlite3.connect(room.pbx.run_dir / "lib" / "astdb.sqlite3")) as memory:
        return bool(memory.execute("SELECT 1 FROM astdb WHERE key = '/nobodies/now'").fetchall())
