"""Effects → screens; nothing here waits for the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import perf_counter
from types import MappingProxyType
from typing import cast

import structlog

from pbx_bridge import metrics
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.message import Effect
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.open_call import CallOnScreen
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.desk.screen.status import Services
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.telephony.pick_messages import PickFailed
from pbx_bridge.transfers.messages import ColleagueOver
from pbx_bridge.transfers.states import Result
from rules.model import Agent, Channel

log = structlog.get_logger(__name__)

NOTABLE = timedelta(minutes=1)
"""How long mail must be down before desks have a banner of it; the mark in the footer comes at once."""
TURN_SECONDS = 0.5
"""How late an absence may turn on an open pop."""


COLLEAGUE_OVER: Mapping[Result, str] = MappingProxyType(
    {
        Result.BUSY: "colleague_busy",
        Result.NO_ANSWER: "colleague_no_answer",
        Result.DECLINED: "colleague_declined",
        Result.UNREACHABLE: "colleague_unreachable",
        Result.REFUSED: "colleague_unreachable",
    }
)
"""What the agent reads; what they have done themselves needs no word."""
ASKED_OVER: Mapping[Result, str] = MappingProxyType(
    {
        Result.CANCELLED: "asked_called_off",
        Result.ANSWERED: "asked_not_given",
        Result.NO_ANSWER: "asked_missed",
    }
)
"""… and what the colleague reads, whose screen is empty all at once."""


class DeskHandlers:
    """One method an effect. `find_typed` looks for what was typed about a call, which may be newer than what
    is on the agent's screen. `wrap_up_until`: when the wrap-up at a phone ends, None: there is none.
    `health`: how mail and SMS are, `down_since`: since when they are down; the outbox keeps both up to date.
    `watch`: how the database is."""

    def __init__(
        self,
        screens: Screens,
        find_typed: Callable[[CallOnScreen, Agent], None],
        wrap_up_until: Callable[[str], datetime | None],
        health: Mapping[Channel, str],
        watch: StorageWatch,
        clock: Callable[[], datetime],
        down_since: Mapping[Channel, datetime] = MappingProxyType({}),
    ) -> None:
        self._screens, self._find_typed, self._wrap_up_until = screens, find_typed, wrap_up_until
        self._health, self._watch, self._clock = health, watch, clock
        self._down_since = down_since

    def offered(self, effect: fx.Offered) -> None:
        """The pop, at the moment the phone is about to ring; what the database knows follows it."""
        started = perf_counter()
        open_call, agent = self._screens.offer(effect.call, effect.interface)
        metrics.POP_SECONDS.observe(perf_counter() - started)
        if open_call and agent:
            self._find_typed(open_call, agent)

    async def offer_gone(self, effect: fx.OfferGone) -> None:
        """The phone rings no more."""
        self._screens.withdraw(effect.call, effect.interface, effect.reason)

    async def answered(self, effect: fx.Answered) -> None:
        """The agent has the call."""
        open_call, agent = self._screens.take(effect.call, effect.interface)
        if open_call and agent:
            self._find_typed(open_call, agent)

    async def call_changed(self, effect: fx.CallChanged) -> None:
        """Phase, bridges or put-through."""
        self._screens.refresh_call(effect.call)

    async def call_ended(self, effect: fx.CallEnded) -> None:
        """Over; the note may be still to be written."""
        self._screens.refresh_call(effect.call, over=True)

    async def agent_changed(self, effect: fx.AgentChanged) -> None:
        """Queue membership, pause, phone, or which call the agent has."""
        self.show_agent(effect.interface)

    async def pick_failed(self, effect: PickFailed) -> None:
        """The caller whom this agent has picked does not come: why, and what they do now."""
        self._screens.pick_failed(effect.call, effect.agent, effect.code, effect.by)

    async def colleague_over(self, effect: ColleagueOver) -> None:
        """The agent who asked reads what became of it, and the colleague why the call is gone; who wanted it
        so needs no word."""
        code = COLLEAGUE_OVER.get(effect.result, "")
        if effect.result is Result.DECLINED and effect.talked:
            code = "colleague_hung_up"
        staff, call = self._screens.staff, self._screens.registry.calls.get(effect.call)
        agent, other = staff.at(effect.agent), staff.at(effect.colleague)
        if code and agent and call and call.live:
            self._screens.hub.publish(agent.id, p.Notice(code, {"colleague": other.name if other else ""}))
        asked = ASKED_OVER.get(effect.result, "")
        if asked and other:
            asked = asked if call and call.live else "asked_caller_gone"
            self._screens.hub.publish(other.id, p.Notice(asked, {"by": agent.name if agent else ""}))

    async def waiting_changed(self, _effect: fx.WaitingChanged) -> None:
        """Coalesced, and after the pop of the same call."""
        self._screens.status.waiting_moved()

    async def link_changed(self, _effect: fx.LinkChanged) -> None:
        """The banner, and what may be done without a PBX."""
        self.show_link()

    async def resynced(self, _effect: Effect) -> None:
        """A snapshot has been taken in."""
        self._screens.resynced()
        for agent in self._screens.staff.all():
            self.show_agent(agent.interface)

    def show_agent(self, interface: str) -> None:
        """The agent's own state, with the end of the wrap-up."""
        self._screens.status.agent(interface, self._wrap_up_until(interface))
        self._screens.status.colleagues_moved()

    def show_link(self) -> None:
        """The state of PBX, mail, SMS and database."""
        mail, sms = (cast("p.ServiceState", self._health[way]) for way in (Channel.EMAIL, Channel.SMS))
        services = Services(mail, sms, self._since(Channel.EMAIL), self._since(Channel.SMS))
        self._screens.refresh_link(services, self._watch.state)

    def _since(self, channel: Channel) -> datetime | None:
        """A moment of trouble, as servers have it now and then, is nothing to disturb agents with."""
        since = self._down_since.get(channel)
        return since if since and self._clock() - since >= NOTABLE else None

    async def run(self) -> None:
        """Until cancelled: what changes with the time and not with an event."""
        while True:
            await asyncio.sleep(TURN_SECONDS)
            if self._clock() >= self._screens.next_turn:
                await self._screens.refresh_pops()
            companies = [open_call.call.customer_id for open_call in self._screens.all_on_screen()]
            if moved := await self._screens.editions.turned(companies, self._clock()):
                await self._screens.refresh_pops(moved)
            self.show_link()
