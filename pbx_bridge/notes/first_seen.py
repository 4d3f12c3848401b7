"""Files of the dial plan are dated by its clock, which may be wrong for as long as it takes to be set."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.calls.voice_message import Recording


class FirstSeen:
    """What has a date that is still to come began at the latest when it was seen first: else nobody would
    take it before that day."""

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}

    def begun(self, one: Recording, now: datetime) -> Recording:
        """The same, with a moment that is not to come. `now`: aware."""
        if one.at > now:
            return replace(one, at=self._at.setdefault(one.name, now))
        return replace(one, at=min(one.at, self._at.get(one.name, now)))

    def forget(self, name: str) -> None:
        """It is taken."""
        self._at.pop(name, None)
