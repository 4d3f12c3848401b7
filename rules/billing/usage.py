"""What a company has used: written once, in the transaction of what happened, and never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.billing.terms import CallTime


class UsageKind(StrEnum):
    """`CALL`: one that was answered; `SMS`: one that was sent; `VOICE_MESSAGE`: one that was left."""

    CALL = "call"
    SMS = "sms"
    VOICE_MESSAGE = "voice_message"


@dataclass(frozen=True, slots=True)
class Usage:
    """`at`: aware; a call belongs to the day on which it began. `seconds`: of a call, each kind by itself.
    `parts`: of an SMS, which is paid for by the part."""

    id: str
    at: datetime
    kind: UsageKind
    seconds: Mapping[CallTime, int] = field(default_factory=dict, hash=False)
    parts: int = 1

    def day(self, zone: str) -> date:
        """The day that it belongs to where the company lives. `zone`: IANA name."""
        return self.at.astimezone(ZoneInfo(zone)).date()

    def spent(self, counted: Collection[CallTime]) -> int:
        """Seconds of these kinds."""
        return sum(self.seconds.get(kind, 0) for kind in counted)


def in_steps(seconds: int, step: int) -> int:
    """Rounded up to whole steps: 61 seconds in steps of 60 are 120; nothing stays nothing."""
    return -(-seconds // step) * step
