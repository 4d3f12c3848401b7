"""Where the sound of a voice message lies: as the PBX left it, or kept by us under its id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pbx_bridge.storage.notes.voice_messages import VoiceMessage

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

    def find(self, message: VoiceMessage) -> Path | None:
        """None when it is gone."""
        for place in (self.path(message.id), self.folder / f"{message.recording}.wav"):
            if place.is_file():
                return place
        return None

    def content(self, message: VoiceMessage) -> bytes | None:
        """Some million bytes: for a thread. None when it is gone. Raises OSError."""
        found = self.find(message)
        return found.read_bytes() if found else None
