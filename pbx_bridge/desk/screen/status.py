"""What a desk shows around the calls: the agent's own state, the services, who waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from time import perf_counter
from typing import Literal

import msgspec

from pbx_bridge.calls.registry import Registry
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen import views
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage.maintenance.watch import StorageState
from rules.calls.answering import may_answer
from rules.calls.colleagues import Standing
from rules.model import Agent

WAITING_SECONDS = 0.1
"""The waiting list is told at most this often; in a rush nobody reads faster."""
COLLEAGUES_SECONDS = 0.3
"""… and what colleagues do at most this often; a call changes it several times."""
COLLEAGUES = 100
"""So many agents are told of: more fit into no list that one looks at while somebody waits."""
REST = 4
"""Telling a thousand desks takes a while: so many times as long nobody is told."""
AT_ONCE = 5

ORDER = tuple(Standing)
"""Who can be rung comes first."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Services:
    """How mail and SMS are, as in `p.LinkView`."""

    mail: p.ServiceState = "unknown"
    sms: p.ServiceState = "unknown"
    mail_since: datetime | None = None
    sms_since: datetime | None = None


class Paced:
    """Tells everybody what has moved a moment later, and at most every so many seconds."""

    def __init__(self, seconds: float, tell: Callable[[], Awaitable[None]]) -> None:
        self._seconds, self._tell = seconds, tell
        self._telling: asyncio.Task[None] | None = None
        self._moved = False

    def moved(self) -> None:
        """Something is different now."""
        self._moved = True
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._run())

    async def _run(self) -> None:
        pause = self._seconds
        while self._moved:
            await asyncio.sleep(pause)
            self._moved, began = False, perf_counter()
            await self._tell()
            pause = max(self._seconds, (perf_counter() - began) * REST)


class Status:
    """Says only what differs from what each agent sees. `started`: since when nothing better is known.
    `asked`: phones that colleagues ring."""

    def __init__(
        self,
        hub: Hub,
        staff: Staff,
        registry: Registry,
        index: Index,
        started: datetime,
        asked: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._asked = asked
        self._hub, self._staff, self._registry, self._index = hub, staff, registry, index
        self._started = started
        self._waiting_told = Paced(WAITING_SECONDS, self._tell_waiting)
        self._colleagues_told = Paced(COLLEAGUES_SECONDS, self._tell_colleagues)

    def agent(self, interface: str, wrap_up_until: datetime | None) -> None:
        """Queue membership, pause or phone of this agent moved."""
        agent = self._staff.at(interface)
        if agent is None:
            return
        since = self._registry.left.get(interface, self._started)
        me = views.agent_view(self._registry.agents.get(interface), since, wrap_up_until)
        if me != self._hub.picture(agent.id).me:
            self._hub.publish(agent.id, p.Me(me))

    def link(self, services: Services, storage: StorageState) -> bool:
        """Whether PBX, mail, SMS or database are not as they were on at least one desk; all are told."""
        link = views.link_view(self._registry.link, storage)
        link = msgspec.structs.replace(link, **asdict(services))
        agents = [a.id for a in self._staff.all() if self._hub.picture(a.id).link != link]
        self._hub.publish_to(agents, p.Link(link))
        return bool(agents)

    def waiting_moved(self) -> None:
        """Somebody came to wait, or waits no more: all are told, the pop of the same call before them."""
        self._waiting_told.moved()

    def colleagues_moved(self) -> None:
        """Somebody came, went, or does something else: all are told, a moment later."""
        self._colleagues_told.moved()

    async def tell_all(
        self,
        event: p.Waiting | p.Today | p.Colleagues,
        part: Literal["waiting", "today", "colleagues"],
        readers: Sequence[Agent] | None = None,
    ) -> None:
        """The same event to all `readers` (None: everybody) who see another `part`: serialised once, and a
        few at a time, so that a pop need not wait for a thousand sockets."""
        agents = self._staff.all() if readers is None else readers
        payload, value = _encode(event), getattr(event, part)
        for start in range(0, len(agents), AT_ONCE):
            some = (agent.id for agent in agents[start : start + AT_ONCE])
            others = [a for a in some if getattr(self._hub.picture(a), part) != value]
            self._hub.publish_to(others, event, payload)
            await asyncio.sleep(0)

    async def _tell_waiting(self) -> None:
        """To each the callers whom they may answer; who is alike in that is told the same."""
        alike: dict[tuple[bool, frozenset[str]], list[Agent]] = {}
        for agent in self._staff.all():
            alike.setdefault((agent.bound, agent.teams), []).append(agent)
        for agents in alike.values():
            await self.tell_all(p.Waiting(self._waiting(agents[0])), "waiting", agents)

    async def _tell_colleagues(self) -> None:
        await self.tell_all(p.Colleagues(self._colleagues()), "colleagues")

    def _colleagues(self) -> list[p.ColleagueView]:
        registry, asked = self._registry, self._asked()
        coming = registry.coming()
        all_of_them = (
            views.colleague_view(
                agent,
                registry.agents.get(agent.interface),
                awaited=agent.interface in asked or agent.interface in coming,
            )
            for agent in self._staff.all()
        )
        ranked = sorted(all_of_them, key=lambda one: (ORDER.index(one.state), one.name, one.agent))
        return ranked[:COLLEAGUES]

    def _waiting(self, reader: Agent) -> list[p.WaitingView]:
        callers = ((call, self._index.customer(call.customer_id)) for call in self._registry.waiting)
        return [
            views.waiting_view(call, customer, self._staff.at(call.picked))
            for call, customer in callers
            if may_answer(reader, customer)
        ]
