"""Sounds of voice messages in an archive that somebody takes along: to be heard without us."""

from __future__ import annotations

import asyncio
import zipfile

import structlog

from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from pbx_bridge.web.kit.sent_file import PIECE

log = structlog.get_logger(__name__)


def name_of(voice: VoiceMessage) -> str:
    """Where it lies in the archive; nothing of it says who spoke. Ids of one minute begin alike and end by
    chance: two of one second have two names."""
    return f"aufnahmen/{voice.at:%Y-%m-%d-%H%M%S}-{voice.id[-8:]}.wav"


async def put_sound(archive: zipfile.ZipFile, sounds: VoiceSounds, voice: VoiceMessage) -> str:
    """Piece by piece; its name, "" if the sound is gone, or cannot be read."""
    name = name_of(voice)
    try:
        found = await asyncio.to_thread(sounds.find, voice)
        if found is None:
            return ""
        with await asyncio.to_thread(found.open, "rb") as sound, archive.open(name, "w") as part:
            while piece := await asyncio.to_thread(sound.read, PIECE):
                part.write(piece)
    except OSError as error:
        log.warning("sound_unreadable", voice=voice.id, error=type(error).__name__)
        return ""
    return name
