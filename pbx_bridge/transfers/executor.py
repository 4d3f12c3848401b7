"""Carries out what the put-through wants of the PBX, and hands back what the PBX refuses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from pbx_bridge.ami.actions import Action, Hangup, Originate, Redirect, Response
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.calls.commands import AgentHangsUp
from pbx_bridge.calls.effects import Look
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.state import COLLEAGUE, COLLEAGUE_AT, PHONE, CallState, is_colleague
from pbx_bridge.transfers import messages as msg
from rules.text.phone_numbers import dial_digits

ONCE_MORE_AFTER = 0.05
"""Seconds. "Channel not up" on a Redirect means that nobody was moved; a moment later it mostly works."""
WRITTEN_WITHIN = 0.2
"""Seconds that an employee's phone waits for its attempt to be on disk; a silent database must not keep a
caller on hold."""
ORIGINATE_MARGIN_MS = 10_000
"""Dial() in the dial plan ends the ringing; the Originate itself must not be faster."""

_log = structlog.get_logger(__name__)


class PutThroughLink(Protocol):
    """What is needed of `pbx_bridge.ami.AmiLink`."""

    async def send_together(self, *actions: Action) -> tuple[Response, ...]: ...
    async def snapshot(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ShownTo:
    """What employees see calling. `number` E.164; empty shows the caller's own."""

    number: str = ""


class Executor:
    """Handlers for `Send` and `Look`.

    `calls`: the registry's view; `put`: the dispatcher's, for `ActionFailed`. `written` returns when what was
    told before is stored: whoever is killed while a phone rings must know afterwards whose it is.
    """

    def __init__(
        self,
        link: PutThroughLink,
        calls: Mapping[str, CallState],
        put: Callable[[Message], None],
        shown: ShownTo = ShownTo(),
        written: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._link, self._calls, self._put, self._shown = link, calls, put, shown
        self._written = written

    async def send(self, effect: msg.Send) -> None:
        """All acts in one write, in order.

        What certainly did not happen is tried once more if that can do no harm.
        """
        if self._written and any(isinstance(act, msg.Ring) for act in effect.acts):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WRITTEN_WITHIN):
                    await self._written()
        ends = any(isinstance(act, msg.HangUpAgent) for act in effect.acts)
        if ends:
            self._put(AgentHangsUp(effect.call))
        try:
            actions = [self._action(effect.call, act) for act in effect.acts]
            answers = await self._link.send_together(*actions)
            for act, action, answer in zip(effect.acts, actions, answers, strict=True):
                if not answer.ok:
                    await self._refused(effect.call, act, action, answer.message)
        except Unsendable:
            _log.exception("put-through action not sendable", call=effect.call)
            self._put(msg.ActionRefused(effect.call, _originated(effect.acts)))
        except (LinkGone, ActionTimeout) as error:
            _log.warning("put-through action without answer", call=effect.call, error=type(error).__name__)
            if ends:
                self._put(AgentHangsUp(effect.call, sure=False))
            self._put(msg.ActionRefused(effect.call))

    async def look(self, _effect: Look) -> None:
        """A lost link brings a snapshot by itself."""
        try:
            await self._link.snapshot()
        except (LinkGone, ActionTimeout, ActionFailed) as error:
            _log.warning("no snapshot", error=type(error).__name__)

    async def _refused(self, call: str, act: msg.Act, action: Action, message: str) -> None:
        if isinstance(action, Redirect):
            await asyncio.sleep(ONCE_MORE_AFTER)
            (answer,) = await self._link.send_together(action)
            if answer.ok:
                return
            message = answer.message
        elif isinstance(action, Hangup):
            return  # gone already; its own event says so
        _log.info("put-through action refused", call=call, action=action.name, answer=message)
        self._put(msg.ActionRefused(call, _originated((act,))))

    def _action(self, call: str, act: msg.Act) -> Action:
        match act:
            case msg.Move():
                where = ("sec-held" if act.quiet else "sec-consult", "s")
                return _redirect_both(act.caller_channel, ("sec-hold", "s"), act.agent_channel, where)
            case msg.Ring():
                return self._originate(call, act)
            case msg.Connect():
                to = ("sec-take", "s") if is_colleague(act.attempt, call) else ("sec-join", "emp")
                return _redirect_both(act.attempt, to, act.agent_channel, ("sec-bye", "s"))
            case msg.Back():
                return Redirect(act.agent_channel, "sec-join", "agent")
            case msg.Drop():
                return Hangup(act.attempt)
            case msg.HangUpAgent() | msg.EndAgentLeg():
                return Hangup(act.agent_channel)
            case msg.Requeue():
                return Redirect(act.caller_channel, "sec-hold", "back")

    def _originate(self, call: str, act: msg.Ring) -> Originate:
        if isinstance(act, msg.RingColleague):
            return self._originate_colleague(call, act)
        state = self._calls.get(call)
        caller = state.caller if state else None
        return Originate(
            attempt=act.attempt,
            channel=f"Local/{dial_digits(act.number)}@sec-target/n",
            context="sec-answered",
            timeout_ms=act.seconds * 1000 + ORIGINATE_MARGIN_MS,
            caller_name=_name(
                caller.vip.name if caller and caller.vip else caller.display_name if caller else ""
            ),
            caller_number=self._shown.number or (caller.number if caller else ""),
            codecs=state.codec if state else "alaw",
            variables=_known_to_the_leg(call, act, state),
        )

    def _originate_colleague(self, call: str, act: msg.RingColleague) -> Originate:
        """The rest is in docker/asterisk/secretariat_colleague.conf."""
        state = self._calls.get(call)
        return Originate(
            attempt=act.attempt,
            channel=f"{COLLEAGUE}{act.number.removeprefix(PHONE)}{COLLEAGUE_AT}/n",
            context="sec-given" if act.give else "sec-asked",
            timeout_ms=act.seconds * 1000 + ORIGINATE_MARGIN_MS,
            caller_name=_name(act.shown),
            caller_number=state.caller.number if state else "",
            codecs=state.codec if state else "alaw",
            variables=(*_known_to_the_leg(call, act, state), ("__SEC_WHO", act.number)),
        )


def _known_to_the_leg(call: str, act: msg.Ring, state: CallState | None) -> tuple[tuple[str, str], ...]:
    """What the dial plan's nets need on both sides of it."""
    return (
        ("__SEC_CALL", call),
        ("__SEC_CHAN", act.caller_channel),
        ("__SEC_AGENT", act.agent_channel),
        ("__SEC_ATT", act.attempt),
        ("__SEC_RING", str(act.seconds)),
        ("__SEC_CODEC", state.codec if state else "alaw"),
    )


def _redirect_both(channel: str, to: tuple[str, str], other: str, other_to: tuple[str, str]) -> Redirect:
    return Redirect(
        channel,
        *to,
        extra_channel=other,
        extra_context=other_to[0],
        extra_exten=other_to[1],
        extra_priority=1,
    )


def _name(name: str) -> str:
    return name[:60]


def _originated(acts: tuple[msg.Act, ...]) -> str:
    return next((act.attempt for act in acts if isinstance(act, msg.Ring)), "")
