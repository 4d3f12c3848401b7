"""What an open call looks like on an agent's screen, and the telling of what differs from what is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import msgspec

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen import views
from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.desk.screen.editions import Editions
from pbx_bridge.desk.screen.open_call import CallOnScreen
from pbx_bridge.desk.screen.pop import FOREVER, Pops, Translate, caller_view, known
from pbx_bridge.desk.screen.transfer_view import may, transfer_view
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.desk.stream.projection import find_open_call
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.transfers.reducer import PutThroughs
from pbx_bridge.transfers.state import Attempt
from rules.model import Agent, Caller, Customer

_encode = msgspec.json.Encoder().encode


class Showing:
    """All sync; knows no agent but the one it is asked about. `next_turn`: when the first pop on a screen
    turns by itself."""

    def __init__(
        self,
        hub: Hub,
        index: Index,
        pops: Pops,
        translate: Translate,
        clock: Callable[[], datetime],
        put_throughs: PutThroughs,
        news: CompanyNews,
        staff: Staff,
        editions: Editions,
    ) -> None:
        self.staff, self._editions = staff, editions
        self._shown: Callable[[CallOnScreen, Agent], None] = lambda open_call, agent: None
        self._hub, self._index, self._pops, self._translate = hub, index, pops, translate
        self._clock, self._put_throughs, self._news = clock, put_throughs, news
        self.next_turn = FOREVER

    def draft(self, open_call: CallOnScreen, agent_id: str | None) -> p.DraftView | None:
        """What is typed so far, as this agent sees it."""
        shown = find_open_call(self._hub.picture(agent_id), open_call.call.id) if agent_id else None
        return shown.draft if shown else None

    def on_shown(self, listener: Callable[[CallOnScreen, Agent], None]) -> None:
        """Told from now on of each call that comes onto an agent's screen, whatever way it came there."""
        self._shown = listener

    def offer(self, open_call: CallOnScreen, agent: Agent, draft: p.DraftView | None) -> None:
        """The whole call, as if it had never been there: what is typed from now on is not late."""
        open_call.viewers.add(agent.id)
        open_call.handed.pop(agent.id, None)
        open_call.answered_before.setdefault(
            agent.id, self._news.last_answer(agent.id, open_call.call.customer_id)
        )
        self._hub.publish(agent.id, p.Offer(self.pop(open_call, agent), self.view(open_call, agent), draft))
        self._shown(open_call, agent)

    def noted_meanwhile(self, open_call: CallOnScreen, agent: Agent) -> None:
        """The call was noted since this agent first saw it: the note is one of the earlier ones to them."""
        self._shown(open_call, agent)

    def know(self, open_call: CallOnScreen, agent: Agent, earlier: list[p.EarlierCallView]) -> None:
        """What the database told about this caller's earlier calls."""
        shown = find_open_call(self._hub.picture(agent.id), open_call.call.id)
        if not earlier or shown is None or agent.id not in open_call.viewers:
            return
        if shown.earlier != earlier:
            self._hub.publish(agent.id, p.Earlier(open_call.call.id, earlier))
        open_call.known_as = next(
            (e for e in earlier if e.caller_name or e.caller_company), open_call.known_as
        )
        self.refresh_pop(open_call, agent)

    def refresh(self, open_call: CallOnScreen, agent: Agent) -> None:
        """Phase, put-through, what may be done now."""
        shown = find_open_call(self._hub.picture(agent.id), open_call.call.id)
        view = self.view(open_call, agent)
        if shown and shown.view != view:
            self._hub.publish(agent.id, p.Call(view))

    async def ready(self, open_call: CallOnScreen) -> None:
        """Before its pop is made anew: what takes long with a big company."""
        if customer := self._index.customer(open_call.call.customer_id):
            await self._pops.warm(customer, self._clock(), self._caller(open_call))

    def refresh_pop(self, open_call: CallOnScreen, agent: Agent) -> None:
        """Company, caller, who is away."""
        shown = find_open_call(self._hub.picture(agent.id), open_call.call.id)
        pop = self.pop(open_call, agent)
        if shown is None or _encode(shown.pop) == _encode(pop):
            return
        # Somebody of a big company changes every few seconds, and mostly nobody of the fifty who are shown.
        edition = msgspec.structs.replace(shown.pop, edition=pop.edition)
        others = _encode(edition) == _encode(pop)
        self._hub.publish(
            agent.id, p.OthersChanged(open_call.call.id, pop.edition) if others else p.PopChanged(pop)
        )

    def pop(self, open_call: CallOnScreen, agent: Agent) -> p.ScreenPop:
        """The pop as it is at this moment."""
        customer, now = self._index.customer(open_call.call.customer_id), self._clock()
        caller = self._caller(open_call)
        pop = self._pops.pop(open_call.call, caller, customer, agent, now)
        if customer:
            open_call.labels |= {field.key: field.label for field in customer.note_fields}
            self.next_turn = min(self.next_turn, self._pops.valid_until(customer, caller, now))
            if edition := self._editions.of(customer, now):
                pop = msgspec.structs.replace(pop, edition=edition)
            since = open_call.answered_before.get(agent.id)
            if news := self._news.sentences(agent, customer, since, now):
                pop = msgspec.structs.replace(pop, news=news)
        if open_call.known_as:
            pop = msgspec.structs.replace(pop, caller=known(pop.caller, open_call.known_as))
        return pop

    async def find(self, open_call: CallOnScreen, command: p.Find) -> p.Answer:
        """Who, or which answer of the company, fits what is typed."""
        customer, caller, now = (
            self._index.customer(open_call.call.customer_id),
            self._caller(open_call),
            self._clock(),
        )
        if customer is None:
            return p.Answer(command.id, ok=True)
        if command.what == "faq":
            faq, total = self._pops.answers(customer, command.query)
            return p.Answer(command.id, ok=True, faq=faq, total=total)
        found, names, total = await self._pops.found(customer, caller, command.query, command.ids, now)
        return p.Answer(command.id, ok=True, employees=found, names=names, total=total)

    def view(self, open_call: CallOnScreen, agent: Agent) -> p.CallView:
        """The call as this agent may deal with it."""
        correction = open_call.corrections.get(agent.id)
        if correction is not None and agent.interface not in open_call.call.offered:
            return views.correction_view(open_call.call, open_call.transfer, correction)
        attempt = self.asked(open_call)
        if attempt and attempt.colleague == agent.interface and open_call.call.busy_agent != agent.interface:
            return views.asked_view(open_call.call, self.staff.at(open_call.call.busy_agent), attempt)
        self._follow_put_through(open_call, agent)
        return views.call_view(
            open_call.call,
            agent.interface,
            put_through=open_call.transfer.view,
            tried=open_call.transfer.tried,
            joined_with=open_call.transfer.joined_with,
            joined_number=open_call.transfer.joined_number,
            phone=may(self._put_throughs.may(open_call.call.pbx_call)),
            settled=open_call.settled,
            noted=open_call.noted if agent.id == open_call.owner else None,
            recalled=open_call.recalled,
        )

    def _follow_put_through(self, open_call: CallOnScreen, agent: Agent) -> None:
        state = self._put_throughs.views.get(open_call.call.pbx_call)
        if state is None:
            return
        draft = self.draft(open_call, agent.id)
        customer = self._index.customer(open_call.call.customer_id)
        caller, typed = self._caller_view(open_call, customer), draft.body if draft else None
        leg = open_call.call.employee_leg
        asked = self.staff.at(state.asked_colleague.colleague) if state.asked_colleague else None
        open_call.transfer = transfer_view(state, customer, caller, typed, agent, self._translate, leg, asked)

    def asked(self, open_call: CallOnScreen) -> Attempt | None:
        """The colleague whom the agent of this call rings, or talks to."""
        state = self._put_throughs.views.get(open_call.call.pbx_call)
        return state.asked_colleague if state and open_call.call.live else None

    def _caller(self, open_call: CallOnScreen) -> Caller:
        """Who is calling, by the list of VIPs as it is now and not as it was when the call arrived."""
        caller = open_call.call.caller
        vips = self._index.vips(open_call.call.customer_id).find(caller.number)
        return caller if vips == caller.vips else replace(caller, vips=vips, vip=vips[0] if vips else None)

    def _caller_view(self, open_call: CallOnScreen, customer: Customer | None) -> p.CallerView:
        shown = caller_view(self._caller(open_call), customer, customer.region if customer else "DE")
        return known(shown, open_call.known_as) if open_call.known_as else shown
