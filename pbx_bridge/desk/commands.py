"""What an agent may ask for: one table, command → deed; every deed ends in an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import structlog

from pbx_bridge.delivery.save_note import Invalid
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.answers import DISK_PATIENCE, PATIENCE, Answers
from pbx_bridge.desk.case import Case
from pbx_bridge.desk.note_commands import NoteCommands
from pbx_bridge.desk.note_desk import Also, NoteDesk
from pbx_bridge.desk.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.settings import TransferSettings
from pbx_bridge.storage.engine import StorageUnavailable
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.asking import ask
from pbx_bridge.transfers.dial_rules import dial_rules
from pbx_bridge.transfers.queue_control import QueueControl
from rules.dialling import DialRules
from rules.model import Agent
from rules.picking import PickRefusal
from rules.transfer import Plan, TransferRefusal, plan

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 5.0
"""A put-through is accepted or refused in microseconds; longer than this means that nobody is listening."""

Deed = Callable[..., Awaitable[Refused | Invalid | None]]
LASTING = frozenset({p.SaveNote, p.CloseCall})
"""Whose answer is stored with what they store: their deeds get what is to be done in the same transaction."""
ASKS: Mapping[type[p.CallCommand], type[msg.Ask]] = MappingProxyType(
    {
        p.Hold: msg.AskHold,
        p.Switch: msg.AskSwitch,
        p.Connect: msg.AskConnect,
        p.Back: msg.AskBack,
        p.Cancel: msg.AskCancel,
        p.HangUp: msg.AskHangUp,
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Whoever sits at a desk socket. `session` names the log-in, so that its end closes the socket."""

    account_id: str
    agent_id: str
    session: str


@dataclass(frozen=True, slots=True)
class DialPlan:
    """What the rules of a put-through need beside customer and caller.

    `ring_seconds`: for employees without an own time.
    """

    dial_rules: DialRules
    ring_seconds: int
    max_attempts: int

    @classmethod
    def of(cls, settings: TransferSettings) -> DialPlan:
        """As the settings have it."""
        return cls(dial_rules(settings), int(settings.ring_seconds), settings.max_attempts)


class Commands:
    """`put` hands a command to the dispatcher, which is the only one to move a call."""

    def __init__(
        self,
        screens: Screens,
        answers: Answers,
        queue: QueueControl,
        notes: NoteDesk,
        put: Callable[[object], None],
        dial: DialPlan,
        clock: Callable[[], datetime],
    ) -> None:
        self._screens, self._answers, self._queue = screens, answers, queue
        self._notes, self._corrections = NoteCommands(screens, notes, notes.history), notes.corrections
        self._blocking = notes.blocking
        self._put, self._dial, self._clock = put, dial, clock

    async def execute(self, seat: Seat, command: p.ClientCommand) -> p.Answer:
        """The answer; the same command again gets the same answer. Drafts count their revisions instead, and
        looking at a note does nothing."""
        if isinstance(command, p.CheckNote):
            return self._check(seat, command)
        if isinstance(command, p.Find):
            return await self._find(seat, command)
        if isinstance(command, p.SaveDraft):
            return await self._act(seat, command)
        patience = DISK_PATIENCE if type(command) in LASTING else PATIENCE
        return await self._answers.once(
            seat.account_id, command.id, lambda: self._act(seat, command), patience
        )

    async def _act(self, seat: Seat, command: p.ClientCommand) -> p.Answer:
        agent = self._screens.staff.agent(seat.agent_id)
        if agent is None:
            return _answer(command.id, Refused("not_an_agent"))
        refusal: Refused | Invalid | None
        try:
            done = p.Answer(command.id, ok=True)
            lasting = type(command) in LASTING
            also = (self._answers.stored_with(seat.account_id, done),) if lasting else ()
            refusal = await DEEDS[type(command)](self, agent, command, *also)
        except StorageUnavailable as error:
            log.warning("desk_command_not_stored", command=type(command).__name__, reason=error.reason)
            refusal = Refused("storage_down")
        return _answer(command.id, refusal)

    # ---- the agent's place in the queue

    async def ready(self, agent: Agent, _command: p.Ready) -> Refused | None:
        """Into the queue, or the end of a pause or of the wrap-up. In a call: no pause after it."""
        state = self._screens.registry.agents.get(agent.interface)
        if state is not None and state.call is not None and state.paused:
            return await self._queue.wrap_up(agent.interface)
        return await self._queue.ready(agent.interface, agent.name, signed_in=state is not None)

    async def pause(self, agent: Agent, command: p.Pause) -> Refused | None:
        """No offers until `ready`; a call that runs goes on."""
        if agent.interface not in self._screens.registry.agents:
            return Refused("not_now")
        if self._screens.registry.is_coming(agent.interface):
            return Refused(PickRefusal.ONE_AT_A_TIME)
        return await self._queue.pause(agent.interface, command.reason)

    async def sign_out(self, agent: Agent, _command: p.SignOut) -> Refused | None:
        """Out of the queue; not in the middle of a call."""
        state = self._screens.registry.agents.get(agent.interface)
        if state is None:
            return None
        if self._screens.registry.is_coming(agent.interface):
            return Refused(PickRefusal.ONE_AT_A_TIME)
        return Refused("busy_call") if state.call else await self._queue.sign_out(agent.interface)

    async def pick(self, agent: Agent, command: p.Pick) -> Refused | None:
        """Whoever waits there comes next, and to nobody else."""
        call = self._screens.registry.by_id(command.call)
        if call is None:
            return Refused("unknown_call")
        refusal = await self._ask(msg.AskPick(call=call.pbx_call, agent=agent.interface))
        if refusal is None or "agent" not in refusal.params:
            return refusal
        other = self._screens.staff.at(str(refusal.params["agent"]))
        return Refused(refusal.code, {"agent": other.name if other else ""})

    # ---- the running call

    async def call(self, agent: Agent, command: p.CallCommand) -> Refused | None:
        """Hold, switch, connect, back, cancel, hang up."""
        case = self._own(agent, command.call)
        if isinstance(case, Refused):
            return case
        kind = ASKS[type(command)]
        return await self._ask(kind(call=case.call.pbx_call, agent=agent.interface))

    async def ring(self, agent: Agent, command: p.Ring) -> Refused | None:
        """Facts from memory, the plan from the rules, the rest is the put-through's."""
        case = self._own(agent, command.call)
        if isinstance(case, Refused):
            return case
        planned = self._plan(case, command.employee)
        if isinstance(planned, Refused):
            return planned
        interface, employee = agent.interface, command.employee
        wish = msg.AskRing(
            call=case.call.pbx_call, agent=interface, plan=planned, employee=employee, mode=command.mode
        )
        return await self._ask(wish)

    def _plan(self, case: Case, employee_id: str) -> Plan | Refused:
        customer = self._screens.index.customer(case.call.customer_id)
        employee = customer.employee(employee_id) if customer else None
        if customer is None or employee is None:
            return Refused(TransferRefusal.UNKNOWN_EMPLOYEE)
        rules, seconds = self._dial.dial_rules, self._dial.ring_seconds
        planned = plan(customer, employee, case.call.caller, self._clock(), rules, seconds)
        if planned.refusal is not None:
            return planned.refusal
        return Plan(planned.steps[: self._dial.max_attempts], planned.skipped)

    async def _ask(self, wish: msg.Wish) -> Refused | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await ask(self._put, wish)
        except TimeoutError:
            return Refused("no_answer_from_pbx")

    # ---- what is written about it

    async def save_draft(self, agent: Agent, command: p.SaveDraft) -> Refused | None:
        """As typed, to the other tabs at once; acknowledged when it is stored."""
        return await self._notes.save_draft(agent, command)

    async def _find(self, seat: Seat, command: p.Find) -> p.Answer:
        """Whoever has the call on the screen, also while it rings."""
        case = self._screens.case(command.call)
        if case is None or seat.agent_id not in case.viewers:
            return _answer(command.id, Refused("not_yours" if case else "unknown_call"))
        return await self._screens.find(case, command)

    def _check(self, seat: Seat, command: p.CheckNote) -> p.Answer:
        agent = self._screens.staff.agent(seat.agent_id)
        found = self._notes.check(agent, command) if agent else Refused("not_an_agent")
        return _answer(command.id, found) if isinstance(found, Refused) else found

    async def save_note(self, agent: Agent, command: p.SaveNote, also: Also) -> Refused | Invalid | None:
        """The note and its notifications; the call leaves the screen when nothing else holds it there."""
        return await self._notes.save_note(agent, command, also)

    async def close_call(self, agent: Agent, command: p.CloseCall, also: Also) -> Refused | None:
        """No note, and why. Whoever only advertised need not come again."""
        left = await self._notes.close_call(agent, command, also)
        if isinstance(left, Refused):
            return left
        if command.reason == "advertising":
            self._blocking.offer(agent, left.call)
        return None

    async def block_caller(self, agent: Agent, command: p.BlockCaller) -> Refused | None:
        """The PBX turns this caller away from now on."""
        return await self._blocking.block(agent, command.call)

    async def release_caller(self, agent: Agent, command: p.ReleaseCaller) -> Refused | None:
        """After all not."""
        return await self._blocking.release(agent, command.call)

    async def put_off_block(self, agent: Agent, _command: p.PutOffBlock) -> Refused | None:
        """No answer is an answer."""
        self._screens.ask_to_block(agent.id, None)
        return None

    async def correct_note(self, agent: Agent, command: p.CorrectNote) -> Refused | None:
        """The note lies open again, as an ended call of its agent."""
        return await self._corrections.open(agent, command.note)

    async def put_away(self, agent: Agent, command: p.PutAway) -> Refused | None:
        """The correction is not wanted after all."""
        return await self._notes.put_away(agent, command)

    def _own(self, agent: Agent, call_id: str) -> Case | Refused:
        """A call is only its agent's business."""
        case = self._screens.case(call_id)
        if case is None:
            return Refused("unknown_call")
        return case if case.owner == agent.id else Refused("not_yours")


DEEDS: Mapping[type[p.ClientCommand], Deed] = MappingProxyType(
    {
        p.Ready: Commands.ready,
        p.Pause: Commands.pause,
        p.SignOut: Commands.sign_out,
        p.Pick: Commands.pick,
        p.Hold: Commands.call,
        p.Switch: Commands.call,
        p.Connect: Commands.call,
        p.Back: Commands.call,
        p.Cancel: Commands.call,
        p.HangUp: Commands.call,
        p.Ring: Commands.ring,
        p.SaveDraft: Commands.save_draft,
        p.SaveNote: Commands.save_note,
        p.CloseCall: Commands.close_call,
        p.BlockCaller: Commands.block_caller,
        p.ReleaseCaller: Commands.release_caller,
        p.PutOffBlock: Commands.put_off_block,
        p.CorrectNote: Commands.correct_note,
        p.PutAway: Commands.put_away,
    }
)
"""Every command of the protocol but three: `resync` concerns only its socket, `check_note` and `find` only
ask."""


def _answer(command_id: str, refusal: Refused | Invalid | None) -> p.Answer:
    if refusal is None:
        return p.Answer(command_id, ok=True)
    if isinstance(refusal, Invalid):
        return p.Answer(command_id, ok=False, code="invalid", fields=dict(refusal.fields))
    params = {name: str(value) for name, value in refusal.params.items()}
    return p.Answer(command_id, ok=False, code=str(refusal.code), params=params)
