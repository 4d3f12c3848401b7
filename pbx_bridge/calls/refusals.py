"""Phones that refuse at once: do not disturb, or all calls forwarded. The queue would ring them every second.

Pure. A refusal that names its cause counts at once. One that names none (a phone that forwards) looks like a
phone whose caller gave up, or whose colleague was faster: it counts if the caller still waits a moment later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import PhoneRefuses
from pbx_bridge.calls.machine import IN_QUEUE
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.registry import Registry
from rules.vocabulary import PhoneTrouble

AT_ONCE = timedelta(seconds=1)
"""Nobody looks at a telephone and presses a key in less."""
WHY_WITHIN = timedelta(seconds=0.3)
"""By then another phone's answer, or the caller's end, has been told."""
PATIENCE = 2
"""After so many refusals at once the agent pauses."""
REFUSES, FORWARDS = PhoneTrouble.REFUSES, PhoneTrouble.FORWARDS
NAMED: Mapping[int, PhoneTrouble] = MappingProxyType(
    {1: REFUSES, 17: REFUSES, 18: REFUSES, 19: REFUSES, 20: REFUSES, 21: REFUSES, 23: FORWARDS, 34: REFUSES}
)
"""Q.850 causes of a phone that said no by itself (404, 486, 480, 603, 503 …), or 302 before it rang (23)."""
UNNAMED = frozenset({0, 16})


@dataclass(frozen=True, slots=True)
class Rung:
    """A phone that rings, or did."""

    call: str
    interface: str
    at: datetime


class Refusals:
    """A reducer behind the registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._rung: dict[str, Rung] = {}
        self._unsure: dict[str, tuple[Rung, datetime]] = {}  # leg → when it counts
        self._times: dict[str, int] = {}

    def apply(self, message: Message, now: datetime) -> list[Effect]:
        """Counts by phone; whoever answers, rings longer or comes back from a pause begins anew."""
        match message:
            case ev.CallOffered(call=call, interface=interface, leg=leg):
                self._rung[leg] = Rung(call, interface, now)
            case ev.CallAnswered(leg=leg, interface=interface):
                self._rung.pop(leg, None)
                self._times.pop(interface, None)
            case ev.CallPicked(interface=interface, result="OK"):
                self._forget(interface)  # what rings there now is taken away by us
            case ev.HungUp(leg=leg, cause=cause) if leg in self._rung:
                return self._over(leg, cause, now)
            case ev.MemberChanged(interface=interface, paused=True):
                self._times.pop(interface, None)
            case ev.LinkDown():
                self._rung.clear()
                self._unsure.clear()
        return []

    def deadline(self) -> datetime | None:
        """When the oldest one without a cause counts."""
        return min((at for _, at in self._unsure.values()), default=None)

    def tick(self, now: datetime) -> list[Effect]:
        """Those whose caller still waits have been refused."""
        told: list[Effect] = []
        for leg, (rung, at) in list(self._unsure.items()):
            if at <= now:
                del self._unsure[leg]
                call = self._registry.calls.get(rung.call)
                if call and call.phase in IN_QUEUE:
                    told += self._count(rung.interface, FORWARDS)
        return told

    def _forget(self, interface: str) -> None:
        for leg in [leg for leg, rung in self._rung.items() if rung.interface == interface]:
            del self._rung[leg]
        for leg in [leg for leg, (rung, _) in self._unsure.items() if rung.interface == interface]:
            del self._unsure[leg]

    def _over(self, leg: str, cause: int, now: datetime) -> list[Effect]:
        rung = self._rung.pop(leg)
        if now - rung.at > AT_ONCE:
            self._times.pop(rung.interface, None)
            return []
        if cause in NAMED:
            return self._count(rung.interface, NAMED[cause])
        if cause in UNNAMED:
            self._unsure[leg] = rung, now + WHY_WITHIN
        return []

    def _count(self, interface: str, how: PhoneTrouble) -> list[Effect]:
        times = self._times[interface] = self._times.get(interface, 0) + 1
        if times < PATIENCE:
            return []
        del self._times[interface]
        return [PhoneRefuses(interface, how)]
