"""What a desk shows from the database: earlier calls, last notes, figures, and what a restart left open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.blocking import Blocking
from pbx_bridge.desk.case import Case
from pbx_bridge.desk.corrections import Corrections
from pbx_bridge.desk.screens import Screens
from pbx_bridge.desk.stored import call_state, through_of
from pbx_bridge.storage import attempts, calls, notes, own_day
from pbx_bridge.storage.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.tasks import Errands
from rules.model import Agent
from rules.names import split_name

log = structlog.get_logger(__name__)

ZONE = ZoneInfo("Europe/Berlin")
"""Where the secretariat's day begins and ends."""
REFRESH_SECONDS = 5.0
BREATH_SECONDS = 0.1
"""Between two agents, however many there are: whatever moves is told at once, this round only makes sure."""
SUMMARY_LENGTH = 200
WORST_FIRST: tuple[p.NoteState, ...] = ("failed", "uncertain", "waiting", "sent", "delivered")


class History:
    """Reads the database beside the calls: nothing here delays a pop, and a database that is away costs only
    itself."""

    def __init__(self, db: Database, screens: Screens, clock: Callable[[], datetime]) -> None:
        self._db, self._screens, self._clock = db, screens, clock
        self.corrections, self.blocking = Corrections(db, screens), Blocking(db, screens, clock)
        self._errands = Errands()

    # ---- at start, and for a new agent

    async def restore(self, agent: Agent) -> None:
        """Open calls with their drafts come back on the screen: a note that was not written yet is never
        lost."""
        async with self._db.read() as conn:
            drafts = {draft.call_id: draft for draft in await notes.drafts_of(conn, agent.id)}
            for stored in await calls.open_calls_of(conn, agent.id):
                draft = drafts.pop(stored.id, None)
                case = await self._case(conn, stored, agent)
                self._screens.restore(case, agent, _draft_view(draft) if draft else None)
            for draft in drafts.values():
                await self.corrections.restore(conn, agent, _draft_view(draft))
            await self.blocking.restore(conn, agent)
        await self.refresh(agent)

    async def recalled(self, pbx_call: str) -> None:
        """The PBX told afterwards who took this call: onto their screen, if its note is still to be written.

        Raises StorageUnavailable.
        """
        live = self._screens.registry.calls.get(pbx_call)
        async with self._db.read() as conn:
            stored = await calls.by_pbx_call(conn, pbx_call)
            agent = self._screens.staff.agent(stored.agent_id or "") if stored else None
            if live is None or stored is None or agent is None or stored.outcome is not calls.Outcome.OPEN:
                return
            draft = await notes.draft(conn, live.id)
            fresh = await self._case(conn, stored, agent)
        known = self._screens.case(live.id)
        if known and known.owner == agent.id:
            known.recalled, known.through = stored.recalled, fresh.through
            self._screens.refresh_call(pbx_call)
            return
        self._screens.put_away(live.id)  # from whoever it rang at, or who had it before
        fresh.call = live
        self._screens.restore(fresh, agent, _draft_view(draft) if draft else None)

    async def _case(self, conn: AsyncConnection, stored: calls.StoredCall, agent: Agent) -> Case:
        index = self._screens.index
        call, customer = call_state(stored, agent, index), index.customer(stored.customer_id)
        through = through_of(customer, await attempts.of_call(conn, stored.id))
        return Case(call, agent.id, through=through, recalled=stored.recalled)

    # ---- beside a call

    def look_up(self, case: Case, agent: Agent) -> None:
        """Find this caller's earlier calls to this company and show them when they are there."""
        if case.call.customer_id and case.call.caller.number:
            self._beside(self._earlier(case, agent))

    async def _earlier(self, case: Case, agent: Agent) -> None:
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
        """The agent's last notes and own day, published if they differ."""
        async with self._db.read() as conn:
            last = await notes.last_of_agent(conn, agent.id)
            day = await own_day.of_agent(conn, agent.id, _midnight(self._clock()))
        hub = self._screens.hub
        hues = {c.name: c.hue for c in self._screens.index.customers.values()} if last else {}
        saved = [_note_view(note, hues.get(note.customer_name, 0)) for note in last]
        if saved != hub.picture(agent.id).notes:
            hub.publish(agent.id, p.Notes(saved))
        mine = p.MineView(day.answered, day.in_20s, day.notes, day.put_through, day.talk_seconds)
        if mine != hub.picture(agent.id).mine:
            hub.publish(agent.id, p.Mine(mine))

    async def _refresh_figures(self) -> None:
        """The day's figures of the whole floor, the same for everybody."""
        now = self._clock()
        async with self._db.read() as conn:
            figures = await calls.figures(conn, _midnight(now), now)
        abandoned = max(0, figures.arrived - figures.answered - len(self._screens.registry.waiting))
        today = p.TodayView(figures.arrived, figures.answered_in_20s, abandoned)
        await self._screens.around.tell_all(p.Today(today), "today")

    # ---- drafts

    async def save_draft(self, conn: AsyncConnection, agent: Agent, draft: p.DraftView) -> bool:
        """Store what was typed; False when a newer revision is there."""
        body = msgspec.to_builtins(draft.body)
        return await notes.save_draft(conn, draft.call, agent.id, body, draft.revision, self._clock())

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        self._errands.send(self._guard(work))

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end."""
        await self._errands.settle(seconds)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except StorageUnavailable as error:
            log.warning("desk_history_unreadable", reason=error.reason)
        except Exception:
            log.exception("desk_history_failed")


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _draft_view(draft: notes.Draft) -> p.DraftView:
    return p.DraftView(draft.call_id, draft.revision, msgspec.convert(draft.body, p.NoteBody))


def _earlier_view(call: calls.EarlierCall) -> p.EarlierCallView:
    short = call.concern[:SUMMARY_LENGTH]
    name, company = call.caller_name, call.caller_company
    return p.EarlierCallView(call.arrived_at, short, call.agent_name, name, company, call.closed_reason)


def _note_view(note: notes.NoteSummary, hue: int) -> p.SavedNoteView:
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
    )
