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
FORGOTTEN = 5_000
"""So many ended calls are remembered by name only, so that a late event does not raise them from the dead."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whose call it is, with the reason, and who is calling."""

    called: Called
    caller: Caller


class Registry:
    """The first reducer. `resolve` answers at once, from memory; `call_id` names a call for the database.

    Ended calls stay for `keep` (their note is being written), at most `cap` of them.
    """

    def __init__(
        self,
        resolve: Callable[[ev.CallArrived], Resolved],
        call_id: Callable[[str], str],
        started: datetime,
        *,
        keep: timedelta = timedelta(hours=2),
        cap: int = 1_000,
    ) -> None:
        self._resolve, self._call_id, self._keep, self._cap = resolve, call_id, keep, cap
        self._calls: dict[str, CallState] = {}
        self._agents: dict[str, AgentState] = {}
        self.left: dict[str, datetime] = {}  # phone → when it went out of the queue
        self._names: dict[str, str] = {}  # database id → pbx_call
        self._ended: dict[str, datetime] = {}  # in order of their end
        self._forgotten: dict[str, None] = {}
        self._silent: dict[tuple[str, str], datetime] = {}  # call, leg → when it is taken as not answered
        self._recalled: Mapping[str, Recalled] = {}
        self.link = LinkState(up=False, reason="starting", since=started)
        self.calls: Mapping[str, CallState] = MappingProxyType(self._calls)
        self.agents: Mapping[str, AgentState] = MappingProxyType(self._agents)

    # ---- views

    def by_id(self, call_id: str) -> CallState | None:
        """The call with this database id."""
        return self._calls.get(self._names.get(call_id, ""))

    def is_gone(self, call: str) -> bool:
        """Whether this call was ours, is over and forgotten."""
        return call in self._forgotten

    def is_quiet(self) -> bool:
        """Whether nobody calls."""
        return not any(call.live for call in self._calls.values())

    @property
    def waiting(self) -> list[CallState]:
        """The waiting list, longest first."""
        found = [call for call in self._calls.values() if call.waiting]
        return sorted(found, key=lambda call: call.waiting_since or call.arrived_at)

    def coming(self) -> frozenset[str]:
        """The phones of agents to whom a caller whom they have picked is on the way."""
        return frozenset(call.picked for call in self._calls.values() if call.live and call.picked)

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
                return self._command(message)
            case _:
                return self._step(message, now) if isinstance(message, CALL_EVENTS) else []

    def deadline(self) -> datetime | None:
        """When the oldest ended call leaves, or a silent phone is taken as not answered."""
        leaves = (at + self._keep for at in self._ended.values())
        silent = iter(self._silent.values())
        return min((at for at in (next(leaves, None), next(silent, None)) if at), default=None)

    def tick(self, now: datetime) -> list[Effect]:
        """Ended calls leave; phones that fell silent have not been answered."""
        for call in [call for call, at in self._ended.items() if at + self._keep <= now]:
            self._forget(call)
        effects: list[Effect] = []
        for name, leg in [key for key, at in self._silent.items() if at <= now]:
            del self._silent[name, leg]
            known = self._calls.get(name)
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
        known = self._calls.get(event.call)
        if event.call in self._forgotten or (known and known.channel and not known.adopted):
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
        if arrival.call in self._forgotten:
            return []
        self._remember_gone(arrival.call)
        call = self._fresh(arrival, now)
        return [fx.TurnedAway(call.pbx_call, call.id, call.line, call.customer_id, call.caller.number, now)]

    def _recall(self, seen: CallSeen, now: datetime) -> list[Effect]:
        """A call as the PBX remembers it; one that lives gets its legs from the snapshot that follows."""
        known = self._calls.get(seen.call)
        if seen.call in self._forgotten or (known and not known.live):
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
            id=self._call_id(event.call),
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
        )

    def _step(self, event: ev.PbxEvent, now: datetime) -> list[Effect]:
        assert isinstance(event, CALL_EVENTS)
        old = self._calls.get(event.call)
        if old is None:
            return []  # only its arrival, or a snapshot, makes a call known
        return self._store(old, *step(old, event, now), now)

    def _store(
        self, old: CallState | None, new: CallState, effects: list[Effect], now: datetime
    ) -> list[Effect]:
        self._calls[new.pbx_call] = new
        self._names[new.id] = new.pbx_call
        for leg in new.silent:
            self._silent.setdefault((new.pbx_call, leg), now + UNEXPLAINED)
        if not new.live:
            self._ended.setdefault(new.pbx_call, now)
            while len(self._ended) > self._cap:
                self._forget(next(iter(self._ended)))
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

    def _command(self, command: NoteDone | AgentHangsUp) -> list[Effect]:
        if isinstance(command, NoteDone):
            return self._forget(command.call)
        call = self._calls.get(command.call)
        if call is not None and call.live and call.busy_agent:
            self._calls[call.pbx_call] = replace(call, left_by="agent" if command.sure else "")
        return []

    def _forget(self, call: str) -> list[Effect]:
        """Only ended calls can be forgotten."""
        if self._ended.pop(call, None):
            self._names.pop(self._calls.pop(call).id, None)
            self._remember_gone(call)
        return []

    def _remember_gone(self, call: str) -> None:
        self._forgotten[call] = None
        while len(self._forgotten) > FORGOTTEN:
            del self._forgotten[next(iter(self._forgotten))]

    # ---- agents and link

    def _member(self, member: ev.MemberChanged, now: datetime) -> list[Effect]:
        old = self._agents.get(member.interface)
        new = AgentState(member.interface, True, member.paused, member.reason, member.status, now)
        if old:
            new = replace(new, call=old.call, since=old.since)
        if old == new:
            return []
        calls, phone = self._calls.values(), member.interface
        busy = (one.pbx_call for one in calls if one.live and one.busy_agent == phone)
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
        waits = {caller.call for caller in snapshot.waiting}
        legs: dict[str, list[ev.LiveLeg]] = {}
        for leg in snapshot.legs:
            legs.setdefault(leg.call, []).append(leg)
        for call in [call for call in self._calls.values() if call.live]:
            picture = CallLegs(tuple(legs.pop(call.pbx_call, ())), call.pbx_call in waits, agents)
            new, changed = reconcile(call, picture, now) if picture.caller else lose(call, now)
            effects += self._store(call, new, changed, now)
        for name, found in legs.items():
            picture = CallLegs(tuple(found), name in waits, agents)
            if name and picture.caller and name not in self._calls:
                fresh = self._fresh(arrival(picture.caller), now)
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
