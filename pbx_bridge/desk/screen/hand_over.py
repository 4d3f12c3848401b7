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
        self,
        open_call: CallOnScreen,
        agent: Agent,
        typed: p.DraftView | None = None,
        *,
        recalled: bool = False,
    ) -> None:
        """This agent has answered. Whoever had the call before and has not noted it loses it, with what they
        typed going along; whoever has noted it goes on with that. `typed`: as it is stored. `recalled`:
        unseen by this service; the first word about the call says so."""
        if self._same(open_call, agent):
            open_call.recalled = open_call.recalled or recalled
        else:
            draft = self._hand_over(open_call, agent) or typed
            open_call.begin(agent.id, open_call.call.conversation, recalled=recalled)
            self._begin_with(open_call, agent, draft)
        if agent.id not in open_call.viewers:
            self._showing.offer(open_call, agent, self._showing.draft(open_call, agent.id) or typed)

    def follow_asked(self, open_call: CallOnScreen) -> bool:
        """Who is asked sees the call before the phone rings, and as long as they talk about it. True: that is
        somebody else now."""
        attempt, staff = self._showing.asked(open_call), self._showing.staff
        colleague = staff.at(attempt.colleague) if attempt else None
        asked, before = colleague.id if colleague else None, staff.agent(open_call.asked)
        if asked == open_call.asked:
            return False
        open_call.asked = asked
        if before and before.id in open_call.viewers and not _has_own(open_call, before):
            open_call.viewers.discard(before.id)
            self._hub.publish(before.id, p.CallClosed(open_call.call.id))
        if colleague and colleague.id not in open_call.viewers:
            self._showing.offer(open_call, colleague, None)
        return True

    def left_behind(self, open_call: CallOnScreen) -> p.DraftView | None:
        """What was typed about a conversation that nobody has noted."""
        return None if open_call.settled else self._showing.draft(open_call, open_call.owner)

    def _same(self, open_call: CallOnScreen, agent: Agent) -> bool:
        """Whether this conversation is known already: told again, or from before a restart."""
        recalled, fresh = (
            self._ports.noted_before(open_call.call.id),
            open_call.owner is None and not open_call.conversation,
        )
        if recalled and fresh and recalled.is_of(agent.id, open_call.call.conversation):
            open_call.begin(agent.id, open_call.call.conversation)
            open_call.settle(recalled.noted)
            open_call.typed = open_call.corrections.pop(agent.id, None) is not None
            return True
        return open_call.owner == agent.id and open_call.conversation == open_call.call.conversation

    def _hand_over(self, open_call: CallOnScreen, agent: Agent) -> p.DraftView | None:
        """What the new conversation begins with; the old one's agent loses it, or goes on with its note."""
        draft, own = self.left_behind(open_call), self._typed_on(open_call, agent)
        before = open_call.owner
        if before and before != agent.id and open_call.noted and agent.id in open_call.viewers:
            self._showing.noted_meanwhile(open_call, agent)
        if before and before != agent.id and not open_call.settled:
            open_call.handed[before] = Handed(open_call.conversation, draft)
            open_call.viewers.discard(before)
            self._hub.publish(before, p.CallClosed(open_call.call.id))
            self._hub.publish(before, p.Notice("taken_over", {"by": agent.name}))
            self._lost(before)
        elif before and before != agent.id and open_call.noted and open_call.typed:
            open_call.corrections[before] = open_call.noted
        elif (
            before and before != agent.id and before in open_call.viewers
        ):  # noted, and handed over in mid-call
            open_call.viewers.discard(before)
            self._hub.publish(before, p.CallClosed(open_call.call.id))
        return together(draft, own)

    def _lost(self, agent_id: str) -> None:
        agent = self._showing.staff.agent(agent_id)
        if agent:
            self._ports.lost(agent.interface)

    def _typed_on(self, open_call: CallOnScreen, agent: Agent) -> p.DraftView | None:
        """What this agent typed into their own note of an earlier conversation goes on as the new note."""
        own = open_call.corrections.pop(agent.id, None)
        if own is None and open_call.owner == agent.id and open_call.typed:
            own = open_call.noted
        draft = self._showing.draft(open_call, agent.id) if own else None
        if own is None or draft is None or draft.body == own.versions[-1].body:
            return None
        self._ports.goes_on(open_call.call.id, own.note)
        return draft

    def _begin_with(self, open_call: CallOnScreen, agent: Agent, draft: p.DraftView | None) -> None:
        shown = self._showing.draft(open_call, agent.id)
        if (
            agent.id in open_call.viewers and shown and draft is None
        ):  # it has been noted since it was offered
            self._hub.publish(agent.id, p.CallClosed(open_call.call.id))
            open_call.viewers.discard(agent.id)
        if agent.id not in open_call.viewers:
            self._showing.offer(open_call, agent, draft)
        elif draft and draft != shown:
            self._hub.publish(agent.id, p.Draft(draft))


def _has_own(open_call: CallOnScreen, agent: Agent) -> bool:
    """Whether this agent sees the call for another reason than being asked."""
    has = agent.interface == open_call.call.busy_agent or agent.interface in open_call.call.offered
    return has or agent.id == open_call.owner or agent.id in open_call.corrections
