"""What the floor needs of the agents' desks; rooms beside each other meet in `bootstrap`."""

from __future__ import annotations

from typing import Protocol

from pbx_bridge.directory.agent_states import AgentStates


class DeskPort(AgentStates, Protocol):
    """All desks, which a supervisor may also speak to."""

    def is_open(self, agent_id: str) -> bool:
        """Whether the agent has a screen to read on."""

    def tell(self, agent_id: str, by: str, text: str) -> None:
        """Put a text of a supervisor on the agent's screen."""
