"""Tells when the whole truth of the PBX has been taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.calls.events import Snapshot
from pbx_bridge.calls.message import Effect, Message


@dataclass(frozen=True, slots=True)
class Resynced(Effect):
    """Effect: a snapshot has just been applied, so what is not live now is over."""


class SnapshotWatch:
    """A reducer without state, after the registry: tells when a snapshot has been taken in."""

    def apply(self, message: Message, now: datetime) -> list[Effect]:
        """`Resynced` for a snapshot."""
        return [Resynced()] if isinstance(message, Snapshot) else []

    def deadline(self) -> None:
        """Nothing is ever due."""

    def tick(self, now: datetime) -> list[Effect]:
        """Nothing is ever due."""
        return []
