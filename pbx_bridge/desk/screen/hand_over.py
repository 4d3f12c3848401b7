"""Who has a call from now on, and what goes along: words that nobody has saved follow the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.joined_drafts import together
from pbx_bridge.desk.screen.open_call import CallOnScreen, Handed, NotedBefore
from pbx_bridge.desk.screen.showing import Showing
from pbx_bridge.desk.stream.hub import Hub
from rules.model import Agent


@dataclass(frozen=True, slots=True)
class HandOverPorts:
    """What a hand-over asks of those above the screens, and tells them.

    `noted_before`: database id of a call that may still live → what was noted of it before a restart.
    `goes_on` is told (call, note) when what was typed into that note goes on as the call's new one; `lost`,
    at which phone the agent is whose call a colleague has now, before they noted it.
    """

    noted_before: Callable[[str], NotedBefore | None]
    goes_on: Callable[[str, str], None]
    lost: Callable[[str], None]


class HandOver:
    """All sync; `ports`: what else follows when a call changes hands."""

    def __init__(self, hub: Hub, showing: Showing, ports: HandOverPorts) -> None:
        self._hub, self._showing, self._ports = hub, showing, ports

    def take(
        self, case: CallOnScreen, agent: Agent, typed: p.DraftView | None = None, *, recalled: bool = False
    ) -> None:
        """This agent has answered. Whoever had the call before and has not noted it loses it, with what they
        typed going along; whoever has noted it goes on with that. `typed`: as it is stored. `recalled`:
        unseen by this service; the first word about the call says so."""
        if self._same(case, agent):
            case.recalled = case.recalled or recalled
        else:
            draft = self._hand_over(case, agent) or typed
            case.begin(agent.id, case.call.conversation, recalled=recalled)
            self._begin_with(case, agent, draft)
        if agent.id not in case.viewers:
            self._showing.offer(case, agent, self._showing.draft(case, agent.id) or typed)

    def follow_asked(self, case: CallOnScreen) -> bool:
        """Who is asked sees the call before the phone rings, and as long as they talk about it. True: that is
        somebody else now."""
        attempt, staff = self._showing.asked(case), self._showing.staff
        colleague = staff.at(attempt.colleague) if attempt else None
        asked, before = colleague.id if colleague else None, staff.agent(case.asked)
        if asked == case.asked:
            return False
        case.asked = asked
        if before and before.id in case.viewers and not _has_own(case, before):
            case.viewers.discard(before.id)
            self._hub.publish(before.id, p.CallClosed(case.call.id))
        if colleague and colleague.id not in case.viewers:
            self._showing.offer(case, colleague, None)
        return True

    def left_behind(self, case: CallOnScreen) -> p.DraftView | None:
        """What was typed about a conversation that nobody has noted."""
        return None if case.settled else self._showing.draft(case, case.owner)

    def _same(self, case: CallOnScreen, agent: Agent) -> bool:
        """Whether this conversation is known already: told again, or from before a restart."""
        recalled, fresh = self._ports.noted_before(case.call.id), case.owner is None and not case.conversation
        if recalled and fresh and recalled.is_of(agent.id, case.call.conversation):
            case.begin(agent.id, case.call.conversation)
            case.settle(recalled.noted)
            case.typed = case.corrections.pop(agent.id, None) is not None
            return True
        return case.owner == agent.id and case.conversation == case.call.conversation

    def _hand_over(self, case: CallOnScreen, agent: Agent) -> p.DraftView | None:
        """What the new conversation begins with; the old one's agent loses it, or goes on with its note."""
        draft, own = self.left_behind(case), self._typed_on(case, agent)
        before = case.owner
        if before and before != agent.id and case.noted and agent.id in case.viewers:
            self._showing.noted_meanwhile(case, agent)
        if before and before != agent.id and not case.settled:
            case.handed[before] = Handed(case.conversation, draft)
            case.viewers.discard(before)
            self._hub.publish(before, p.CallClosed(case.call.id))
            self._hub.publish(before, p.Notice("taken_over", {"by": agent.name}))
            self._lost(before)
        elif before and before != agent.id and case.noted and case.typed:
            case.corrections[before] = case.noted
        elif before and before != agent.id and before in case.viewers:  # noted, and handed over in mid-call
            case.viewers.discard(before)
            self._hub.publish(before, p.CallClosed(case.call.id))
        return together(draft, own)

    def _lost(self, agent_id: str) -> None:
        agent = self._showing.staff.agent(agent_id)
        if agent:
            self._ports.lost(agent.interface)

    def _typed_on(self, case: CallOnScreen, agent: Agent) -> p.DraftView | None:
        """What this agent typed into their own note of an earlier conversation goes on as the new note."""
        own = case.corrections.pop(agent.id, None)
        if own is None and case.owner == agent.id and case.typed:
            own = case.noted
        draft = self._showing.draft(case, agent.id) if own else None
        if own is None or draft is None or draft.body == own.versions[-1].body:
            return None
        self._ports.goes_on(case.call.id, own.note)
        return draft

    def _begin_with(self, case: CallOnScreen, agent: Agent, draft: p.DraftView | None) -> None:
        shown = self._showing.draft(case, agent.id)
        if agent.id in case.viewers and shown and draft is None:  # it has been noted since it was offered
            self._hub.publish(agent.id, p.CallClosed(case.call.id))
            case.viewers.discard(agent.id)
        if agent.id not in case.viewers:
            self._showing.offer(case, agent, draft)
        elif draft and draft != shown:
            self._hub.publish(agent.id, p.Draft(draft))


def _has_own(case: CallOnScreen, agent: Agent) -> bool:
    """Whether this agent sees the call for another reason than being asked."""
    has = agent.interface == case.call.busy_agent or agent.interface in case.call.offered
    return has or agent.id == case.owner or agent.id in case.corrections
