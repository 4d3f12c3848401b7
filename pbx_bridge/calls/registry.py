"""All live calls, all agents' phones and the link, as the PBX proves them; pure: events in, effects out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.commands import AgentHangsUp, NoteDone
from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.event_groups import CALL_EVENTS, IDENTITY
from pbx_bridge.calls.from_memory import recall
from pbx_bridge.calls.from_snapshot import CallLegs, Recalled, adopt, arrival, lose, reconcile, take_up
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.known_calls import KnownCalls
from pbx_bridge.calls.machine import step
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.offering import unanswered
from pbx_bridge.calls.remembered_call import CallSeen
from pbx_bridge.calls.state import AgentState, CallState, LinkState
from pbx_bridge.calls.time_spent import turned
from rules.calls.identify import Called
from rules.model import Caller

UNEXPLAINED = timedelta(seconds=1.5)
"""A phone that hung up and of which nobody said more by then was not answered."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whose call it is, with the reason, and who is calling."""

    called: Called
    caller: Caller


class Registry:
    """The first reducer. `resolve` answers at once, from memory; `names`: for the database.

    Ended calls stay for `keep` (their note is being written), at most `cap` of them.
    """

    def __init__(
        self,
        resolve: Callable[[ev.CallArrived], Resolved],
        names: CallNames,
        started: datetime,
        *,
        keep: timedelta = timedelta(hours=2),
        cap: int = 1_000,
    ) -> None:
        self._resolve, self.names = resolve, names
        self._known = KnownCalls(keep, cap)
        self._agents: dict[str, AgentState] = {}
        self.left: dict[str, datetime] = {}  # phone → when it went out of the queue
        self._silent: dict[tuple[str, str], datetime] = {}  # call, leg → when it is taken as not answered
        self._recalled: Mapping[str, Recalled] = {}
        self.link = LinkState(up=False, reason="starting", since=started)
        self.calls, self.live = self._known.calls, self._known.live
        self.by_id, self.is_gone = self._known.by_id, self._known.is_gone
        self.agents: Mapping[str, AgentState] = MappingProxyType(self._agents)

    # ---- views

    def is_quiet(self) -> bool:
        """Whether nobody calls."""
        return not self.live

    @property
    def waiting(self) -> list[CallState]:
        """The waiting list, longest first."""
        found = [call for call in self.live.values() if call.waiting]
        return sorted(found, key=lambda call: call.waiting_since or call.arrived_at)

    def coming(self) -> frozenset[str]:
        """The phones of agents to whom a caller whom they have picked is on the way."""
        return frozenset(call.picked for call in self.live.values() if call.picked)

    def recall(self, known: Mapping[str, Recalled]) -> None:
        """Before the first snapshot: what is written down of calls that may still live, by pbx_call."""
        self._recalled = known

    # ---- reducer

    def apply(self, message: Message, now: datetime) -> list[Effect]:
        """What `message` changes; other messages are ignored."""
        match message:
            case ev.Snapshot():
                return self._reconcile(message, now)
            case ev.MemberChanged():
                return self._member(message, now)
            case ev.MemberRemoved(interface=interface):
                return self._out({interface}, now)
            case ev.LinkUp(version=version):
                return self._set_link(LinkState(True, "", now, version))
            case ev.LinkDown(reason=reason):
                return self._set_link(LinkState(False, reason, now, self.link.version))
            case ev.CallArrived() | ev.CallBlocked() | CallSeen():
                return self._arrived(message, now)
            case NoteDone() | AgentHangsUp():
                return self._command(message, now)
            case _:
                return self._step(message, now) if isinstance(message, CALL_EVENTS) else []

    def deadline(self) -> datetime | None:
        """When the oldest ended call leaves, or a silent phone is taken as not answered."""
        silent = next(iter(self._silent.values()), None)
        return min((at for at in (self._known.leaves(), silent) if at), default=None)

    def tick(self, now: datetime) -> list[Effect]:
        """Ended calls leave; phones that fell silent have not been answered."""
        self._known.forget_old(now)
        effects: list[Effect] = []
        for name, leg in [key for key, at in self._silent.items() if at <= now]:
            del self._silent[name, leg]
            known = self.calls.get(name)
            if known and leg in known.silent:
                new, told = unanswered(known, leg)
                effects += self._store(known, new, told, now)
        return effects

    # ---- one call

    def _arrived(self, event: ev.CallArrived | ev.CallBlocked | CallSeen, now: datetime) -> list[Effect]:
        if isinstance(event, CallSeen):
            return self._recall(event, now)
        if isinstance(event, ev.CallBlocked):
            return self._turned_away(event.arrival, now)
        known = self.calls.get(event.call)
        if self.is_gone(event.call) or (known and known.channel and not known.adopted):
            return []
        fresh = self._fresh(event, now)
        if known:  # its first word came late, or after a snapshot, which knows no History-Info
            identity = {name: getattr(fresh, name) for name in IDENTITY}
            told: list[Effect] = [fx.CallChanged(event.call)]
            named = replace(known, **identity)
            return self._store(known, named, told, now) if named != known else []
        return self._store(None, fresh, [fx.Arrived(event.call)], now)

    def _turned_away(self, arrival: ev.CallArrived, now: datetime) -> list[Effect]:
        """Not kept: a machine that dials all day must not push out calls whose note is being written."""
        if self.is_gone(arrival.call):
            return []
        self._known.remember_gone(arrival.call)
        call = self._fresh(arrival, now)
        return [fx.TurnedAway(call.pbx_call, call.id, call.line, call.customer_id, call.caller.number, now)]

    def _recall(self, seen: CallSeen, now: datetime) -> list[Effect]:
        """A call as the PBX remembers it; one that lives gets its legs from the snapshot that follows."""
        known = self.calls.get(seen.call)
        if self.is_gone(seen.call) or (known and not known.live):
            return [fx.Forgettable(seen.call)]
        if seen.blocked:
            return self._turned_away(seen.arrival, seen.arrived_at)
        fresh = self._fresh(seen.arrival, seen.arrived_at)
        new, effects = recall(known or take_up(fresh, self._recalled.get(seen.call), now), seen)
        return self._store(
            known, new, [*([] if known else [fx.Arrived(seen.call, adopted=True)]), *effects], now
        )

    def _fresh(self, event: ev.CallArrived, now: datetime) -> CallState:
        resolved = self._resolve(event)
        called = resolved.called
        return CallState(
            id=self.names.id_of(event.call),
            pbx_call=event.call,
            channel=event.channel,
            line=called.dialled,
            customer_id=called.customer_id,
            unassigned_reason="" if called.customer_id else called.reason.value,
            caller=resolved.caller,
            phase=Phase.ARRIVED,
            phase_since=now,
            arrived_at=now,
            codec=event.codec,
            called_by=called.reason.value,
            forwarded_from=called.public_number,
        )

    def _step(self, event: ev.PbxEvent, now: datetime) -> list[Effect]:
        assert isinstance(event, CALL_EVENTS)
        old = self.calls.get(event.call)
        if old is None:
            return []  # only its arrival, or a snapshot, makes a call known
        return self._store(old, *step(old, event, now), now)

    def _store(
        self, old: CallState | None, new: CallState, effects: list[Effect], now: datetime
    ) -> list[Effect]:
        self._known.store(new, now)
        for leg in new.silent:
            self._silent.setdefault((new.pbx_call, leg), now + UNEXPLAINED)
        occupied = self._occupy(old.busy_agent if old and old.live else None, new)
        return [*effects, *turned(old, new, now), *occupied]

    def _occupy(self, before: str | None, call: CallState) -> list[Effect]:
        """Which agent has this call now."""
        after = call.busy_agent if call.live else None
        changed: list[Effect] = []
        had = self._agents.get(before) if before else None
        if before and had and before != after and had.call == call.pbx_call:
            self._agents[before] = replace(had, call=None)
            changed.append(fx.AgentChanged(before))
        if after and after in self._agents and self._agents[after].call != call.pbx_call:
            self._agents[after] = replace(self._agents[after], call=call.pbx_call)
            changed.append(fx.AgentChanged(after))
        return changed

    def _command(self, command: NoteDone | AgentHangsUp, now: datetime) -> list[Effect]:
        call = self.live.get(command.call)
        if isinstance(command, NoteDone):
            self._known.forget(command.call)
        elif call is not None and call.busy_agent:
            self._known.store(replace(call, left_by="agent" if command.sure else ""), now)
        return []

    # ---- agents and link

    def _member(self, member: ev.MemberChanged, now: datetime) -> list[Effect]:
        old = self._agents.get(member.interface)
        new = AgentState(member.interface, True, member.paused, member.reason, member.status, now)
        if old:
            new = replace(new, call=old.call, since=old.since)
        if old == new:
            return []
        phone = member.interface
        busy = (one.pbx_call for one in self.live.values() if one.busy_agent == phone)
        call = old.call if old else next(busy, None)
        self._agents[phone] = replace(new, since=new.begun(old, now), call=call)
        return [fx.AgentChanged(member.interface)]

    def _set_link(self, link: LinkState) -> list[Effect]:
        if (link.up, link.reason) == (self.link.up, self.link.reason):
            return []
        self.link = link
        return [fx.LinkChanged()]

    # ---- the whole truth

    def _reconcile(self, snapshot: ev.Snapshot, now: datetime) -> list[Effect]:
        effects = self._members(snapshot.members, now)
        agents = frozenset(self._agents)
        waits = {caller.call: caller.queue for caller in snapshot.waiting}
        legs: dict[str, list[ev.LiveLeg]] = {}
        for leg in snapshot.legs:
            legs.setdefault(leg.call, []).append(leg)
        for call in tuple(self.live.values()):
            picture = CallLegs(tuple(legs.pop(call.pbx_call, ())), call.pbx_call in waits, agents)
            known = replace(call, queue=waits.get(call.pbx_call, call.queue))
            new, changed = reconcile(known, picture, now) if picture.caller else lose(known, now)
            effects += self._store(call, new, changed, now)
        for name, found in legs.items():
            picture = CallLegs(tuple(found), name in waits, agents)
            if name and picture.caller and name not in self.calls:
                fresh = replace(self._fresh(arrival(picture.caller), now), queue=waits.get(name, ""))
                new, changed = adopt(fresh, picture, now, self._recalled.get(name))
                effects += self._store(None, new, changed, now)
        self._recalled = {}
        return list(dict.fromkeys(effects))

    def _members(self, members: tuple[ev.MemberChanged, ...], now: datetime) -> list[Effect]:
        effects = self._out(self._agents.keys() - {member.interface for member in members}, now)
        return effects + [effect for member in members for effect in self._member(member, now)]

    def _out(self, phones: Set[str], now: datetime) -> list[Effect]:
        gone = [self._agents.pop(phone).interface for phone in sorted(phones & self._agents.keys())]
        self.left |= dict.fromkeys(gone, now)
        return [fx.AgentChanged(phone) for phone in gone]
