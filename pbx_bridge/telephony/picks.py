"""Agents who take a caller out of the waiting list: one pick a call, one pick an agent; a third reducer.

Every promise to the caller is kept by the dial plan (docker/asterisk/secretariat_pick.conf). Here is only who
has asked, so that the second one is refused in words, and the first one told when nothing came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import Look
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.state import CallState
from pbx_bridge.telephony.agent_queue import NO_WISH
from pbx_bridge.telephony.pick_messages import AskPick, PickFailed, PickUnsent, SendPick
from rules.calls.picking import Picker, Waits, pick
from rules.decision import Refused

WORD_WITHIN = timedelta(seconds=3)
"""The PBX takes or refuses a pick in milliseconds."""


class PickStage(StrEnum):
    """How far a pick has come."""

    ASKED = "asked"
    COMING = "coming"  # the caller is out of the queue, the agent's phone is next
    OVER = "over"


class PickNews(StrEnum):
    """What can become of it."""

    TAKEN = "the PBX has taken the caller out of the queue"
    REFUSED = "the PBX says no"
    MINE = "the agent picks up"
    OTHERS = "another agent picks up"
    UNANSWERED = "the agent's phone is not answered"
    CALLER_GONE = "the caller hangs up"
    SILENCE = "no word in time"


TELLS, QUIET = True, False
ROWS: Mapping[tuple[PickStage, PickNews], tuple[PickStage, bool]] = MappingProxyType(
    {
        # at                     this happens       goes to        and the agent is told
        (PickStage.ASKED,  PickNews.TAKEN):       (PickStage.COMING, QUIET),
        (PickStage.ASKED,  PickNews.REFUSED):     (PickStage.OVER,   TELLS),
        (PickStage.ASKED,  PickNews.MINE):        (PickStage.OVER,   QUIET),
        (PickStage.ASKED,  PickNews.OTHERS):      (PickStage.OVER,   TELLS),
        (PickStage.ASKED,  PickNews.UNANSWERED):  (PickStage.OVER,   TELLS),
        (PickStage.ASKED,  PickNews.CALLER_GONE): (PickStage.OVER,   TELLS),
        (PickStage.ASKED,  PickNews.SILENCE):     (PickStage.OVER,   TELLS),
        (PickStage.COMING, PickNews.MINE):        (PickStage.OVER,   QUIET),
        (PickStage.COMING, PickNews.UNANSWERED):  (PickStage.OVER,   TELLS),
        (PickStage.COMING, PickNews.CALLER_GONE): (PickStage.OVER,   TELLS),
    }
)  # fmt: skip
"""What has no row changes nothing."""

REFUSED: Mapping[str, str] = MappingProxyType(
    {"GONE": "pick_gone", "TAKEN": "pick_taken", "BUSY": "pick_busy", "MEMBER": "pick_signed_out"}
)
UNANSWERED: Mapping[str, str] = MappingProxyType({"NOANSWER": "pick_not_answered", "BUSY": "pick_refused"})


@dataclass(frozen=True, slots=True)
class Pick:
    """`agent`: the interface of who picked. `until`: when silence is suspicious."""

    agent: str
    stage: PickStage
    until: datetime | None


class Picks:
    """`Refused` or the order to the PBX; and what came of it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._engaged: Callable[[], frozenset[str]] = frozenset
        self._picks: dict[str, Pick] = {}  # pbx_call → who has asked for it

    def not_for(self, engaged: Callable[[], frozenset[str]]) -> None:
        """From now on nobody picks at whose phone somebody else is about to be; `engaged` tells which."""
        self._engaged = engaged

    def apply(self, message: Message, now: datetime) -> list[Effect]:
        """What `message` changes; other messages are ignored."""
        match message:
            case AskPick():
                return self._ask(message, now)
            case ev.LinkDown():
                self._picks.clear()  # the next snapshot knows who is on the way to whom
                return []
            case ev.Snapshot():
                kept = {call: found for call, found in self._picks.items() if self._stands(call, found)}
                self._picks = kept
                return []
            case _:
                found = self._picks.get(message.of_call)
                return self._news(found, message) if found else []

    def awaits(self, call: str, interface: str) -> bool:
        """Whether this agent has asked for this caller, and the PBX has not answered yet."""
        found = self._picks.get(call)
        return found is not None and found.agent == interface and found.stage is PickStage.ASKED

    def deadline(self) -> datetime | None:
        """When the PBX should have said something."""
        return min((found.until for found in self._picks.values() if found.until), default=None)

    def tick(self, now: datetime) -> list[Effect]:
        """No word came: the waiting list shows what is, a snapshot what else."""
        effects: list[Effect] = []
        for call, found in list(self._picks.items()):
            if found.until and found.until <= now:
                effects += self._step(call, PickNews.SILENCE, "pick_no_word")
                effects.append(Look(call))
        return effects

    # ---- inside

    def _stands(self, name: str, found: Pick) -> bool:
        """Whether a pick can still come to something, after a look at the PBX."""
        call = self._registry.calls.get(name)
        if call is None or not call.waiting:
            return False
        return found.stage is PickStage.ASKED or call.picked == found.agent

    def _ask(self, ask: AskPick, now: datetime) -> list[Effect]:
        call = self._registry.calls.get(ask.call)
        if not self._registry.link.up:
            ask.answer(Refused("pbx_down"))
            return []
        refusal = pick(self._picker(ask.agent), self._waits(call, ask.agent))
        ask.answer(refusal)
        if refusal is not None or call is None:
            return []
        self._picks[call.pbx_call] = Pick(ask.agent, PickStage.ASKED, now + WORD_WITHIN)
        return [SendPick(call.pbx_call, call.channel, ask.agent)]

    def _picker(self, interface: str) -> Picker:
        state = self._registry.agents.get(interface)
        if state is None or not state.signed_in:
            return Picker(signed_in=False)
        return Picker(
            signed_in=True,
            reachable=state.status is not ev.MemberStatus.UNAVAILABLE,
            in_call=state.call is not None or state.status is ev.MemberStatus.IN_USE,
            pauses=state.paused and state.pause_reason not in NO_WISH,
            fetching=any(found.agent == interface for found in self._picks.values())
            or interface in self._registry.coming()
            or interface in self._engaged(),
        )

    def _waits(self, call: CallState | None, interface: str) -> Waits:
        if call is None or not call.live:
            return Waits(live=False, waits=False)
        asked = self._picks.get(call.pbx_call)
        return Waits(
            live=True,
            waits=call.waiting and bool(call.channel),
            picked_by=asked.agent if asked else call.picked,
            rings_only_here=frozenset(call.offers.values()) == {interface},
        )

    def _news(self, found: Pick, message: Message) -> list[Effect]:
        match message:
            case ev.CallPicked(call=call, interface=interface, result=result) if interface == found.agent:
                known = self._registry.calls.get(call)
                news = PickNews.TAKEN if result == "OK" else PickNews.REFUSED
                by = (known.busy_agent or known.picked) if known else ""
                return self._step(call, news, REFUSED.get(result, "pick_gone"), by or "")
            case ev.CallAnswered(call=call, interface=interface):
                news = PickNews.MINE if interface == found.agent else PickNews.OTHERS
                return self._step(call, news, "pick_taken", interface)
            case ev.PickOver(call=call, status=status):
                return self._step(call, PickNews.UNANSWERED, UNANSWERED.get(status, "pick_unreachable"))
            case ev.HungUp(call=call, leg=leg) if leg == call:
                return self._step(call, PickNews.CALLER_GONE, "pick_gone")
            case PickUnsent(call=call):
                return self._step(call, PickNews.REFUSED, "pick_no_word")
        return []

    def _step(self, call: str, news: PickNews, code: str, by: str = "") -> list[Effect]:
        found = self._picks[call]
        row = ROWS.get((found.stage, news))
        if row is None:
            return []
        to, tells = row
        self._picks[call] = replace(found, stage=to, until=None)
        if to is PickStage.OVER:
            del self._picks[call]
        return [PickFailed(call, found.agent, code, by)] if tells else []
