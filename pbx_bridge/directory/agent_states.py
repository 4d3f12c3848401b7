"""What a desk says of its agent, for the faces that look at all of them; they meet in `bootstrap`."""

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


class AgentStates(Protocol):
    """All desks. Whoever looks sees the state that the agent sees, because it is the same."""

    def agents(self) -> Sequence[Agent]:
        """Everybody who may answer calls, by name."""

    def shown(self, agent_id: str) -> ShownAgent:
        """The state on the agent's own screen."""
