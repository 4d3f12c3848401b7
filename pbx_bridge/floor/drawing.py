"""Draws the floor from the live state and the day's figures: pure, one function a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.state import CallState
from pbx_bridge.directory.index import Index
from pbx_bridge.floor.desk_port import DeskPort
from pbx_bridge.floor.view import (
    AgentRow,
    CompanyRow,
    CompanyTag,
    FloorServices,
    FloorView,
    RunningCall,
    WaitingRow,
)
from pbx_bridge.storage.calls.floor_figures import CompanyDay
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.transfers.state import PutThroughState
from rules.model import Agent, Channel
from rules.text.names import plain_key


class Drawing:
    """Reads, and changes nothing. `put_throughs` by the PBX's name of the call; `health` and `down_since`
    are the outbox's."""

    def __init__(
        self,
        desks: DeskPort,
        registry: Registry,
        index: Index,
        put_throughs: Mapping[str, PutThroughState],
        health: Mapping[Channel, str],
        watch: StorageWatch,
        in_time_seconds: int,
        down_since: Mapping[Channel, datetime],
    ) -> None:
        self._desks, self._registry, self._index = desks, registry, index
        self._put_throughs, self._health, self._watch = put_throughs, health, watch
        self._in_time_seconds, self._down_since = in_time_seconds, down_since

    def view(self, days: Iterable[CompanyDay], leaving: Collection[str], undelivered: int = 0) -> FloorView:
        """The floor as it is now. `leaving`: ids of agents who will be logged out."""
        calls = self._calls_by_phone()
        rows = [self._company_row(day) for day in days]
        return FloorView(
            agents=tuple(
                self._agent(agent, calls.get(agent.interface), agent.id in leaving)
                for agent in self._desks.agents()
            ),
            waiting=tuple(self._waiting(call) for call in self._registry.waiting),
            companies=tuple(sorted(rows, key=lambda row: (-row.calls, plain_key(row.company.name)))),
            services=self._services(),
            in_time_seconds=self._in_time_seconds,
            undelivered=undelivered,
        )

    def _calls_by_phone(self) -> dict[str, CallState]:
        """Phone → the call it is on, else one that rings there."""
        live = self._registry.live.values()
        offered = {interface: call for call in live for interface in call.offered}
        return offered | {call.busy_agent: call for call in live if call.busy_agent}

    def _agent(self, agent: Agent, call: CallState | None, leaving: bool) -> AgentRow:
        shown = self._desks.shown(agent.id)
        return AgentRow(
            id=agent.id,
            name=agent.name,
            state=shown.state,
            reason=shown.reason,
            since=shown.since,
            desk_open=self._desks.is_open(agent.id),
            leaving=leaving,
            call=self._running(agent, call) if call else None,
        )

    def _running(self, agent: Agent, call: CallState) -> RunningCall:
        company = self._company(call.customer_id)
        if call.busy_agent != agent.interface:
            return RunningCall(company, Phase.OFFERED.value, call.phase_since, call.arrived_at)
        state = self._put_throughs.get(call.pbx_call)
        begun = call.answered_at or call.arrived_at
        if state and state.shown and call.phase is not Phase.JOINED:
            return RunningCall(company, state.shown, state.since, begun)
        return RunningCall(company, call.phase.value, call.phase_since, begun)

    def _waiting(self, call: CallState) -> WaitingRow:
        since = call.waiting_since or call.arrived_at
        vip = call.caller.vip is not None
        return WaitingRow(call.id, self._company(call.customer_id), vip, since, bool(call.offers))

    def _company_row(self, day: CompanyDay) -> CompanyRow:
        return CompanyRow(
            company=self._company(day.customer_id),
            calls=day.calls,
            in_time=day.in_time,
            decided=day.decided,
            abandoned=day.abandoned,
            longest_wait=int(day.longest_wait),
            untold=day.untold,
        )

    def _company(self, customer_id: str | None) -> CompanyTag:
        """A company that has left keeps its calls, under no name."""
        customer = self._index.customer(customer_id)
        return CompanyTag(customer.id, customer.name, customer.hue) if customer else CompanyTag(None, "", 0)

    def _services(self) -> FloorServices:
        link = self._registry.link
        mail, sms = self._health[Channel.EMAIL], self._health[Channel.SMS]
        storage = "up" if self._watch.state.up else "down"
        since = (self._down_since.get(channel) for channel in (Channel.EMAIL, Channel.SMS))
        return FloorServices("up" if link.up else "down", link.reason, link.since, mail, sms, storage, *since)
