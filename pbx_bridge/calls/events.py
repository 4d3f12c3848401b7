"""What the telephone system tells us: one closed set of frozen values, the only language of the core.

`pbx_bridge.ami.decode` makes them from AMI messages. A **call** is named by the Uniqueid of the caller's
channel (SEC_CALL), a **leg** by the Uniqueid of its own channel, an **attempt** to reach an employee by
`<call>-a<n>`, its leg's Uniqueid. An **interface** is the agent's phone as the queue knows it ("PJSIP/anna").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pbx_bridge.calls.message import CallMessage, Message
from pbx_bridge.calls.remembered_call import CallSeen, SeenAll


@dataclass(frozen=True, slots=True)
class CallArrived(CallMessage):
    """A call reached one of our lines (SecCall). `caller`: raw; empty or "anonymous" when withheld.

    Values of SIP headers, several lines with commas between: `diversion`, `history_info`, `sender` (From),
    `asserted` (P-Asserted-Identity), `remote_party` (Remote-Party-ID), `privacy`.
    """

    call: str
    channel: str
    dialled: str
    caller: str
    caller_name: str = ""
    withheld: bool = False
    diversion: str = ""
    diversion_reason: str = ""
    history_info: str = ""
    codec: str = "alaw"
    sender: str = ""
    asserted: str = ""
    remote_party: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class CallBlocked(Message):
    """The PBX turned a blocked caller away (UserEvent SecBlocked); nothing follows but the hang-up."""

    arrival: CallArrived


@dataclass(frozen=True, slots=True)
class QueueJoined(CallMessage):
    """The caller waits in the queue (also again, with priority, after SecHoldEnd)."""

    call: str
    queue: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class QueueLeft(CallMessage):
    """The caller left the queue: answered, abandoned or timed out; other events say which."""

    call: str
    queue: str


@dataclass(frozen=True, slots=True)
class QueueAbandoned(CallMessage):
    """The queue let go of a caller whom nobody answered: hung up, led out by a pick, or its time was over."""

    call: str
    queue: str


@dataclass(frozen=True, slots=True)
class QueueEnded(CallMessage):
    """The queue gave up (UserEvent SecQueueEnd); the call ends unanswered."""

    call: str
    status: str


@dataclass(frozen=True, slots=True)
class CallOffered(CallMessage):
    """The queue is about to ring this agent's phone (AgentCalled). `leg`, `channel`: the agent's leg."""

    call: str
    interface: str
    leg: str
    channel: str


@dataclass(frozen=True, slots=True)
class CallPicked(CallMessage):
    """An agent has picked this caller out of the queue (UserEvent SecPick), or could not. `result`: OK; GONE,
    TAKEN (by somebody who picked up or picked first), BUSY (the agent has got another call), MEMBER."""

    call: str
    interface: str
    result: str


@dataclass(frozen=True, slots=True)
class PickOver(CallMessage):
    """The phone of who picked this caller was not answered (UserEvent SecPickOver); the caller goes to the
    front of the queue. `status`: Dial's word."""

    call: str
    interface: str
    status: str


@dataclass(frozen=True, slots=True)
class OfferEnded(CallMessage):
    """The agent's phone stopped ringing without an answer (AgentRingNoAnswer, or a leg that never talked)."""

    call: str
    interface: str
    leg: str


@dataclass(frozen=True, slots=True)
class CallAnswered(CallMessage):
    """The agent picked up (AgentConnect). `hold_seconds`: time in queue."""

    call: str
    interface: str
    leg: str
    channel: str
    hold_seconds: int = 0


@dataclass(frozen=True, slots=True)
class AgentCompleted(CallMessage):
    """The agent's leg left the call (AgentComplete): by caller, agent or transfer."""

    call: str
    interface: str
    reason: str


class MemberStatus(StrEnum):
    """Asterisk's device state of a queue member, reduced to what the desk shows."""

    FREE = "free"
    IN_USE = "in_use"
    RINGING = "ringing"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MemberChanged(Message):
    """A queue member as it is now (QueueMemberAdded, …Pause, …Status)."""

    interface: str
    queue: str
    paused: bool
    reason: str
    status: MemberStatus


@dataclass(frozen=True, slots=True)
class MemberRemoved(Message):
    interface: str
    queue: str


@dataclass(frozen=True, slots=True)
class Bridged(CallMessage):
    """A leg entered a bridge. `call` is empty for foreign channels. `holding`: one that plays music or ring
    tone to whoever waits there (BridgeTechnology holding_bridge)."""

    call: str
    leg: str
    channel: str
    bridge: str
    holding: bool = False


@dataclass(frozen=True, slots=True)
class Unbridged(CallMessage):
    call: str
    leg: str
    channel: str
    bridge: str


@dataclass(frozen=True, slots=True)
class HungUp(CallMessage):
    """A leg is gone. The caller's own leg has `leg == call`."""

    call: str
    leg: str
    channel: str
    cause: int = 0


@dataclass(frozen=True, slots=True)
class TargetAnswered(CallMessage):
    """An employee (or a deputy) picked up (UserEvent SecAnswer)."""

    call: str
    attempt: str


@dataclass(frozen=True, slots=True)
class TargetEnded(CallMessage):
    """The employee's leg is over (UserEvent SecTarget), once per attempt. `result` e.g. BUSY, NOANSWER,
    ANSWER, CHANUNAVAIL, CONGESTION, CANCEL, FORBIDDEN, NOCALL, TWICE; `cause` is the Q.850 cause."""

    call: str
    attempt: str
    result: str
    cause: int = 0


@dataclass(frozen=True, slots=True)
class AgentAlone(CallMessage):
    """The agent's leg has nobody to talk to and waits SEC_GRACE s for a command (UserEvent SecOver)."""

    call: str


@dataclass(frozen=True, slots=True)
class HoldEnded(CallMessage):
    """The caller left hold without us: back into the queue with priority (UserEvent SecHoldEnd)."""

    call: str


@dataclass(frozen=True, slots=True)
class TargetReleased(CallMessage):
    """An employee answered, but nobody fetched them in time (UserEvent SecRelease)."""

    call: str
    attempt: str


@dataclass(frozen=True, slots=True)
class TargetAccepted(CallMessage):
    """The employee pressed 1 (accept) or 2 (decline) without speaking to the agent (UserEvent SecKey)."""

    call: str
    attempt: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class LinkUp(Message):
    """The AMI link is logged in; a `Snapshot` follows before any newer event."""

    version: str = ""


@dataclass(frozen=True, slots=True)
class LinkDown(Message):
    """The AMI link is gone. `reason`: a stable code, such as lost, silent, refused, overflow, shutdown."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """A channel in a snapshot. `call`: SEC_CALL, empty if foreign. `where`: "context,exten,priority"."""

    call: str
    leg: str
    channel: str
    bridge: str = ""
    where: str = ""
    application: str = ""
    caller: str = ""
    caller_name: str = ""
    dialled: str = ""
    seconds: int = 0
    up: bool = True
    diversion: str = ""
    codec: str = "alaw"


@dataclass(frozen=True, slots=True)
class Snapshot(Message):
    """The whole truth at one moment: every live leg, queue member and waiting caller."""

    legs: tuple[LiveLeg, ...] = ()
    members: tuple[MemberChanged, ...] = ()
    waiting: tuple[QueueJoined, ...] = ()


PbxEvent = (
    CallArrived | CallBlocked | CallSeen | SeenAll | QueueJoined | QueueLeft | QueueAbandoned | QueueEnded
    | CallOffered | CallPicked | PickOver | OfferEnded | CallAnswered | AgentCompleted | MemberChanged
    | MemberRemoved | Bridged
    | Unbridged | HungUp | TargetAnswered | TargetEnded | AgentAlone | HoldEnded | TargetReleased
    | TargetAccepted | LinkUp | LinkDown | Snapshot
)  # fmt: skip

Sink = Callable[[PbxEvent], None]
"""Where the link puts events, in wire order; must not block."""
