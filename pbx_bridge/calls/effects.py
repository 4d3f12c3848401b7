"""What has to happen in the world because a call moved on; `app.py` binds each to its handler.

Effects say *that* something changed, not how it looks: handlers read the live state from the registry's
views, so that a
late handler shows the newest truth and never an old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules import vocabulary

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
class Arrived:
    """A new call is known (also: adopted from a snapshot, then `adopted`)."""

    call: str
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The PBX rejected a blocked caller: no call of anybody's, so all that is known of it is here.

    `id`: for the database; `caller` is E.164.
    """

    call: str
    id: str
    line: str
    customer_id: str | None
    caller: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """This agent's phone is about to ring: show the pop now."""

    call: str
    interface: str


@dataclass(frozen=True, slots=True)
class OfferGone:
    call: str
    interface: str
    reason: OfferGoneReason


@dataclass(frozen=True, slots=True)
class Answered:
    call: str
    interface: str


@dataclass(frozen=True, slots=True)
class CallChanged:
    """Phase, bridges or put-through of this call moved."""

    call: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    call: str
    reason: EndReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Remembered:
    """The PBX told how an answered call went on unseen; whoever had it has left it, or it is over."""

    call: str


@dataclass(frozen=True, slots=True)
class Forgettable:
    """The PBX still remembers a call that is over and known here."""

    call: str


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """Queue membership, pause or device state of this agent's phone moved."""

    interface: str


@dataclass(frozen=True, slots=True)
class PhoneRefuses:
    """This phone refuses each call at once: pause the agent."""

    interface: str
    how: vocabulary.PhoneTrouble


@dataclass(frozen=True, slots=True)
class WaitingChanged:
    """The waiting list is different; read it whole."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The AMI link went up or down; read `registry.link`."""


@dataclass(frozen=True, slots=True)
class Unexpected:
    """An event that fits no row of the table: counted and logged, never raised."""

    machine: str
    state: str
    event: str
    call: str = ""


Effect = (
    Arrived
    | TurnedAway
    | Offered
    | OfferGone
    | Answered
    | CallChanged
    | CallEnded
    | Remembered
    | Forgettable
    | AgentChanged
    | WaitingChanged
    | LinkChanged
    | Unexpected
)
"""The registry's effects; `calls.refusals` and the put-through (`transfers.messages`) add their own."""
