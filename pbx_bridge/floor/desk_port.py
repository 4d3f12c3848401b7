"""What the floor needs of the agents' desks; rooms beside each other meet in `bootstrap`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rules.model import Agent


class ShownAgent(Protocol):
    """What an agent's own desk says of the agent (`desk.protocol.AgentView`)."""

    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def since(self) -> datetime: ...


class DeskPort(Protocol):
    """All desks. Floor and desk show the same state, because it is the same."""

    def agents(self) -> Sequence[Agent]:
        """Everybody who may answer calls, by name."""

    def shown(self, agent_id: str) -> ShownAgent:
        """The state on the agent's own screen."""

    def is_open(self, agent_id: str) -> bool:
        """Whether the agent has a screen to read on."""

    def tell(self, agent_id: str, by: str, text: str) -> None:
        """Put a text of a supervisor on the agent's screen."""
