"""Where the sound of a voice message lies: as the PBX left it, or kept by us under its id."""

from __future__ import annotations

from pathlib import Path

from pbx_bridge.storage.notes.voice_messages import VoiceMessage

KEPT = "kept"


class VoiceSounds:
    """`folder`: in which Asterisk writes. What is taken lies in `kept` below it, one file a message."""

    def __init__(self, folder: Path) -> None:
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
