"""The day on the desks: the floor's figures, each agent's own, and what became of the agent's last notes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.screen.background_reads import BackgroundReads
from pbx_bridge.desk.screen.open_call import Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.storage.calls import agent_figures, calls
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import last_notes
from rules.model import Agent
from rules.text.names import split_name

ZONE = ZoneInfo("Europe/Berlin")
"""Where the secretariat's day begins and ends."""
REFRESH_SECONDS = 5.0
BREATH_SECONDS = 0.1
"""Between two agents, however many there are: whatever moves is told at once, this round only makes sure."""
WORST_FIRST: tuple[p.NoteState, ...] = ("failed", "uncertain", "waiting", "sent", "delivered")


class DayFigures:
    """Lists and figures that grow during the day, read again whenever something of them may have moved."""

    def __init__(
        self,
        db: Database,
        screens: Screens,
        corrections: Corrections,
        reads: BackgroundReads,
        clock: Callable[[], datetime],
        in_time: timedelta,
    ) -> None:
        self._db, self._screens, self._corrections = db, screens, corrections
        self._reads, self._clock, self._in_time = reads, clock, in_time

    async def run(self) -> None:
        """Until cancelled: what became of the notes, and the day's figures, for everybody who looks."""
        while True:
            await self._reads.guarded(self.refresh_floor())
            watching = [a for a in self._screens.staff.all() if self._screens.hub.watched(a.id)]
            for agent in watching:
                await asyncio.sleep(max(REFRESH_SECONDS / len(watching), BREATH_SECONDS))
                await self._reads.guarded(self.refresh(agent))
            await asyncio.sleep(0 if watching else REFRESH_SECONDS)

    def refresh_soon(self, agent: Agent) -> None:
        """The agent has just saved a note, or opened a desk."""
        self._reads.start(self.refresh(agent))

    def note_moved(self, note_id: str) -> None:
        """One of the notifications of this version of a note was sent, or was not, or a gateway told what
        became of it."""
        self._reads.start(self._refresh_writer(note_id))

    async def _refresh_writer(self, note_id: str) -> None:
        """Asked of the database, not of the screen, which has only the newest version of each note, and a new
        one a moment late."""
        async with self._db.read() as conn:
            agent = self._screens.staff.agent(await last_notes.writer_of(conn, note_id))
        if agent is not None:
            await self.refresh(agent)

    async def refresh(self, agent: Agent) -> None:
        """The agent's last notes and own day, published if they differ; and what another process has noted
        of the calls on the screen."""
        await self._take_off_what_is_noted(agent)
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

    async def _take_off_what_is_noted(self, agent: Agent) -> None:
        mine = [one for one in self._screens.all_on_screen() if one.owner == agent.id and not one.settled]
        if not mine:
            return
        async with self._db.read() as conn:
            done = await calls.done(conn, [one.call.id for one in mine])
            found = [one for one in mine if done.get(one.call.id) == one.conversation]
            notes_of = {
                one.call.id: await self._corrections.noted(conn, one.call.id, agent, Paper(one.conversation))
                for one in found
            }
        for one in found:
            if not one.settled and one.owner == agent.id:
                self._screens.noted(one.call.id, notes_of[one.call.id])

    async def refresh_floor(self) -> None:
        """The day's figures of the whole floor, the same for everybody."""
        now = self._clock()
        async with self._db.read() as conn:
            figures = await calls.figures(conn, _midnight(now), now, self._in_time)
        today = p.TodayView(figures.arrived, figures.in_time, figures.missed)
        await self._screens.status.tell_all(p.Today(today), "today")


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


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
