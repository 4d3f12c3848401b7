"""How the house itself is at this moment: PBX, mail, SMS, database, and agents who pause for long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from pbx_bridge.alarms.systems import Systems, SystemState
from pbx_bridge.directory.agent_states import AgentStates, ShownAgent
from rules.office.needs import NAMED, Concern, Sighting, is_long_pause


class HouseState:
    """Reads what is in memory, and changes nothing."""

    def __init__(self, systems: Systems, desks: AgentStates, clock: Callable[[], datetime]) -> None:
        self._systems, self._desks, self._clock = systems, desks, clock

    def systems(self) -> tuple[SystemState, ...]:
        """Each of them, in the order in which callers notice it."""
        return self._systems.all()

    def sightings(self) -> Iterator[Sighting]:
        """What of it needs a person."""
        yield from self._systems.sightings()
        yield self._paused()

    def agents_now(self, ids: Iterable[str]) -> Mapping[str, ShownAgent]:
        """What those of them are doing who may answer calls, by id; nothing is known while the PBX is away.
        Only the present state (§ 87 BetrVG)."""
        if not self._systems.knows_agents:
            return {}
        there = {agent.id for agent in self._desks.agents()}
        return {one: self._desks.shown(one) for one in ids if one in there}

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
