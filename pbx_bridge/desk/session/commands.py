"""What an agent may ask for: one table, command → handler; every handler ends in an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType

import structlog

from pbx_bridge.calls.message import Message
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.notes.note_commands import NoteCommands
from pbx_bridge.desk.notes.note_desk import Also
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.desk.session.blocking import Blocking
from pbx_bridge.desk.session.idempotency import DISK_PATIENCE, PATIENCE, AnsweredCommands
from pbx_bridge.desk.session.telephone import BY_TELEPHONE, DialPlan, Telephone
from pbx_bridge.errors import Refused
from pbx_bridge.notes.save_note import Invalid
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.telephony.agent_queue import AgentQueue
from rules.calls.picking import PickRefusal
from rules.model import Agent
from rules.vocabulary import CloseReason

log = structlog.get_logger(__name__)

CommandHandler = Callable[..., Awaitable[Refused | Invalid | None]]
LASTING = frozenset({p.SaveNote, p.CloseCall})
"""Whose answer is stored with what they store: their handlers get what belongs into that transaction."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Whoever sits at a desk socket. `session` names the log-in, so that its end closes the socket."""

    account_id: str
    agent_id: str
    session: str


class Commands:
    """`put` hands a command to the dispatcher, which is the only one to move a call."""

    def __init__(
        self,
        screens: Screens,
        answers: AnsweredCommands,
        queue: AgentQueue,
        notes: NoteCommands,
        corrections: Corrections,
        blocking: Blocking,
        put: Callable[[Message], None],
        dial: DialPlan,
        clock: Callable[[], datetime],
    ) -> None:
        self._screens, self._answers, self._queue = screens, answers, queue
        self._notes, self._corrections, self._blocking = notes, corrections, blocking
        self._telephone = Telephone(screens, put, dial, clock)

    async def execute(self, seat: Seat, command: p.ClientCommand) -> p.Answer:
        """The answer; the same command again gets the same answer. Drafts count their revisions instead, and
        looking at a note does nothing."""
        if isinstance(command, p.CheckNote):
            return self._check(seat, command)
        if isinstance(command, p.Find):
            return await self._find(seat, command)
        if isinstance(command, p.SaveDraft):
            return await self._act(seat, command)
        once, account = self._answers.once, seat.account_id
        if type(command) in LASTING:
            return await once(account, command.id, partial(self._act, seat, command), DISK_PATIENCE)
        return await once(account, command.id, lambda _: self._act(seat, command), PATIENCE)

    async def _act(self, seat: Seat, command: p.ClientCommand, *also: Also) -> p.Answer:
        agent = self._screens.staff.agent(seat.agent_id)
        if agent is None:
            return _answer(command.id, Refused("not_an_agent"))
        refusal: Refused | Invalid | None
        try:
            refusal = await HANDLERS[type(command)](self, agent, command, *also)
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
        if self._screens.is_coming(agent.interface):
            return Refused(PickRefusal.ONE_AT_A_TIME)
        return await self._queue.pause(agent.interface, command.reason)

    async def sign_out(self, agent: Agent, _command: p.SignOut) -> Refused | None:
        """Out of the queue; not in the middle of a call."""
        state = self._screens.registry.agents.get(agent.interface)
        if state is None:
            return None
        if self._screens.is_coming(agent.interface):
            return Refused(PickRefusal.ONE_AT_A_TIME)
        return Refused("busy_call") if state.call else await self._queue.sign_out(agent.interface)

    # ---- the telephone

    async def telephone(self, agent: Agent, command: p.CallCommand) -> Refused | None:
        """Whatever moves a call, or somebody's phone."""
        return await self._telephone.do(agent, command)

    # ---- what is written about it

    async def save_draft(self, agent: Agent, command: p.SaveDraft) -> Refused | None:
        """As typed, to the other tabs at once; acknowledged when it is stored."""
        return await self._notes.save_draft(agent, command)

    async def _find(self, seat: Seat, command: p.Find) -> p.Answer:
        """Whoever has the call on the screen, also while it rings."""
        open_call = self._screens.on_screen(command.call)
        if open_call is None or seat.agent_id not in open_call.viewers:
            return _answer(command.id, Refused("not_yours" if open_call else "unknown_call"))
        return await self._screens.find(open_call, command)

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
        if command.reason is CloseReason.ADVERTISING:
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


HANDLERS: Mapping[type[p.ClientCommand], CommandHandler] = MappingProxyType(
    {
        p.Ready: Commands.ready,
        p.Pause: Commands.pause,
        p.SignOut: Commands.sign_out,
        **dict.fromkeys(BY_TELEPHONE, Commands.telephone),
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
