"""What lies in the folder of voice messages becomes a note with a mail, once; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from pbx_bridge.calls import ids
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.notes.callers_folder import LATE
from pbx_bridge.notes.voice_messages import TIDIED_EVERY, VoiceMessages
from pbx_bridge.outbox.transports.mail.mail_bytes import as_bytes, build, letters, with_sound
from pbx_bridge.outbox.transports.transport import Outgoing, Sent
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes, voice_messages
from pbx_bridge.storage.outbox import notifications
from rules.billing.usage import UsageKind
from rules.calls.voice_message import HEAD
from rules.model import Channel
from rules.stepwise import at_once
from tests.sample_company import NOW, SampleCompany, arrive, furnish

CALL = "1795424400.1"
NAME = f"{CALL}_493023125100_{int(NOW.timestamp())}"
SOUND = bytes(range(256)) * 4 * 64


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    made = await furnish(db)
    async with db.write() as conn:
        await conn.execute(t.customer.update().values(default_email="zentrale@example.org"))
    return made


@pytest.fixture
def sounds(tmp_path: Path) -> VoiceSounds:
    (tmp_path / "voice").mkdir()
    return VoiceSounds(tmp_path / "voice")


class Look:
    """One life of the service, which looks when it is told to."""

    def __init__(self, db: Database, sounds: VoiceSounds) -> None:
        self.now, self.woken, self.sounds = NOW, 0, sounds
        ways = {Channel.EMAIL}
        self.messages = VoiceMessages(db, CallNames(), sounds, "example.org", ways, self._wake, self._clock)

    async def __call__(self) -> str:
        await self.messages.look()
        return self.sounds.state.reason

    def _clock(self) -> datetime:
        return self.now

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def look(db: Database, sounds: VoiceSounds) -> Look:
    return Look(db, sounds)


def speak(sounds: VoiceSounds, *kinds: str, sound: bytes = SOUND, name: str = NAME) -> None:
    """As the dial plan leaves it."""
    for kind in kinds or ("call", "wav", "done"):
        content = bytes(HEAD) + sound if kind == "wav" else b"491713920042."
        (sounds.folder / f"{name}.{kind}").write_bytes(content)


def left(sounds: VoiceSounds) -> list[str]:
    return sorted(path.name.removeprefix(NAME) for path in sounds.folder.iterdir() if path.is_file())


async def called(db: Database, house: SampleCompany, **more: str) -> str:
    async with db.write() as conn:
        call_id = await arrive(conn, house, pbx=CALL, **more)
        hans = select(t.vip_caller.c.id).where(t.vip_caller.c.name == "Hans Müller").scalar_subquery()
        await conn.execute(t.call.update().values(vip_id=hans))
    return call_id


async def of_call(db: Database, call_id: str) -> list[notes.StoredNote]:
    async with db.read() as conn:
        return [versions[-1] for versions in await notes.chains(conn, call_id)]


async def test_a_note_a_mail_and_what_it_costs(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    call_id = await called(db, house)
    speak(sounds)

    assert await look() == ""

    (note,) = await of_call(db, call_id)
    assert (note.note.caller_name, note.note.callback_number) == ("Hans Müller", "+491713920042")
    assert note.note.wants_callback
    assert "0:04" in note.note.concern
    assert (note.customer_id, note.agent_id) == (house.customer_id, None)
    async with db.read() as conn:
        (voice,) = await voice_messages.of_call(conn, call_id)
        (mail,) = await notifications.of_note(conn, note.note.id)
        day = timedelta(days=1)
        used = [one async for one in usage.used(conn, house.customer_id, NOW - day, NOW + day)]
    assert (voice.recording, voice.seconds, voice.at) == (NAME, 4, NOW)
    assert mail.address == "zentrale@example.org"
    assert "Anrufbeantworter" in mail.body_text
    assert [one.kind for one in used] == [UsageKind.VOICE_MESSAGE]
    assert left(sounds) == []
    found = sounds.find(voice)
    assert found
    assert found.read_bytes() == bytes(HEAD) + SOUND
    assert look.woken == 1


async def test_it_is_taken_once_whenever_we_died(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    call_id = await called(db, house)
    speak(sounds)
    await look()
    speak(sounds)  # stored, and dead before the file had moved
    await Look(db, sounds)()
    await look()
    assert len(await of_call(db, call_id)) == 1
    assert left(sounds) == []
    assert len(list(sounds.kept.iterdir())) == 1


async def test_whoever_still_speaks_is_not_cut_off(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    call_id = await called(db, house)
    speak(sounds, "call", "wav")
    await look()
    assert await of_call(db, call_id) == []
    look.now += timedelta(hours=3)  # Asterisk died meanwhile: nobody says that it is over
    await look()
    assert len(await of_call(db, call_id)) == 1


@pytest.mark.parametrize("sound", [b"", bytes(7000)])
async def test_whoever_hangs_up_with_the_tone_leaves_nothing(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look, sound: bytes
) -> None:
    call_id = await called(db, house)
    speak(sounds, sound=sound)
    await look()
    assert await of_call(db, call_id) == []
    assert left(sounds) == []


async def test_a_call_that_is_told_later_is_waited_for(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    speak(sounds)
    look.now += LATE * 2
    assert await look() == "no_call"
    call_id = await called(db, house)
    assert await look() == ""
    assert len(await of_call(db, call_id)) == 1


@pytest.mark.parametrize("said", ["491713920042.493023125100", "491713920042."])
async def test_a_message_of_which_the_pbx_tells_no_more_has_a_call_of_its_own(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look, said: str
) -> None:
    look.now += timedelta(hours=30)
    line = "493023125100" if said.endswith(".") else "493023125900"  # a shared one: only who forwarded tells
    name = f"{CALL}_{line}_{int(NOW.timestamp())}"
    speak(sounds, name=name)
    (sounds.folder / f"{name}.call").write_text(f"{said}\n")
    assert await look() == "no_call", "the PBX may tell of it now"
    look.now += LATE
    assert await look() == "no_call"
    look.now += timedelta(seconds=2)
    assert await look() == ""
    async with db.read() as conn:
        call = await calls.by_pbx_call(conn, CALL)
    assert call
    assert (call.id, call.customer_id) == (ids.call_id(CALL), house.customer_id)
    assert (call.line_number, call.caller_number) == (f"+{line}", "+491713920042")
    assert call.arrived_at == call.ended_at == NOW
    (note,) = await of_call(db, call.id)
    assert (note.note.caller_name, note.customer_id) == ("Hans Müller", house.customer_id)
    assert left(sounds) == []


async def test_one_that_cannot_be_moved_holds_up_no_other(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    call = await called(db, house)
    speak(sounds)
    earlier = f"{CALL}_493023125100_{int(NOW.timestamp()) - 9}"
    speak(sounds, "call", "done", name=earlier)
    (sounds.folder / f"{earlier}.wav").mkdir()
    (sounds.folder / f"{earlier}.wav" / "kept").touch()
    assert await look() == "stuck"
    (note,) = await of_call(db, call)
    assert note.note.wants_callback
    assert not list(sounds.folder.glob(f"{NAME}.*"))


async def test_files_of_others_are_left_alone(db: Database, sounds: VoiceSounds, look: Look) -> None:
    for name in ("hold.wav", f"{NAME}.txt", f"x{NAME}.wav.done"):
        (sounds.folder / name).touch()
    await look()
    assert len(left(sounds)) == 3


async def test_without_a_folder_that_is_said(db: Database, tmp_path: Path) -> None:
    assert await Look(db, VoiceSounds(tmp_path / "missing"))() == "no_folder"


async def test_a_disk_that_is_nearly_full_is_said_and_since_when(
    db: Database, sounds: VoiceSounds, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("pbx_bridge.notes.voice_messages.ROOM", 1 << 62)
        assert await look() == "disk_full"
        look.now += TIDIED_EVERY
        await look()
        assert sounds.state.since == NOW
    assert await look() == ""


async def test_the_sound_ends_with_its_note(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    await called(db, house)
    speak(sounds)
    await look()
    look.now += TIDIED_EVERY * 2
    await look()
    assert len(list(sounds.kept.iterdir())) == 1
    async with db.write() as conn:
        await conn.execute(t.call_note.delete())
        assert (await conn.execute(select(t.voice_message))).all() == []
    look.now += TIDIED_EVERY * 2
    await look()
    assert list(sounds.kept.iterdir()) == []


class Postbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Sent:
        self.taken.append(message)
        return Sent()

    async def check(self) -> None:
        """It is there."""


async def test_the_mail_goes_with_the_sound(
    db: Database, house: SampleCompany, sounds: VoiceSounds, look: Look
) -> None:
    await called(db, house)
    speak(sounds)
    await look()
    postbox = Postbox()
    settings = replace(DeliverySettings(), workers=1)
    worker = Worker(db, {Channel.EMAIL: postbox}, settings, lambda: NOW, sounds=sounds)
    assert await worker._next(Channel.EMAIL)
    (sent,) = postbox.taken
    assert sent.sound
    mail = build(sent, ("Sekretariat", "s@example.org"), sent.address, (), NOW)
    sounding = with_sound(as_bytes(mail), at_once(letters(sent.sound)))
    read = message_from_bytes(b"".join(sounding), policy=default)
    (attached,) = read.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("audio/wav", "Sprachnachricht.wav")
    assert attached.get_content() == bytes(HEAD) + SOUND
    body = read.get_body(("plain",))
    assert body
    assert "Anrufbeantworter" in body.get_content()
