"""The queues of teams and of agents bound to secrecy, as the PBX is to have them with or without us.

The rules say which groups the companies need (`rules.calls.answering`); the database remembers which
numbered queue is whose. Here they are filled with the phones that belong there, read back, and only then
told to the dial plan as routes: nobody waits in a queue that is not there, or that is still another one's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from pbx_bridge.ami.actions import QueueStatus
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage.customers import team_queues
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.telephony.agent_queue import QueueLink
from pbx_bridge.telephony.astdb.read_back import NotTaken, written
from pbx_bridge.telephony.astdb.routes import Routes
from pbx_bridge.telephony.queue_seats import QueuesOfPbx, differences, read_status
from pbx_bridge.telephony.until_told import UntilTold
from pbx_bridge.time_slices import gently
from rules.calls.answering import (
    EVERYBODY,
    AgentGroup,
    AnsweringPlan,
    assign,
    belongs,
    needed,
    plan,
    queue_name,
    simplified,
    spoken_by_all,
)
from rules.calls.blocking import public_numbers
from rules.model import Agent, Customer, Line

log = structlog.get_logger(__name__)

AnswersAt = tuple[AnsweringPlan, tuple[str, ...]]
"""How a company is answered, and at which numbers of its own."""
AS_LONG_AS_SOMEBODY_IS_THERE = 86_400
"""Seconds until an overflow, in a route whose callers wait for nobody else while one of the first group is
signed in: more than anybody waits, so the dial plan forgets it. Is nobody signed in, it counts at once."""
ROUNDS = 4
"""So often the seats are looked at again until they are right: agents come and pause meanwhile."""


class TeamQueues:
    """`also_in` answers for `AgentQueue` in which numbered queues an agent is besides."""

    def __init__(
        self,
        link: QueueLink,
        base: str,
        registry: Registry,
        index: Index,
        staff: Staff,
        db: Database,
        clock: Callable[[], datetime],
    ) -> None:
        self._link, self._base, self._registry = link, base, registry
        self._index, self._staff, self._db, self._clock = index, staff, db, clock
        self._routes = Routes(link)
        self._queues: dict[AgentGroup, str] = {}
        self._there: frozenset[str] = frozenset()
        self._empty: frozenset[str] = frozenset()
        self._signs: dict[str, AnswersAt] = {}
        self._signed_in: frozenset[str] = frozenset()
        self._common = spoken_by_all(staff.all())
        self._whole = True  # not only the seats may be others
        self._telling = UntilTold(self._turn)

    def also_in(self, interface: str) -> Collection[str]:
        """Names of the queues beside that of everybody in which this phone is rung."""
        agent = self._staff.at(interface)
        if agent is None:
            return ()
        return [
            queue for group, queue in self._queues.items() if queue in self._there and belongs(agent, group)
        ]

    async def changed(self, customers: Iterable[str], lines: Iterable[Line] | None = None) -> None:
        """These companies are others now, or gone; `lines`: lines or agents may be, too. Most changes of a
        company are not about who answers, and cost nothing here."""
        if lines is not None:
            self._common = spoken_by_all(self._staff.all())
        async for customer_id in gently(tuple(customers)):
            sign, before = self._sign(self._index.customer(customer_id)), self._signs.pop(customer_id, None)
            if sign is not None:
                self._signs[customer_id] = sign
            if sign != before:
                self._look_at_all()
        if lines is not None:
            self._look_at_all()

    def agent_changed(self, effect: fx.AgentChanged) -> None:
        """Who signs in or out, however they did it, has seats or has none."""
        if (effect.interface in self._registry.agents) != (effect.interface in self._signed_in):
            self._signed_in = frozenset(self._registry.agents)
            self._telling.wanted()

    def resynced(self, _effect: Effect) -> None:
        """The link came up."""
        self.doubt()
        self._telling.pbx_is_there()

    def doubt(self) -> None:
        """Another Asterisk may be there now, or be the next one that answers."""
        self._routes.invalidate()
        self._whole = True

    async def run(self) -> None:
        """Until cancelled."""
        await self._telling.run()

    def _look_at_all(self) -> None:
        self._whole = True
        self._telling.wanted()

    async def _turn(self) -> bool:
        """True when the PBX has all of it. Whoever comes or goes has seats before the next routes are told,
        and is no reason to look at all companies."""
        whole, self._whole = self._whole, False
        try:
            if not whole:
                whole = await self._seat() != self._there
            if whole:
                await self._furnish()
            whole = False
            await self._lead_over()
        except (LinkGone, ActionTimeout, ActionFailed):
            return False
        except StorageUnavailable as error:
            log.warning("team_queues_wait", reason=error.reason)
            return False
        finally:
            self._whole |= whole
        return await self._routes.sync(self._telling.more_wanted)

    async def _furnish(self) -> None:
        """Queues for all groups, who is in them, and the routes that are to be told."""
        self._common = spoken_by_all(self._staff.all())
        plans = {self._plan(one) async for one in gently(tuple(self._index.customers.values()))}
        left = await self._assign(needed(plans))
        there = self._there = await self._seat()
        asked = {group for one in plans for group in one.groups}
        missing = {queue for group, queue in self._queues.items() if group in asked} - there
        if left or missing:
            remedy = "copy queues.conf and reload it" if missing else "use fewer different overflows"
            log.warning("team_queues_missing", queues=sorted(missing), groups=len(left), remedy=remedy)
        await self._routes.set_desired(await self._wanted_routes(there))

    def _plan(self, customer: Customer | None) -> AnsweringPlan:
        """As far as it makes a difference among the agents who are here."""
        return simplified(plan(customer), self._common)

    def _sign(self, customer: Customer | None) -> AnswersAt | None:
        """Different whenever a company's routes may be; None for one that everybody answers."""
        how = self._plan(customer)
        return (how, customer.public_numbers) if customer and how.first != EVERYBODY else None

    # ---- which queue is whose

    async def _assign(self, wanted: frozenset[AgentGroup]) -> frozenset[AgentGroup]:
        """The groups for which no queue is left."""
        async with self._db.read() as conn:
            stored = await team_queues.load(conn)
        queues, left = assign(stored, wanted, self._clock())
        if queues != stored:
            async with self._db.write() as conn:
                await team_queues.replace(conn, queues)
        self._queues = {one.group: queue_name(self._base, one.number) for one in queues}
        return left

    # ---- who is in them

    async def _seat(self) -> frozenset[str]:
        """The queues that the PBX has; who should be in them is."""
        for _ in range(ROUNDS):
            found = await self._look()
            agents, names = self._staff.all(), {one.interface: one.name for one in self._staff.all()}
            wanted = {queue: _phones(agents, group) for group, queue in self._queues.items()}
            actions = list(differences(found, wanted, names))
            if not actions:
                break
            for action in actions:
                try:
                    await self._link.send(action)
                except ActionFailed:
                    pass  # somebody was faster; looked at once more
                except Unsendable as error:  # keeps nobody else from a seat
                    log.warning("seat_not_sendable", what=str(error))
        self._empty = found.there - {queue for queue, _ in found.seats}
        return found.there

    async def _lead_over(self) -> None:
        """Who waits where nobody is signed in any more goes to those who answer then: the last one left while
        they waited. The dial plan looks once more, so to ask for somebody twice does nothing."""
        for call in self._registry.waiting:
            if call.queue in self._empty and self._plan(self._index.customer(call.customer_id)).then:
                try:
                    told = ("_SEC_NAMED", call.pbx_call), ("_SEC_CHOSEN", call.channel)
                    await written(self._link, "00", "sec-left", *told)
                except (NotTaken, Unsendable) as error:
                    log.warning("caller_not_led_over", call=call.id, why=type(error).__name__)

    async def _look(self) -> QueuesOfPbx:
        return read_status(await self._link.send(QueueStatus()), self._base)

    # ---- whose callers wait where

    async def _wanted_routes(self, there: Collection[str]) -> Mapping[str, str]:
        """A line decides over a company's own number, as for blocked callers."""
        by_company: dict[str, str] = {}
        routes: dict[str, str] = {}
        async for customer in gently(tuple(self._index.customers.values())):
            if route := self._route(customer, there):
                by_company[customer.id] = route
                routes |= dict.fromkeys(public_numbers(customer), route)
        async for number in gently(tuple(self._index.numbers)):
            line = self._index.line(number)
            owner = line.customer_id if line else None
            if owner in by_company:
                routes[number] = by_company[owner]
            elif owner:
                routes.pop(number, None)
        return routes

    def _route(self, customer: Customer, there: Collection[str]) -> str:
        """As [sec-route] reads it; "": every agent answers."""
        how, bound = self._plan(customer), customer.confidential
        first = self._queue_of(how.first, there)
        if first == self._base:
            return ""
        then = self._queue_of(how.then, there) if how.then else ""
        after = str(how.after or AS_LONG_AS_SOMEBODY_IS_THERE) if then and then != first else ""
        return f"{first}.{after}.{then if after else ''}.{'b' if bound else ''}"

    def _queue_of(self, group: AgentGroup, there: Collection[str]) -> str:
        """Of the group; if it has none, of the same whatever they speak; if that has none, of all who are
        bound, where secrecy is asked for, else of all. Where the PBX has no numbered queues at all it has no
        dial plan that would follow them."""
        for one in (group, replace(group, language=""), AgentGroup(bound=group.bound)):
            queue = self._queues.get(one, "")
            if queue in there:
                return queue
        return self._base


def _phones(agents: Iterable[Agent], group: AgentGroup) -> frozenset[str]:
    return frozenset(agent.interface for agent in agents if belongs(agent, group))
