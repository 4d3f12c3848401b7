"""Who works here: agents by id, by phone and by log-in, replaced as a whole when the data changes."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model import Agent


class Staff:
    """All agents that may answer calls."""

    def __init__(self, agents: Iterable[Agent] = ()) -> None:
        self.replace(agents)

    def replace(self, agents: Iterable[Agent]) -> None:
        """From now on these are the agents."""
        self._by_id = {agent.id: agent for agent in agents}
        self._by_interface = {agent.interface: agent for agent in self._by_id.values()}

    def all(self) -> list[Agent]:
        """In the order given."""
        return list(self._by_id.values())

    def agent(self, agent_id: str | None) -> Agent | None:
        """The agent with this id, or None."""
        return self._by_id.get(agent_id or "")

    def at(self, interface: str | None) -> Agent | None:
        """The agent who has this phone ("PJSIP/anna"), or None."""
        return self._by_interface.get(interface or "")

    def id_at(self, interface: str | None) -> str | None:
        """Id of the agent who has this phone, or None."""
        agent = self.at(interface)
        return agent.id if agent else None
