"""Keeps every agent's screen in step with the live state, and says only what differs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

import msgspec

from pbx_bridge.calls.effects import OfferGoneReason, Phase
from pbx_bridge.calls.index import Index
from pbx_bridge.calls.registry import Registry
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk import views
from pbx_bridge.desk.around import Around
from pbx_bridge.desk.case import Case
from pbx_bridge.desk.hub import Hub
from pbx_bridge.desk.news import CompanyNews
from pbx_bridge.desk.picture import open_call
from pbx_bridge.desk.pop import FOREVER, Pops, Translate, caller_view, known
from pbx_bridge.desk.staff import Staff
from pbx_bridge.desk.through import may, through
from pbx_bridge.transfers.reducer import PutThroughs
from rules.model import Agent, Caller, Customer

_encode = msgspec.json.Encoder().encode


class Screens:
    """All sync; reads the live state when told that something moved, so that a late word shows the newest
    truth."""

    def __init__(
        self,
        hub: Hub,
        staff: Staff,
        registry: Registry,
        index: Index,
        pops: Pops,
        translate: Translate,
        clock: Callable[[], datetime],
        put_throughs: PutThroughs,
    ) -> None:
        self.hub, self.staff, self.registry, self.index = hub, staff, registry, index
        self._pops, self._translate, self._clock, self._put_throughs = pops, translate, clock, put_throughs
        self._cases: dict[str, Case] = {}
        self.news = CompanyNews(translate)
        self.around = Around(hub, staff, registry, index, clock())
        self.next_turn = FOREVER
        """When the first pop on a screen turns by itself."""

    # ---- calls

    def case(self, call_id: str) -> Case | None:
        """The call with this database id, if it is on a screen."""
        return self._cases.get(call_id)

    def has_newer(self, case: Case) -> bool:
        """Whether its agent has answered another call since, whose note is still to be written."""
        began = case.call.answered_at or case.call.arrived_at
        others = (one for one in self._cases.values() if one.owner == case.owner and not one.noted)
        return any(one.call.answered_at and one.call.answered_at > began for one in others)

    def restore(self, case: Case, agent: Agent, draft: p.DraftView | None) -> None:
        """A call that the agent still has from an earlier life of ours; a live one is known already."""
        known = self._cases.get(case.call.id)
        if known is None:
            self._cases[case.call.id] = case
            self._show(agent, case, draft)
        elif draft:
            self.draft(agent, draft)

    def reopen(self, case: Case, agent: Agent, draft: p.DraftView) -> None:
        """A noted call that is over, for correction; harmless when it lies open already."""
        if case.call.id not in self._cases:
            self._cases[case.call.id] = case
            self._show(agent, case, draft)

    def put_away(self, call_id: str) -> None:
        """Leave this call as it is; it leaves the screen."""
        case = self._cases.pop(call_id, None)
        if case is not None:
            self.hub.publish_to(case.viewers, p.CallClosed(call_id))

    def draft(self, agent: Agent, draft: p.DraftView) -> bool:
        """What was typed, to all of the agent's tabs; False when a newer revision is on the screen."""
        shown = open_call(self.hub.picture(agent.id), draft.call)
        if shown is None or (shown.draft and shown.draft.revision >= draft.revision):
            return False
        self.hub.publish(agent.id, p.Draft(draft))
        return True

    def offer(self, pbx_call: str, interface: str) -> tuple[Case | None, Agent | None]:
        """The agent's phone is about to ring: the whole pop.

        None when nobody has this phone, or the call is gone.
        """
        agent, case = self.staff.at(interface), self._seen(pbx_call)
        if agent and case:
            self._show(agent, case)
        return case, agent

    def withdraw(self, pbx_call: str, interface: str, reason: OfferGoneReason) -> None:
        """The phone stopped ringing; whoever has the call keeps it."""
        agent, case = self.staff.at(interface), self._seen(pbx_call)
        if agent is None or case is None or case.owner == agent.id:
            return
        if agent.id in case.viewers:
            case.viewers.discard(agent.id)
            taker = self.staff.at(case.call.agent)
            elsewhere = reason is OfferGoneReason.ANSWERED_ELSEWHERE
            self.hub.publish(
                agent.id,
                p.OfferGone(case.call.id, reason.value, taker.name if elsewhere and taker else ""),
            )

    def take(self, pbx_call: str, interface: str) -> None:
        """The agent answered. Whoever had the call before loses it, with what they typed going along."""
        agent, case = self.staff.at(interface), self._seen(pbx_call)
        if agent is None or case is None:
            return
        self.ask_to_block(agent.id, None)
        before, case.owner = case.owner, agent.id
        draft = self._draft(case)
        if before and before != agent.id:
            case.viewers.discard(before)
            self.hub.publish(before, p.CallClosed(case.call.id))
            self.hub.publish(before, p.Notice("taken_over", {"by": agent.name}))
        if agent.id in case.viewers:
            self.refresh_call(pbx_call)
        else:
            self._show(agent, case, draft)
        if case.call.customer_id:
            self.news.answered(agent.id, case.call.customer_id, self._clock())

    def refresh_call(self, pbx_call: str) -> None:
        """Phase, bridges or put-through moved."""
        case = self._seen(pbx_call)
        if case is not None:
            self._refresh(case)

    def noted(self, call_id: str) -> None:
        """Note saved or reason given: the call leaves the screen as soon as the agent has left the call."""
        case = self._cases.get(call_id)
        if case is not None:
            case.noted = True
            self._refresh(case)

    def resynced(self) -> None:
        """After a snapshot: calls of an earlier life that the PBX does not know are over."""
        now = self._clock()
        for case in list(self._cases.values()):
            known = self.registry.calls.get(case.call.pbx_call)
            if known is None and case.call.live:
                case.call = replace(case.call.moved(Phase.ENDED, now), ended_at=now, lost=True)
                self._refresh(case)

    # ---- pops

    def pop(self, case: Case, agent: Agent) -> p.ScreenPop:
        """The pop as it is at this moment."""
        customer, now = self._customer(case), self._clock()
        caller = self._caller(case)
        pop = self._pops.pop(case.call, caller, customer, agent, now)
        if customer:
            self.next_turn = min(self.next_turn, self._pops.valid_until(customer, caller, now))
            since = case.answered_before.get(agent.id)
            if news := self.news.sentences(agent, customer, since, now):
                pop = msgspec.structs.replace(pop, news=news)
        if case.known_as:
            pop = msgspec.structs.replace(pop, caller=known(pop.caller, case.known_as))
        return pop

    def refresh_pops(self, customers: Collection[str] | None = None) -> None:
        """The data of these customers changed (None: of all, or the clock turned)."""
        if customers is None:
            self.next_turn = FOREVER
        for case in list(self._cases.values()):
            if customers is None or case.call.customer_id in customers:
                for agent in self._viewers(case):
                    self._refresh_pop(case, agent)

    def know(self, call_id: str, agent: Agent, earlier: list[p.EarlierCallView]) -> None:
        """What the database told about this caller's earlier calls."""
        case = self._cases.get(call_id)
        if case is None or not earlier or agent.id not in case.viewers:
            return
        self.hub.publish(agent.id, p.Earlier(call_id, earlier))
        case.known_as = next((e for e in earlier if e.caller_name or e.caller_company), None)
        self._refresh_pop(case, agent)

    # ---- everything else

    def ask_to_block(self, agent_id: str, block: p.BlockView | None) -> None:
        """The offer to block a caller as it stands now; None: over, as with the next call."""
        if block != self.hub.picture(agent_id).block:
            self.hub.publish(agent_id, p.Block(block))

    def agent_id(self, interface: str | None) -> str | None:
        """Id of the agent who has this phone."""
        agent = self.staff.at(interface)
        return agent.id if agent else None

    def refresh_link(self, mail: p.ServiceState = "unknown", sms: p.ServiceState = "unknown") -> None:
        """The PBX came or went: the banner, and what each call allows now."""
        if self.around.link(mail, sms):
            for case in list(self._cases.values()):
                self._refresh(case)

    # ---- inside

    def _seen(self, pbx_call: str) -> Case | None:
        """The case of this call, with its newest state; a new one when it is live and has none yet."""
        call = self.registry.calls.get(pbx_call)
        if call is None:
            return None
        case = self._cases.get(call.id)
        if case is None:
            if not call.live:
                return None
            case = self._cases[call.id] = Case(call)
        if case.correction is None:
            case.call = call
        return case

    def _show(self, agent: Agent, case: Case, draft: p.DraftView | None = None) -> None:
        case.viewers.add(agent.id)
        customer_id = case.call.customer_id
        case.answered_before.setdefault(agent.id, self.news.last_answer(agent.id, customer_id))
        event = p.Offer(self.pop(case, agent), self._view(case, agent), draft or self._draft(case))
        self.hub.publish(agent.id, event)

    def _refresh(self, case: Case) -> None:
        if self._done(case):
            self._cases.pop(case.call.id, None)
            self.hub.publish_to(case.viewers, p.CallClosed(case.call.id))
            return
        for agent in self._viewers(case):
            shown = open_call(self.hub.picture(agent.id), case.call.id)
            view = self._view(case, agent)
            if shown and shown.view != view:
                self.hub.publish(agent.id, p.Call(view))

    def _refresh_pop(self, case: Case, agent: Agent) -> None:
        shown = open_call(self.hub.picture(agent.id), case.call.id)
        pop = self.pop(case, agent)
        if shown and _encode(shown.pop) != _encode(pop):
            self.hub.publish(agent.id, p.PopChanged(pop))

    def _view(self, case: Case, agent: Agent) -> p.CallView:
        if case.correction is not None:
            return views.correction_view(case.call, case.through, case.correction)
        pbx_call = case.call.pbx_call
        state = self._put_throughs.views.get(pbx_call)
        if state is not None:
            draft = self._draft(case)
            typed = draft.body if draft else None
            customer = self._customer(case)
            caller = self._caller_view(case, customer)
            case.through = through(state, customer, caller, typed, agent, self._translate)
        return views.call_view(
            case.call,
            agent.interface,
            put_through=case.through.view,
            tried=case.through.tried,
            joined_with=case.through.joined_with,
            phone=may(self._put_throughs.may(pbx_call)),
            noted=case.noted,
            recalled=case.recalled,
        )

    def _done(self, case: Case) -> bool:
        """Nobody has to do anything with this call any longer."""
        if case.owner is None:
            return not case.call.live
        return case.noted and not (case.call.live and case.call.busy_agent)

    def _draft(self, case: Case) -> p.DraftView | None:
        shown = (open_call(self.hub.picture(agent_id), case.call.id) for agent_id in case.viewers)
        return next((found.draft for found in shown if found and found.draft), None)

    def _customer(self, case: Case) -> Customer | None:
        return self.index.customer(case.call.customer_id)

    def _caller(self, case: Case) -> Caller:
        """Who is calling, by the list of VIPs as it is now and not as it was when the call arrived."""
        caller = case.call.caller
        vips = self.index.vips(case.call.customer_id).find(caller.number)
        return caller if vips == caller.vips else replace(caller, vips=vips, vip=vips[0] if vips else None)

    def _caller_view(self, case: Case, customer: Customer | None) -> p.CallerView:
        shown = caller_view(self._caller(case), customer, customer.region if customer else "DE")
        return known(shown, case.known_as) if case.known_as else shown

    def _viewers(self, case: Case) -> list[Agent]:
        """Agents who have this call on the screen."""
        return [agent for agent in map(self.staff.agent, case.viewers) if agent]
