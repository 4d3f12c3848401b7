"""What the telephone system remembers of calls that this service may have missed; part of `calls.events`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pbx_bridge.calls.message import CallMessage, Message

if TYPE_CHECKING:
    from pbx_bridge.calls.events import CallArrived, TargetEnded


@dataclass(frozen=True, slots=True)
class Taken:
    """A remembered answer: which phone, when, and the leg on which they talked."""

    phone: str
    at: datetime
    leg: str


@dataclass(frozen=True, slots=True)
class CallSeen(CallMessage):
    """What the PBX remembers of a call (UserEvent SecSeen), told after each connect, before the snapshot.
    `answers`: who took it, oldest first. `waits_since`: in the queue once more.
    `ended_at` None: it lives, or went down with the PBX. `joined`: the attempt that the caller ended with.
    """

    arrival: CallArrived
    arrived_at: datetime
    blocked: bool = False
    answers: tuple[Taken, ...] = ()
    waits_since: datetime | None = None
    ended_at: datetime | None = None
    joined: str = ""
    targets: tuple[TargetEnded, ...] = ()

    @property
    def call(self) -> str:
        return self.arrival.call


@dataclass(frozen=True, slots=True)
class SeenAll(Message):
    """All that was remembered has been told, to whoever asked so."""

    asked: str
