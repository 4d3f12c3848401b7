"""What is known of a live call, an agent's phone and the link at one moment: frozen values, replaced as a
whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from pbx_bridge.calls.effects import EndReason, Phase
from pbx_bridge.calls.events import MemberStatus
from pbx_bridge.calls.message import Effect, Message
from rules.model import Caller


class Reducer(Protocol):
    """A part of the live state: takes every message in order and is the only one who changes its part."""

    def apply(self, message: Message, now: datetime) -> Sequence[Effect]: ...
    def deadline(self) -> datetime | None: ...
    def tick(self, now: datetime) -> Sequence[Effect]: ...


class EventFilter(Reducer, Protocol):
    """Stands before the reducers: None for a message that is believed, else the effects instead of theirs."""

    def refuses(self, message: Message, now: datetime) -> Sequence[Effect] | None: ...


PHONE = "PJSIP/"
COLLEAGUE, COLLEAGUE_AT = "Local/1", "@sec-colleague"
"""The channel by which the phone PJSIP/<name> of a colleague is rung: Local/1<name>@sec-colleague."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Where a leg talks; `holding`: it hears music or a ring tone there and nobody hears it."""

    id: str
    holding: bool = False


@dataclass(frozen=True, slots=True)
class CallState:
    """One call. `pbx_call` names it in the PBX, `id` in the database; legs are Uniqueids of channels.

    `agent` is the phone of whoever answered last and stays after they left, `agents` all who did, oldest
    first; `agent_leg` is empty when their leg is gone, `conversation` is what it was: it names what this
    agent and the caller said to each other, which wants a note. `employee_leg`: the attempt the caller is, or
    was, put through to. `silent`: phones whose legs are gone, nobody has said yet why.
    """

    id: str
    pbx_call: str
    channel: str
    line: str
    customer_id: str | None
    unassigned_reason: str
    caller: Caller
    phase: Phase
    phase_since: datetime
    arrived_at: datetime
    codec: str = "alaw"
    adopted_at: datetime | None = None  # known only since then; something may have been done about it before
    waiting_since: datetime | None = None
    queue: str = ""  # of the PBX, in which the caller waits, or waited last
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    agent: str | None = None
    agents: tuple[str, ...] = ()
    agent_leg: str = ""
    agent_channel: str = ""
    conversation: str = ""
    employee_leg: str = ""
    picked: str = ""  # the phone of the agent who has picked this caller, until it answers or stops
    offers: Mapping[str, str] = field(default_factory=dict)  # leg → interface
    silent: Mapping[str, str] = field(default_factory=dict)  # leg → interface
    bridges: Mapping[str, Bridge] = field(default_factory=dict)  # leg → where it talks, or talked last
    gone: frozenset[str] = frozenset()  # legs that hung up
    left_by: str = ""  # who ended the agent's talk, in the words of AgentComplete
    queue_gave_up: bool = False
    lost: bool = False
    unseen: bool = False  # its answer is known from the PBX's memory alone
    called_by: str = ""  # what told whose call it is: a `CalledBy`
    forwarded_from: str = ""  # the company's own number that told it

    @property
    def adopted(self) -> bool:
        """Taken up in mid-course."""
        return self.adopted_at is not None

    @property
    def offered(self) -> frozenset[str]:
        """The phones that ring for this call, or did until a moment ago."""
        return frozenset(self.offers.values()) | frozenset(self.silent.values())

    @property
    def live(self) -> bool:
        return self.phase is not Phase.ENDED

    @property
    def waiting(self) -> bool:
        """In the waiting list; whom the queue gave up is somewhere else, if only to leave a voice message."""
        return self.phase in {Phase.WAITING, Phase.OFFERED} and not self.queue_gave_up

    @property
    def busy_agent(self) -> str | None:
        """The phone that this call occupies; None when its agent has left."""
        return self.agent if self.agent_leg and self.agent_leg not in self.gone else None

    @property
    def end_reason(self) -> EndReason | None:
        """Why it ended, told by all that is known and not by what came last; None while it lives."""
        if self.live:
            return None
        if self.lost:
            return EndReason.LOST
        if self.employee_leg:
            return EndReason.JOINED
        if self.answered_at and not self.waiting_since:
            return EndReason.AGENT if self.left_by == "agent" else EndReason.CALLER
        return EndReason.UNANSWERED if self.queue_gave_up else EndReason.ABANDONED

    def together(self, leg: str) -> frozenset[str]:
        """The other legs that came into the same bridge as this one, and into no other since."""
        where = self.bridges.get(leg)
        return frozenset(
            other
            for other, bridge in self.bridges.items()
            if where is not None and bridge == where and other != leg
        )

    def moved(self, phase: Phase, now: datetime) -> CallState:
        """The same call in another phase; `phase_since` tells when it really changed."""
        return self if phase is self.phase else replace(self, phase=phase, phase_since=now)


@dataclass(frozen=True, slots=True)
class AgentState:
    """An agent's phone as the queue knows it. `since`: when what it does, or the pause, began."""

    interface: str
    signed_in: bool
    paused: bool
    pause_reason: str
    status: MemberStatus
    since: datetime
    call: str | None = None  # pbx_call

    def begun(self, before: AgentState | None, now: datetime) -> datetime:
        """Since when this holds: a pause that is asked for in a call makes the call no younger."""
        busy = self.call is not None or self.status in {MemberStatus.IN_USE, MemberStatus.RINGING}
        return before.since if before and busy and before.status is self.status else now


@dataclass(frozen=True, slots=True)
class LinkState:
    """The connection to the PBX; `reason`: code of `LinkDown`, empty while it is up.

    `version`: of Asterisk.
    """

    up: bool
    reason: str
    since: datetime
    version: str = ""


def is_attempt(leg: str, call: str) -> bool:
    """True for the leg that stands for an employee: "<call>-a<n>", not its other half "…b" on the dialling
    side."""
    return _is_numbered(leg, call + "-a")


def is_colleague(leg: str, call: str) -> bool:
    """True for the leg of an agent whom another one asks, or hands the call to: "<call>-c<n>"."""
    return _is_numbered(leg, call + "-c")


def is_rung(leg: str, call: str) -> bool:
    """Either of them: a leg that we have made."""
    return is_attempt(leg, call) or is_colleague(leg, call)


def _is_numbered(leg: str, name: str) -> bool:
    number = leg.removeprefix(name)
    return number != leg and number.isascii() and number.isdecimal()


def attempt_of(leg: str, call: str) -> str:
    """The attempt that this leg, or the dialling side of it, belongs to; empty for any other leg."""
    return next((name for name in (leg, leg.removesuffix("b")) if is_rung(name, call)), "")


def interface_of(channel: str) -> str:
    """ "PJSIP/anna-0000002f" → "PJSIP/anna", and so for the leg of a colleague:
    "Local/1anna@sec-colleague-0000002f;1"."""
    if channel.startswith(COLLEAGUE) and COLLEAGUE_AT in channel:
        return PHONE + channel.removeprefix(COLLEAGUE).rpartition(COLLEAGUE_AT)[0]
    return channel.rpartition("-")[0] or channel


Step = tuple[CallState, list[Effect]]
"""What a transition yields: the new state, and what has to happen because of it."""
