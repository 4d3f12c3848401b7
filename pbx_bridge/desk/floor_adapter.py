"""What the supervisors' floor may know of the desks, and say on them."""

from __future__ import annotations

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.directory.staff import Staff
from rules.model import Agent


class FloorAdapter:
    """`floor.desk_port.DeskPort` and `directory.agent_states.AgentStates`, by the agents' own pictures."""

    def __init__(self, hub: Hub, staff: Staff) -> None:
        self._hub, self._staff = hub, staff

    def agents(self) -> list[Agent]:
        """Everybody who may answer calls, by name."""
        return self._staff.all()

    def shown(self, agent_id: str) -> p.AgentView:
        """The state on the agent's own screen."""
        return self._hub.picture(agent_id).me

    def is_open(self, agent_id: str) -> bool:
        """Whether at least one tab would show a text."""
        return self._hub.watched(agent_id)

    def tell(self, agent_id: str, by: str, text: str) -> None:
        """A notice that stays until the agent closes it."""
        self._hub.publish(agent_id, p.Notice("from_supervisor", {"by": by, "text": text}))
