"""How the house itself is at this moment: PBX, mail, SMS, database, and agents who pause for long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pbx_bridge.calls.registry import Registry
from pbx_bridge.outbox.voice_sounds import VoiceFolder
from pbx_bridge.storage.maintenance.watch import StorageWatch
from rules.model import Agent, Channel
from rules.office.needs import NAMED, Concern, Sighting, is_long_pause


class AgentOnDesk(Protocol):
    """What an agent's own desk says of the agent."""

    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def since(self) -> datetime: ...


class AgentStates(Protocol):
    """All desks; rooms beside each other meet in `bootstrap`."""

    def agents(self) -> Sequence[Agent]:
        """Everybody who may answer calls, by name."""

    def shown(self, agent_id: str) -> AgentOnDesk:
        """The state on the agent's own screen."""


@dataclass(frozen=True, slots=True)
class SystemState:
    """One that we depend on. `state`: up, down, unknown (not used yet) or off; `since`: of the last change,
    None where it is not known; `reason`: a code, "" while it is up."""

    system: Concern
    state: str
    since: datetime | None
    reason: str = ""


class HouseState:
    """Reads what is in memory, and changes nothing. `health`, `down_since`: the outbox's; `voice`: how it
    is about callers' messages, None where nobody takes any."""

    def __init__(
        self,
        registry: Registry,
        watch: StorageWatch,
        health: Mapping[Channel, str],
        down_since: Mapping[Channel, datetime],
        desks: AgentStates,
        clock: Callable[[], datetime],
        voice: Callable[[], VoiceFolder | None] = lambda: None,
    ) -> None:
        self._registry, self._watch = registry, watch
        self._health, self._down_since = health, down_since
        self._desks, self._clock, self._voice = desks, clock, voice

    def systems(self) -> tuple[SystemState, ...]:
        """Each of them, in the order in which callers notice it."""
        link, storage = self._registry.link, self._watch.state
        fault = next(iter(self._watch.reasons), "")
        return (
            SystemState(Concern.PBX, "up" if link.up else "down", link.since, link.reason),
            SystemState(Concern.STORAGE, "up" if storage.up else "down", storage.since, fault),
            self._messages(),
            self._channel(Concern.MAIL, Channel.EMAIL),
            self._channel(Concern.SMS, Channel.SMS),
        )

    def sightings(self) -> Iterator[Sighting]:
        """What of it needs a person."""
        for one in self.systems():
            yield Sighting(one.system, int(one.state == "down"), one.since, one.since)
        yield self._paused()

    def agents_now(self, ids: Iterable[str]) -> Mapping[str, AgentOnDesk]:
        """What those of them are doing who may answer calls, by id; nothing is known while the PBX is away.
        Only the present state (§ 87 BetrVG)."""
        if not self._registry.link.up:
            return {}
        there = {agent.id for agent in self._desks.agents()}
        return {one: self._desks.shown(one) for one in ids if one in there}

    def _messages(self) -> SystemState:
        found = self._voice()
        if found is None:
            return SystemState(Concern.VOICE, "off", None)
        return SystemState(Concern.VOICE, "down" if found.reason else "up", found.since, found.reason)

    def _channel(self, system: Concern, channel: Channel) -> SystemState:
        return SystemState(system, self._health[channel], self._down_since.get(channel))

    def _paused(self) -> Sighting:
        """Of an agent only the present state, and only that it lasts long (§ 87 BetrVG)."""
        now = self._clock()
        shown = [(agent.name, self._desks.shown(agent.id)) for agent in self._desks.agents()]
        long = [
            (one.since, name)
            for name, one in shown
            if one.state == "paused" and is_long_pause(one.reason, one.since, now)
        ]
        if not long:
            return Sighting(Concern.PAUSED)
        names = tuple(name for _, name in sorted(long)[:NAMED])
        return Sighting(Concern.PAUSED, len(long), min(long)[0], max(long)[0], names)
