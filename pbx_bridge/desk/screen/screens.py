"""Keeps every agent's screen in step with the live state, and says only what differs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from pbx_bridge.calls.effects import OfferGoneReason, Phase
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.state import CallState
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.desk.screen.editions import Editions
from pbx_bridge.desk.screen.hand_over import HandOver, HandOverPorts
from pbx_bridge.desk.screen.open_call import CallOnScreen
from pbx_bridge.desk.screen.pop import FOREVER, Pops, Translate
from pbx_bridge.desk.screen.showing import Showing
from pbx_bridge.desk.screen.status import Services, Status
from pbx_bridge.desk.screen.transfer_view import TransferView
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.desk.stream.projection import find_open_call
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage.maintenance.watch import StorageState
from pbx_bridge.time_slices import gently
from pbx_bridge.transfers.reducer import PutThroughs
from rules.model import Agent


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
        ports: HandOverPorts,
    ) -> None:
        self.hub, self.staff, self.registry, self.index = hub, staff, registry, index
        self._clock = clock
        self._on_screen: dict[str, CallOnScreen] = {}
        self.news, self.editions = CompanyNews(translate), Editions(index)
        self.asked = put_throughs.asked
        self.status = Status(hub, staff, registry, index, clock(), self.asked)
        told = (put_throughs, self.news, staff, self.editions)
        self._showing = Showing(hub, index, pops, translate, clock, *told)
        self.shown_draft, self.know, self.on_shown = (
            self._showing.draft, self._showing.know, self._showing.on_shown,
        )  # fmt: skip
        self._hand_over = HandOver(hub, self._showing, ports)

    # ---- calls

    def on_screen(self, call_id: str) -> CallOnScreen | None:
        """The call with this database id, if it is on a screen."""
        return self._on_screen.get(call_id)

    def all_on_screen(self) -> tuple[CallOnScreen, ...]:
        """All that are on a screen."""
        return tuple(self._on_screen.values())

    def has_newer(self, open_call: CallOnScreen) -> bool:
        """Whether its agent has answered another call since, whose note is still to be written."""
        began = open_call.call.answered_at or open_call.call.arrived_at
        others = (one for one in self._on_screen.values() if one.owner == open_call.owner and not one.settled)
        return any(one.call.answered_at and one.call.answered_at > began for one in others)

    def restore(
        self,
        call: CallState,
        agent: Agent,
        transfer: TransferView,
        draft: p.DraftView | None,
        *,
        recalled: bool = False,
    ) -> None:
        """A call that the agent still has to note, from before a restart or from another process."""
        known = self._on_screen.get(call.id)
        if known is None or known.owner is None:
            open_call = known or self._on_screen.setdefault(call.id, CallOnScreen(call, transfer=transfer))
            open_call.begin(agent.id, call.conversation, recalled=recalled)
            self._showing.offer(open_call, agent, draft)
        elif draft and known.owner == agent.id:
            self.draft(agent, draft)

    def lay_open(
        self,
        call: CallState,
        agent: Agent,
        transfer: TransferView,
        note: p.CorrectionView,
        draft: p.DraftView,
    ) -> bool:
        """A note of this agent for correction; False when its call is on their screen for another reason."""
        open_call = self._on_screen.setdefault(call.id, CallOnScreen(call, transfer=transfer))
        if agent.id in open_call.viewers:
            return agent.id in open_call.corrections
        open_call.corrections[agent.id] = note
        self._showing.offer(open_call, agent, draft)
        return True

    def put_away(self, call_id: str, agent: Agent, newer: p.CorrectionView | None = None) -> None:
        """The correction is done, or not wanted: it leaves the screen. `newer`: it does not, because another
        tab has typed something else already, which corrects this version."""
        open_call = self._on_screen.get(call_id)
        if open_call is not None and agent.id in open_call.corrections:
            open_call.corrections |= {agent.id: newer} if newer else {}
            if newer is None:
                del open_call.corrections[agent.id]
            self._refresh(open_call, over=True)

    def draft(self, agent: Agent, draft: p.DraftView) -> bool:
        """What was typed, to all of the agent's tabs; False when a newer revision is on the screen."""
        shown = find_open_call(self.hub.picture(agent.id), draft.call)
        if shown is None or (shown.draft and shown.draft.revision >= draft.revision):
            return False
        self.hub.publish(agent.id, p.Draft(draft))
        return True

    def offer(self, pbx_call: str, interface: str) -> tuple[CallOnScreen | None, Agent | None]:
        """The agent's phone is about to ring: the whole pop. None: nobody has this phone, or the call is
        gone."""
        agent, open_call = self.staff.at(interface), self._seen(pbx_call)
        if agent and open_call:
            own = self._showing.draft(open_call, agent.id)
            self._showing.offer(open_call, agent, own or self._hand_over.left_behind(open_call))
        return open_call, agent

    def withdraw(self, pbx_call: str, interface: str, reason: OfferGoneReason) -> None:
        """The phone stopped ringing; whoever has the call keeps it."""
        agent, open_call = self.staff.at(interface), self._seen(pbx_call)
        if agent is None or open_call is None or agent.id not in open_call.viewers:
            return
        if open_call.owner == agent.id or agent.id in open_call.corrections:
            self._refresh(open_call)
            return
        open_call.viewers.discard(agent.id)
        others = {
            OfferGoneReason.ANSWERED_ELSEWHERE: open_call.call.agent,
            OfferGoneReason.PICKED: open_call.call.picked,
        }
        taker = self.staff.at(others.get(reason))
        self.hub.publish(agent.id, p.OfferGone(open_call.call.id, reason.value, taker.name if taker else ""))

    def take(self, pbx_call: str, interface: str) -> tuple[CallOnScreen | None, Agent | None]:
        """The agent answered."""
        agent, open_call = self.staff.at(interface), self._seen(pbx_call)
        if agent is None or open_call is None:
            return None, None
        self.ask_to_block(agent.id, None)
        self._hand_over.take(open_call, agent)
        self._refresh(open_call)
        if open_call.call.customer_id:
            self.news.answered(agent.id, open_call.call.customer_id, self._clock())
        return open_call, agent

    def recall(
        self,
        stored: CallState,
        agent: Agent,
        transfer: TransferView,
        draft: p.DraftView | None,
        *,
        recalled: bool,
    ) -> None:
        """The agent had this call while we did not look, and has not noted it. `recalled`: it was
        not seen at all."""
        open_call = self._on_screen.setdefault(stored.id, CallOnScreen(stored))
        open_call.call, open_call.transfer = self.registry.calls.get(stored.pbx_call, stored), transfer
        self._hand_over.take(open_call, agent, draft, recalled=recalled)
        self._refresh(open_call)

    def refresh_call(self, pbx_call: str, *, over: bool = False) -> None:
        """Phase, bridges or put-through moved; `over`: that was the last of it."""
        open_call = self._seen(pbx_call)
        if open_call is not None:
            self._refresh(open_call, over=over)

    def noted(
        self,
        call_id: str,
        note: p.CorrectionView | None = None,
        revision: int = 0,
        left: p.DraftView | None = None,
    ) -> None:
        """Note saved, or reason given (None): the call leaves the screen as soon as its agent has left the
        call. Until then what is typed on corrects the note, which all tabs show as it was saved, unless one
        of them has typed something else already (`left`). `revision`: of the draft that was saved."""
        open_call = self._on_screen.get(call_id)
        if open_call is None:
            return
        open_call.settle(note)
        open_call.typed = left is not None
        if note and open_call.owner and left is None:
            shown = self._showing.draft(open_call, open_call.owner)
            newest = max(revision, shown.revision if shown else 0) + 1
            self.hub.publish(open_call.owner, p.Draft(p.DraftView(call_id, newest, note.versions[-1].body)))
        self._refresh(open_call)

    def resynced(self) -> None:
        """After a snapshot: calls of an earlier life that the PBX does not know are over."""
        now = self._clock()
        for open_call in self.all_on_screen():
            known = self.registry.calls.get(open_call.call.pbx_call)
            if known is None and open_call.call.live:
                open_call.call = replace(open_call.call.moved(Phase.ENDED, now), ended_at=now, lost=True)
                self._refresh(open_call, over=True)

    # ---- pops

    @property
    def next_turn(self) -> datetime:
        """When the first pop on a screen turns by itself."""
        return self._showing.next_turn

    async def find(self, open_call: CallOnScreen, command: p.Find) -> p.Answer:
        """Who, or which answer, fits what is typed."""
        return await self._showing.find(open_call, command)

    async def refresh_pops(self, customers: Collection[str] | None = None) -> None:
        """The data of these customers changed (None: of all, or the clock turned). Hundreds may be open."""
        if customers is None:
            self._showing.next_turn = FOREVER
        async for open_call in gently(self.all_on_screen()):
            if customers is None or open_call.call.customer_id in customers:
                await self._showing.ready(open_call)
                for agent in self._viewers(open_call):
                    self._showing.refresh_pop(open_call, agent)

    # ---- everything else

    def ask_to_block(self, agent_id: str, block: p.BlockView | None) -> None:
        """The offer to block a caller as it stands now; None: over, as with the next call."""
        if block != self.hub.picture(agent_id).block:
            self.hub.publish(agent_id, p.Block(block))

    def pick_failed(self, pbx_call: str, interface: str, code: str, by: str) -> None:
        """The caller whom this agent has picked does not come; `by`: who has them."""
        agent, call, other = self.staff.at(interface), self.registry.calls.get(pbx_call), self.staff.at(by)
        if agent is not None:
            customer = self.index.customer(call.customer_id) if call else None
            params = {"company": customer.name if customer else "", "by": other.name if other else ""}
            self.hub.publish(agent.id, p.Notice(code, params))

    def is_coming(self, interface: str) -> bool:
        """Whether somebody is on the way to this phone whom the queue does not send."""
        return interface in self.registry.coming() or interface in self.asked()

    def refresh_link(self, services: Services, storage: StorageState) -> None:
        """The PBX or the database came or went: the banner, and what each call allows now."""
        if self.status.link(services, storage):
            for open_call in self.all_on_screen():
                self._refresh(open_call)

    # ---- inside

    def _seen(self, pbx_call: str) -> CallOnScreen | None:
        """This call as an open one, with its newest state; a new one when it is live and has none yet."""
        call = self.registry.calls.get(pbx_call)
        if call is None:
            return None
        open_call = self._on_screen.get(call.id)
        if open_call is None:
            if not call.live:
                return None
            open_call = self._on_screen[call.id] = CallOnScreen(call)
        open_call.call = call
        return open_call

    def _refresh(self, open_call: CallOnScreen, *, over: bool = False) -> None:
        if self._hand_over.follow_asked(open_call):
            self.status.colleagues_moved()
        owner = self.staff.agent(open_call.owner)
        open_call.turn_over(owner.interface if owner else "")
        for agent in self._viewers(open_call):
            if open_call.leaves(agent.id, agent.interface, over=over):
                open_call.viewers.discard(agent.id)
                self.hub.publish(agent.id, p.CallClosed(open_call.call.id))
            else:
                self._showing.refresh(open_call, agent)
        if not self._viewers(open_call) and not open_call.call.live:
            self._on_screen.pop(open_call.call.id, None)

    def _viewers(self, open_call: CallOnScreen) -> list[Agent]:
        """Agents who have this call on the screen."""
        return [agent for agent in map(self.staff.agent, sorted(open_call.viewers)) if agent]
