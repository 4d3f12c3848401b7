"""A put-through at one moment: frozen, and all that the desk may know of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pbx_bridge.transfers.messages import Mode
from pbx_bridge.transfers.states import HAND_ON, Result, TransferStep
from rules.calls.transfer import RingStep as Target

Shown = Literal["held", "ringing", "answered", "consulting", "connecting", "returning"]

SHOWN: dict[TransferStep, Shown] = {
    TransferStep.HOLDING: "held",
    TransferStep.HELD: "held",
    TransferStep.DIALING: "ringing",
    TransferStep.RINGTALK: "ringing",
    TransferStep.ANSWERED: "answered",
    TransferStep.FETCHING: "answered",
    TransferStep.CONSULTING: "consulting",
    TransferStep.JOINING: "connecting",
    TransferStep.RETURNING: "returning",
}
"""The step in the desk's words; what is not here is no put-through to the desk."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One employee rung.

    `employee` is empty for an attempt of an earlier run of this service, until the database told.
    """

    id: str
    employee: str
    as_deputy: bool
    started_at: datetime
    seconds: int = 0
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: Result | None = None
    over: bool = False  # the leg is gone; a result may come earlier
    waved_off: bool = False  # declined by key
    left: bool = False  # … and the agent's leg has said that it has nobody
    asked: str = ""  # whom the caller wanted
    number: str = ""  # of somebody outside, who is no employee; as it was dialled
    colleague: str = ""  # the phone of another agent, who is no employee either, and no part of the note
    given: bool = False  # … and has the call as soon as they pick up


@dataclass(frozen=True, slots=True)
class PutThroughState:
    """`plan`: whom to ring still, in order. `attempts`: all of this call, oldest first; the last may be the
    current one.

    `stopped`: the agent wants nobody else rung. `looking`: a snapshot was asked for and will set the step.
    `retries`: how often `back` was sent again. `deadline`: when silence means that something went wrong.
    `alone`: how many looks in a row have seen the caller on hold without an agent. `left_out`: why `asked` is
    not rung in this plan (a `TransferRefusal`); "": they are. `leaving`: the agent's
    phone has hung up, and the end of its leg must follow.
    """

    call: str
    step: TransferStep
    since: datetime
    caller_channel: str
    agent: str = ""
    agent_channel: str = ""
    mode: Mode = "hold"
    asked: str = ""
    left_out: str = ""
    plan: tuple[Target, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    rung: int = 0
    hold_since: datetime | None = None
    stopped: bool = False
    looking: bool = False
    retries: int = 0
    alone: int = 0
    leaving: bool = False
    deadline: datetime | None = None

    @property
    def current(self) -> Attempt | None:
        """The attempt that rings or talks."""
        last = self.attempts[-1] if self.attempts else None
        return last if last and not last.over else None

    @property
    def asked_colleague(self) -> Attempt | None:
        """The colleague who is rung or talks to the agent."""
        return self.current if self.current and self.current.colleague else None

    @property
    def tried(self) -> tuple[Attempt, ...]:
        """The attempts that came to nothing, and the one that came to something; colleagues are none."""
        return tuple(attempt for attempt in self.attempts if attempt.result and not attempt.colleague)

    @property
    def joined_with(self) -> str | None:
        """The employee who has, or had, the caller."""
        found = (attempt.employee for attempt in self.tried if attempt.result is Result.JOINED)
        return next(found, None)

    @property
    def asked_for(self) -> str | None:
        """Whom the caller wanted, whoever took the call in the end; None: nobody was rung in earnest."""
        meant = (a for a in self.attempts if a.asked and a.result is not Result.CANCELLED)
        return next((attempt.asked for attempt in meant), None)

    @property
    def next(self) -> tuple[str, ...]:
        """Employees who will be tried if the current one cannot be reached."""
        return () if self.stopped else tuple(target.employee_id for target in self.plan)

    @property
    def shown(self) -> Shown | None:
        """The step in the desk's words; None when there is no put-through to show."""
        return SHOWN.get(self.step)

    @property
    def next_due(self) -> bool:
        """Whether a deputy is to be rung now: the last one could not be reached, and the agent still wants
        somebody."""
        if self.stopped or not self.plan or not self.attempts or self.current:
            return False
        last = self.attempts[-1]
        return last.result in HAND_ON and (last.waved_off or last.answered_at is None)

    def attempt(self, attempt: str) -> Attempt | None:
        return next((known for known in self.attempts if known.id == attempt), None)

    def with_attempt(self, changed: Attempt) -> PutThroughState:
        """The same with this attempt replaced."""
        attempts = tuple(changed if known.id == changed.id else known for known in self.attempts)
        return replace(self, attempts=attempts)
