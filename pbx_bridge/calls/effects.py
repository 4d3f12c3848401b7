"""What has to happen in the world because a call moved on; each room binds those that it handles.

Effects say *that* something changed, not how it looks: handlers read the live state from the registry's
views, so that a
late handler shows the newest truth and never an old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pbx_bridge.calls.message import CallEffect, Effect
from rules import vocabulary
from rules.billing.terms import CallTime

EndReason = vocabulary.EndReason
OfferGoneReason = vocabulary.OfferGoneReason


class Phase(StrEnum):
    """Where a call is, in the words of the desk (German in `desk/locale`).

    The put-through's own steps are `transfers.states.Step`.
    """

    ARRIVED = "arrived"
    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    PUTTING_THROUGH = "putting_through"
    JOINED = "joined"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Arrived(CallEffect):
    """A new call is known (also: adopted from a snapshot, then `adopted`)."""

    adopted: bool = False


@dataclass(frozen=True, slots=True)
class TurnedAway(CallEffect):
    """The PBX rejected a blocked caller: no call of anybody's, so all that is known of it is here.

    `id`: for the database; `caller` is E.164.
    """

    id: str
    line: str
    customer_id: str | None
    caller: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Offered(CallEffect):
    """This agent's phone is about to ring: show the pop now."""

    interface: str


@dataclass(frozen=True, slots=True)
class OfferGone(CallEffect):
    interface: str
    reason: OfferGoneReason


@dataclass(frozen=True, slots=True)
class Answered(CallEffect):
    interface: str


@dataclass(frozen=True, slots=True)
class CallChanged(CallEffect):
    """Phase, bridges or put-through of this call moved."""


@dataclass(frozen=True, slots=True)
class TimeTurned(CallEffect):
    """From `at` on the call's time goes on something else; None: the caller waits for an agent again. That
    agent and caller talk from the first answer on goes without saying."""

    on: CallTime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CallEnded(CallEffect):
    reason: EndReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Remembered(CallEffect):
    """The PBX told how an answered call went on unseen; whoever had it has left it, or it is over."""


@dataclass(frozen=True, slots=True)
class Forgettable(CallEffect):
    """The PBX still remembers a call that is over and known here."""


@dataclass(frozen=True, slots=True)
class AgentChanged(Effect):
    """Queue membership, pause or device state of this agent's phone moved."""

    interface: str


@dataclass(frozen=True, slots=True)
class PhoneRefuses(Effect):
    """This phone refuses each call at once: pause the agent."""

    interface: str
    how: vocabulary.PhoneTrouble


@dataclass(frozen=True, slots=True)
class WaitingChanged(Effect):
    """The waiting list is different; read it whole."""


@dataclass(frozen=True, slots=True)
class LinkChanged(Effect):
    """The AMI link went up or down; read `registry.link`."""


@dataclass(frozen=True, slots=True)
class Unexpected(Effect):
    """An event that fits no row of the table: counted and logged, never raised."""

    machine: str
    state: str
    event: str
    call: str = ""


@dataclass(frozen=True, slots=True)
class Look(CallEffect):
    """Effect: the news does not fit; ask for a snapshot."""

    lane: ClassVar[str] = "pbx"
