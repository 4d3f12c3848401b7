"""Where the sound of a voice message lies: as the PBX left it, or kept by us under its id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from pbx_bridge.private_files import private_folder
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from rules.calls.voice_message import HEAD, mended_head

log = structlog.get_logger(__name__)

KEPT = "kept"


@dataclass(frozen=True, slots=True)
class VoiceFolder:
    """What is wrong with it: `no_folder`, that we may read; `disk_full`: callers can leave nothing;
    `no_call`: messages of which no call is known, that nobody has got; `stuck`: some that we cannot read or
    move; "": nothing. `since`: aware."""

    reason: str = ""
    since: datetime | None = None


class VoiceSounds:
    """`folder`: in which Asterisk writes. What is taken lies in `kept` below it, one file a message. `state`
    is set by who looks there."""

    def __init__(self, folder: Path) -> None:
        self.state = VoiceFolder()
        self.folder, self.kept = folder, folder / KEPT

    def path(self, message_id: str) -> Path:
        """Where it is kept."""
        return self.kept / f"{message_id}.wav"

    def keep(self, sound: Path, message_id: str) -> None:
        """From now on it lies under this id, with a head that tells its length. Raises OSError."""
        try:
            mend_head(sound)
        except OSError as error:  # Asterisk's own, which we may move and not write to: heard by who can
            log.warning("voice_message_head", error=type(error).__name__, errno=error.errno)
        private_folder(self.kept)
        sound.replace(self.path(message_id))

    def find(self, message: VoiceMessage) -> Path | None:
        """None when it is gone."""
        as_left = message.recording.rpartition("/")[2]  # without the name that we gave its PBX
        for place in (self.path(message.id), self.folder / f"{as_left}.wav"):
            if place.is_file():
                return place
        return None

    def content(self, message: VoiceMessage) -> bytes | None:
        """Some million bytes: for a thread. None when it is gone. Raises OSError."""
        found = self.find(message)
        return found.read_bytes() if found else None


def mend_head(sound: Path) -> None:
    """As of a recording in whose midst Asterisk died. Raises OSError."""
    with sound.open("rb") as read:
        right = mended_head(read.read(HEAD), sound.stat().st_size)
    if right is not None:
        with sound.open("r+b") as written:
            written.write(right)
