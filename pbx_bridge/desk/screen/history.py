"""What a desk shows from the database: earlier calls, last notes, figures, and what a restart left open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.notes.typed import says_the_same
from pbx_bridge.desk.screen.from_storage import call_state, draft_view, recalled, through_of
from pbx_bridge.desk.screen.open_call import CallOnScreen, NotedBefore, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.desk.session.blocking import Blocking
from pbx_bridge.errors import Refused
from pbx_bridge.storage.calls import agent_figures, attempts, calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.notes import last_notes, notes
from pbx_bridge.tasks import BackgroundTasks
from rules.model import Agent
from rules.names import split_name

log = structlog.get_logger(__name__)

ZONE = ZoneInfo("Europe/Berlin")
"""Where the secretariat's day begins and ends."""
REFRESH_SECONDS = 5.0
BREATH_SECONDS = 0.1
"""Between two agents, however many there are: whatever moves is told at once, this round only makes sure."""
SUMMARY_LENGTH = 200
WANTS_NOTE = frozenset({calls.Outcome.OPEN, *calls.MISSED})
WORST_FIRST: tuple[p.NoteState, ...] = ("failed", "uncertain", "waiting", "sent", "delivered")


class History:
    """Reads the database beside the calls: nothing here delays a pop; one that is away costs only itself."""

    def __init__(
        self, db: Database, screens: Screens, clock: Callable[[], datetime], in_time: timedelta
    ) -> None:
        self._db, self._screens, self._clock, self._in_time = db, screens, clock, in_time
        self.corrections, self.blocking = Corrections(db, screens), Blocking(db, screens, clock)
        self._background = BackgroundTasks()

    # ---- at start, and for a new agent

    async def recall(self) -> None:
        """Before the first word of the PBX: who answered the calls that may still live, and what is noted."""
        staff, registry = self._screens.staff, self._screens.registry
        known: dict[str, NotedBefore] = {}
        async with self._db.read() as conn:
            live = await calls.live(conn)
            for call in live:
                agent = staff.agent(call.agent_id)
                paper = Paper(call.conversation)
                if agent and call.outcome is calls.Outcome.NOTED:
                    noted = await self.corrections.noted(conn, call.id, agent, paper)
                    known |= {call.id: NotedBefore(agent.id, call.conversation, noted)} if noted else {}
        registry.recall({call.pbx_call: recalled(call, staff.agent(call.agent_id)) for call in live})
        self._screens.hand_over.noted_before = known

    async def restore(self, agent: Agent) -> None:
        """Open calls with their drafts come back on the screen: no note that is not written yet is lost."""
        async with self._db.read() as conn:
            for stored in await calls.open_calls_of(conn, agent.id):
                await self._restore(conn, agent, stored)
            for draft in await notes.drafts_of(conn, agent.id):
                stored_call = await calls.by_id(conn, draft.call_id)
                if draft.note_id is not None:
                    await self.corrections.restore(conn, agent, draft)
                elif stored_call and stored_call.agent_id == agent.id:
                    await self._restore(conn, agent, stored_call)
            await self.blocking.restore(conn, agent)
        await self.refresh(agent)

    async def _restore(self, conn: AsyncConnection, agent: Agent, stored: calls.StoredCall) -> None:
        """A call that this agent has to note, with what was typed so far, whoever typed it."""
        index = self._screens.index
        draft = await notes.draft(conn, stored.id)
        through = through_of(index.customer(stored.customer_id), await attempts.of_call(conn, stored.id))
        typed = draft_view(draft) if draft else None
        state = call_state(stored, agent, index)
        self._screens.restore(state, agent, through, typed, recalled=stored.recalled)

    # ---- a call that is on no screen

    async def recalled(self, pbx_call: str) -> None:
        """The PBX told afterwards who took this call: onto their screen, if its note is still to be written.

        Raises StorageUnavailable.
        """
        index = self._screens.index
        async with self._db.read() as conn:
            stored = await calls.by_pbx_call(conn, pbx_call)
            agent = self._screens.staff.agent(stored.agent_id) if stored else None
            if stored is None or agent is None or stored.outcome is not calls.Outcome.OPEN:
                return
            draft = await notes.draft(conn, stored.id)
            through = through_of(index.customer(stored.customer_id), await attempts.of_call(conn, stored.id))
        typed = draft_view(draft) if draft else None
        state = call_state(stored, agent, index)
        self._screens.recall(state, agent, through, typed, recalled=stored.recalled)

    async def bring_back(self, agent: Agent, call_id: str) -> Refused | None:
        """Lay a call open again whose note this agent still has to write. Raises StorageUnavailable.

        Refused: unknown_call, not_yours.
        """
        async with self._db.read() as conn:
            stored = await calls.by_id(conn, call_id)
            if stored is None or stored.outcome not in WANTS_NOTE:
                return Refused("unknown_call")
            if stored.agent_id != agent.id:
                return Refused("not_yours")
            await self._restore(conn, agent, stored)
        return None

    async def take_letters(
        self, agent: Agent, draft: p.DraftView, base: int | None, *, newer: bool = False
    ) -> Refused | None:
        """Letters for a note that this agent has saved, and which came after its call had left the screen: it
        lies open again with them. `newer`: whatever their revision says. Refused: unknown_call; already_noted
        (they are in it); draft_outdated (typed on an older `base`: it lies open as it was saved)."""
        async with self._db.write() as conn:
            own = [one for one in await notes.chains(conn, draft.call) if one[-1].agent_id == agent.id]
            if not own:
                return Refused("unknown_call")
            newest = own[-1][-1]
            shown = await self.corrections.view(conn, own[-1])
            if says_the_same(draft.body, shown.versions[-1].body):
                return Refused("already_noted")
            if base is not None and base < newest.revision:
                await self.corrections.lay_open(conn, agent, own[-1], None)
                return Refused("draft_outdated", {"revision": str(newest.revision)})
            if newer:
                draft = p.DraftView(draft.call, newest.revision + 1, draft.body)
            if draft.revision <= newest.revision:
                return Refused("already_noted")
            await self.save_draft(conn, agent, draft, newest.note.id)
            return await self.corrections.lay_open(conn, agent, own[-1], draft)

    async def paper_now(self, call_id: str, agent: Agent, paper: Paper) -> Paper:
        """What this agent's words go into, after something has been stored behind our back."""
        async with self._db.read() as conn:
            noted = await self.corrections.noted(conn, call_id, agent, paper)
        return Paper(paper.conversation if noted else f"{paper.conversation}/{agent.id}", noted)

    # ---- beside a call

    def look_up(self, case: CallOnScreen, agent: Agent) -> None:
        """Find this caller's earlier calls to this company, and show them when they are there."""
        self.find_draft(case, agent)
        if case.call.customer_id and case.call.caller.number:
            self._beside(self._earlier(case, agent))

    def find_draft(self, case: CallOnScreen, agent: Agent) -> None:
        """Show what was typed about this call, when it is newer than what is on the screen."""
        self._beside(self._typed(case, agent))

    async def _typed(self, case: CallOnScreen, agent: Agent) -> None:
        """Another process of ours may have the newer letters."""
        async with self._db.read() as conn:
            draft = await notes.draft(conn, case.call.id)
        if draft and not case.settled and agent.id not in case.corrections:
            self._screens.draft(agent, draft_view(draft))

    async def _earlier(self, case: CallOnScreen, agent: Agent) -> None:
        await asyncio.sleep(0)  # the pop itself goes out first
        customer_id, number = case.call.customer_id, case.call.caller.number
        async with self._db.read() as conn:
            found = await calls.earlier_calls(conn, customer_id or "", number)
        self._screens.know(case.call.id, agent, [_earlier_view(call) for call in found])

    # ---- lists that grow during the day

    async def run(self) -> None:
        """Until cancelled: what became of the notes, and the day's figures, for everybody who looks."""
        while True:
            await self._guard(self._refresh_figures())
            watching = [a for a in self._screens.staff.all() if self._screens.hub.watched(a.id)]
            for agent in watching:
                await asyncio.sleep(max(REFRESH_SECONDS / len(watching), BREATH_SECONDS))
                await self._guard(self.refresh(agent))
            await asyncio.sleep(0 if watching else REFRESH_SECONDS)

    def refresh_soon(self, agent: Agent) -> None:
        """The agent has just saved a note, or opened a desk."""
        self._beside(self.refresh(agent))

    def note_moved(self, note_id: str) -> None:
        """One of the notifications of this note was sent, or was not."""
        for agent in self._screens.staff.all():
            if any(note.id == note_id for note in self._screens.hub.picture(agent.id).notes):
                self.refresh_soon(agent)

    def delivered(self, _notification_id: str) -> None:
        """A gateway told what became of a message."""
        for agent in self._screens.staff.all():
            if self._screens.hub.watched(agent.id):
                self.refresh_soon(agent)

    async def refresh(self, agent: Agent) -> None:
        """The agent's last notes and own day, published if they differ; and what another process of ours has
        noted of the calls on the screen."""
        await self._settled_elsewhere(agent)
        async with self._db.read() as conn:
            last = await last_notes.last_of_agent(conn, agent.id)
            day = await agent_figures.of_agent(conn, agent.id, _midnight(self._clock()), self._in_time)
        hub = self._screens.hub
        hues = {c.name: c.hue for c in self._screens.index.customers.values()} if last else {}
        saved = [_note_view(note, hues.get(note.customer_name, 0)) for note in last]
        if saved != hub.picture(agent.id).notes:
            hub.publish(agent.id, p.Notes(saved))
        mine = p.MineView(day.answered, day.in_time, day.notes, day.put_through, day.talk_seconds)
        if mine != hub.picture(agent.id).mine:
            hub.publish(agent.id, p.Mine(mine))

    async def _settled_elsewhere(self, agent: Agent) -> None:
        mine = [one for one in self._screens.cases() if one.owner == agent.id and not one.settled]
        if not mine:
            return
        async with self._db.read() as conn:
            done = await calls.done(conn, [one.call.id for one in mine])
            found = [one for one in mine if done.get(one.call.id) == one.conversation]
            notes_of = {
                one.call.id: await self.corrections.noted(conn, one.call.id, agent, Paper(one.conversation))
                for one in found
            }
        for one in found:
            if not one.settled and one.owner == agent.id:
                self._screens.noted(one.call.id, notes_of[one.call.id])

    async def _refresh_figures(self) -> None:
        """The day's figures of the whole floor, the same for everybody."""
        now = self._clock()
        async with self._db.read() as conn:
            figures = await calls.figures(conn, _midnight(now), now, self._in_time)
        today = p.TodayView(figures.arrived, figures.in_time, figures.missed)
        await self._screens.status.tell_all(p.Today(today), "today")

    # ---- drafts

    async def save_draft(
        self,
        conn: AsyncConnection,
        agent: Agent,
        draft: p.DraftView,
        note_id: str | None,
        base: int | None = None,
    ) -> bool:
        """Store what was typed; False when a newer revision is there, or one that is newer than `base`.
        `note_id`: what it corrects."""
        body, now = msgspec.to_builtins(draft.body), self._clock()
        return await notes.save_draft(conn, draft.call, agent.id, body, draft.revision, now, note_id, base)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        self._background.start(self._guard(work))

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end."""
        await self._background.settle(seconds)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except StorageUnavailable as error:
            log.warning("desk_history_unreadable", reason=error.reason)
        except Exception:
            log.exception("desk_history_failed")


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _earlier_view(call: calls.EarlierCall) -> p.EarlierCallView:
    short = call.concern[:SUMMARY_LENGTH]
    name, company = call.caller_name, call.caller_company
    return p.EarlierCallView(call.arrived_at, short, call.agent_name, name, company, call.closed_reason)


def _note_view(note: last_notes.NoteSummary, hue: int) -> p.SavedNoteView:
    states = {"waiting" if state == "sending" else state for state in note.states}
    return p.SavedNoteView(
        id=note.note_id,
        call=note.call_id,
        at=note.created_at,
        company=note.customer_name,
        hue=hue,
        to=", ".join(split_name(name).spoken for name in note.recipients),
        caller=note.caller_name,
        state=next((state for state in WORST_FIRST if state in states), "none"),
        sms_off=note.sms_off,
    )
