"""What a desk shows around the calls: the agent's own state, the services, who waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from pbx_bridge.calls.index import Index
from pbx_bridge.calls.registry import Registry
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk import views
from pbx_bridge.desk.hub import Hub
from pbx_bridge.desk.pop import Translate
from pbx_bridge.desk.staff import Staff
from rules.model import Agent


class Around:
    """Says only what differs from what each agent sees. `started`: since when nothing better is known."""

    def __init__(
        self,
        hub: Hub,
        staff: Staff,
        registry: Registry,
        index: Index,
        translate: Translate,
        started: datetime,
    ) -> None:
        self._hub, self._staff, self._registry, self._index = hub, staff, registry, index
        self._translate, self._started = translate, started

    def agent(self, interface: str, wrap_up_until: datetime | None) -> None:
        """Queue membership, pause or phone of this agent moved."""
        agent = self._staff.at(interface)
        if agent is None:
            return
        me = views.agent_view(self._registry.agents.get(interface), self._started, wrap_up_until)
        if me != self._hub.picture(agent.id).me:
            self._hub.publish(agent.id, p.Me(me))

    def link(self, mail: p.ServiceState, sms: p.ServiceState) -> bool:
        """Whether PBX, mail or SMS are not as they were on at least one desk; all are told."""
        link = msgspec.structs.replace(views.link_view(self._registry.link), mail=mail, sms=sms)
        agents = [a.id for a in self._staff.all() if self._hub.picture(a.id).link != link]
        self._hub.publish_to(agents, p.Link(link))
        return bool(agents)

    def waiting(self) -> list[p.WaitingView]:
        """The waiting list as it is now, longest first."""
        unassigned = self._translate("de", "pop.unassigned")
        return [
            views.waiting_view(call, self._index.customer(call.customer_id), unassigned)
            for call in self._registry.waiting
        ]

    def show_waiting(self, waiting: list[p.WaitingView], agents: Iterable[Agent]) -> None:
        """This list, to those of `agents` who see another one."""
        told = [a.id for a in agents if self._hub.picture(a.id).waiting != waiting]
        if told:
            self._hub.publish_to(told, p.Waiting(waiting))
