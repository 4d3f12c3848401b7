"""The PBX played, by feeding the events that a real one would tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pbx_bridge.ami.actions import (
    Action,
    DBGet,
    Getvar,
    Originate,
    QueueAdd,
    QueuePause,
    QueueRemove,
    Response,
)
from pbx_bridge.ami.errors import ActionFailed, LinkGone
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.remembered_call import CallSeen
from tests.fake_astdb import FakeAstdb

LINE = "493023125100"
ANNA, BEN = "PJSIP/anna", "PJSIP/ben"
CALLER = "491713920042"


@dataclass
class PlayedPbx:
    """Stands where `AmiLink` stands: takes actions, and tells what a PBX would tell."""

    sink: Callable[[ev.PbxEvent], None]
    agents: tuple[str, ...] = (ANNA, BEN)
    sent: list[Action] = field(default_factory=list)
    connected: bool = True
    walls: FakeAstdb = field(default_factory=FakeAstdb)
    remembers: tuple[CallSeen, ...] = ()
    members: dict[str, ev.MemberChanged] = field(default_factory=dict)
    calls: set[str] = field(default_factory=set)

    async def run(self) -> None:
        self.members = {name: member(name) for name in self.agents}
        self.tell(ev.LinkUp("22.10.1"), *self.remembers)
        self.sink(ev.Snapshot(members=tuple(self.members.values())))
        await asyncio.Event().wait()

    async def send(self, action: Action) -> Response:
        (answer,) = await self.send_together(action)
        if not answer.ok:
            raise ActionFailed(action.name, answer.message)
        return answer

    async def send_together(self, *actions: Action) -> tuple[Response, ...]:
        if not self.connected:
            raise LinkGone("down")
        return tuple(self._answer(action) for action in actions)

    def _answer(self, action: Action) -> Response:
        self.sent.append(action)
        self.walls.take(action)
        self._confirm(action)
        match action:
            case DBGet():
                return self.walls.read(action)
            case Getvar(channel=""):
                return self.walls.value(action)
        return Response(ok=True, message="")

    async def snapshot(self) -> None:
        """Legs are not played, so nothing is told while a call lives: it would be taken for lost."""
        if not self.calls:
            self.sink(ev.Snapshot(members=tuple(self.members.values())))

    def named(self, name: str) -> list[Action]:
        """The actions of this name that were sent."""
        return [action for action in self.sent if action.name == name]

    def rung(self) -> list[str]:
        """The channels of the employees who were rung."""
        return [a.channel for a in self.sent if isinstance(a, Originate) and "@sec-target" in a.channel]

    def last_attempt(self) -> str:
        """The employee's leg that was rung last."""
        return next(a.attempt for a in reversed(self.sent) if isinstance(a, Originate) and a.attempt)

    def _confirm(self, action: Action) -> None:
        match action:
            case QueuePause(interface=interface, paused=paused, reason=reason):
                self.tell(member(interface, paused=paused, reason=reason))
            case QueueAdd(interface=interface):
                self.tell(member(interface))
            case QueueRemove(interface=interface):
                self.tell(ev.MemberRemoved(interface, "sec"))

    # ---- what happens to calls

    def tell(self, *events: ev.PbxEvent) -> None:
        for event in events:
            self._remember(event)
            self.sink(event)

    def _remember(self, event: ev.PbxEvent) -> None:
        match event:
            case ev.MemberChanged(interface=interface):
                self.members[interface] = event
            case ev.MemberRemoved(interface=interface):
                self.members.pop(interface, None)
            case ev.CallArrived(call=call):
                self.calls.add(call)
            case ev.HungUp(call=call, leg=gone) if call == gone:
                self.calls.discard(call)

    def arrive(self, call: str, caller: str = CALLER, dialled: str = LINE) -> None:
        withheld = not caller
        self.tell(
            ev.CallArrived(call, f"PJSIP/trunk-{call}", dialled, caller, withheld=withheld),
            ev.QueueJoined(call, "sec"),
        )

    def turn_away(self, call: str, caller: str = CALLER, dialled: str = LINE) -> None:
        channel = f"PJSIP/trunk-{call}"
        self.tell(
            ev.CallBlocked(ev.CallArrived(call, channel, dialled, caller)), ev.HungUp(call, call, channel)
        )

    def offer(self, call: str, interface: str = ANNA) -> None:
        self.tell(ev.CallOffered(call, interface, leg(call, interface), f"{interface}-{call}"))

    def answer(self, call: str, interface: str = ANNA) -> None:
        name = leg(call, interface)
        self.tell(
            ev.CallAnswered(call, interface, name, f"{interface}-{call}"),
            ev.Bridged(call, name, f"{interface}-{call}", "talk"),
            ev.Bridged(call, call, f"PJSIP/trunk-{call}", "talk"),
        )

    def hang_up(self, call: str, interface: str = ANNA) -> None:
        self.tell(
            ev.HungUp(call, leg(call, interface), f"{interface}-{call}"),
            ev.HungUp(call, call, f"PJSIP/trunk-{call}"),
        )

    def falls_silent(self, call: str, interface: str = ANNA) -> None:
        """This phone rings no more, and nobody says why."""
        self.tell(ev.HungUp(call, leg(call, interface), f"{interface}-{call}"))

    def gives_up(self, call: str) -> None:
        """The caller hangs up while waiting."""
        self.tell(ev.QueueAbandoned(call, "sec"), ev.HungUp(call, call, f"PJSIP/trunk-{call}"))

    def ring_and_answer(self, call: str, interface: str = ANNA, **arrival: str) -> None:
        self.arrive(call, **arrival)
        self.offer(call, interface)
        self.answer(call, interface)


def member(interface: str, *, paused: bool = False, reason: str = "") -> ev.MemberChanged:
    return ev.MemberChanged(interface, "sec", paused, reason, ev.MemberStatus.FREE)


def leg(call: str, interface: str) -> str:
    return f"{call}.{interface[-1]}"
