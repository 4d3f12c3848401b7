"""What the agent can ask, what the put-through does to the PBX, and what it tells the house: closed sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from pbx_bridge.calls.commands import AgentRequest
from pbx_bridge.calls.message import CallEffect, CallMessage
from pbx_bridge.transfers.states import Result
from rules.calls.transfer import Plan

Mode = Literal["hold", "talk"]


# ---- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(AgentRequest):
    """Base of what the agent of a call asks of its put-through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRing(Ask):
    """Ring the people of `plan` (from `rules.calls.transfer.plan`) one after the other; `employee` is who was
    asked for."""

    plan: Plan
    employee: str
    mode: Mode = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskColleague(Ask):
    """Ring this phone of another agent; `give`: the call is theirs at the answer. `shown`: on its display."""

    colleague: str
    seconds: int
    give: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHold(Ask):
    """Caller hears music, agent nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSwitch(Ask):
    """Mode talk: somebody picked up; caller on hold, agent to the employee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskConnect(Ask):
    """Caller and employee together; the agent is free a second later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBack(Ask):
    """To the caller, whatever goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCancel(Ask):
    """Stop ringing, and try nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHangUp(Ask):
    """The agent ends the call with the caller."""


@dataclass(frozen=True, slots=True)
class ActionRefused(CallMessage):
    """From the executor: the PBX refused an act of this call, or gave no answer. `attempt`: it was the
    Originate of this one,
    and it certainly does not ring."""

    call: str
    attempt: str = ""


@dataclass(frozen=True, slots=True)
class AttemptKnown(CallMessage):
    """Answer to `AttemptAdopted`, from the database: whom this attempt of an earlier run of the service is
    for, an employee or a `number` outside."""

    call: str
    attempt: str
    employee: str
    as_deputy: bool = False
    asked: str = ""
    number: str = ""


# ---- acts on the PBX: effects carried out by the executor; those of one Send go out in one write


@dataclass(frozen=True, slots=True)
class Move:
    """Caller on hold, agent to where the employee comes; `quiet`: nobody is rung, the agent hears nothing."""

    caller_channel: str
    agent_channel: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """`attempt` names the leg and is never used twice. `number`: E.164."""

    attempt: str
    number: str
    seconds: int
    caller_channel: str
    agent_channel: str


@dataclass(frozen=True, slots=True)
class RingColleague(Ring):
    """The same of another agent, at the phone `number`; they may take the call as its agent."""

    give: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Connect:
    """To the caller: an employee for good, a colleague as the agent of the call."""

    attempt: str
    agent_channel: str


@dataclass(frozen=True, slots=True)
class Back:
    agent_channel: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Hang up an employee's leg, ringing or talking."""

    attempt: str


@dataclass(frozen=True, slots=True)
class EndAgentLeg:
    """End a leg of the agent that lives on although its phone has hung up."""

    agent_channel: str


@dataclass(frozen=True, slots=True)
class HangUpAgent:
    agent_channel: str


@dataclass(frozen=True, slots=True)
class Requeue:
    """The caller is on hold and nobody is left who could come back: into the queue, before all others."""

    caller_channel: str


Act = Move | Ring | Connect | Back | Drop | EndAgentLeg | HangUpAgent | Requeue


@dataclass(frozen=True, slots=True)
class Send(CallEffect):
    """Effect: do this on the PBX, now and in this order."""

    lane: ClassVar[str] = "pbx"
    acts: tuple[Act, ...]


# ---- effects for the house: what becomes of an attempt, written down in this order whatever else waits


@dataclass(frozen=True, slots=True)
class AttemptStarted(CallEffect):
    """`asked`: whom the caller wanted. `number`: of somebody outside, who is no employee. `left_out`: of a
    deputy, why whom the caller wanted is not rung; "": they were."""

    lane: ClassVar[str] = "attempts"
    attempt: str
    employee: str
    as_deputy: bool
    at: datetime
    asked: str = ""
    number: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class AttemptAnswered(CallEffect):
    lane: ClassVar[str] = "attempts"
    attempt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptEnded(CallEffect):
    """Once per attempt."""

    lane: ClassVar[str] = "attempts"
    attempt: str
    result: Result
    at: datetime


@dataclass(frozen=True, slots=True)
class ColleagueOver(CallEffect):
    """The colleague whom `agent` rang (both are phones) does not have the call. `talked`: they picked up."""

    agent: str
    colleague: str
    result: Result
    talked: bool = False


@dataclass(frozen=True, slots=True)
class AttemptRemembered(AttemptEnded):
    """The same, told by the PBX afterwards; it waits for nothing else of its call, so that it comes before
    attempts that nobody knows more of are closed."""

    lane: ClassVar[str] = "remembered"


@dataclass(frozen=True, slots=True)
class AttemptAdopted(CallEffect):
    """An attempt of an earlier run of this service still lives; `AttemptKnown` may tell whom it is for.
    `number`: the digits that were dialled; `at`: when, as far as its leg tells."""

    lane: ClassVar[str] = "attempts"
    attempt: str
    number: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)
