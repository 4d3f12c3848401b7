"""The agent's last notes on the desk, and what became of each."""

from __future__ import annotations

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import last_notes
from rules.model import Agent
from rules.text.names import split_name

WORST_FIRST: tuple[p.NoteState, ...] = ("failed", "uncertain", "waiting", "sent", "delivered")


class SavedNotes:
    """Read anew and published if they differ."""

    def __init__(self, db: Database, screens: Screens) -> None:
        self._db, self._screens = db, screens

    async def refresh(self, agent: Agent) -> None:
        """Of this agent. Raises StorageUnavailable."""
        async with self._db.read() as conn:
            last = await last_notes.last_of_agent(conn, agent.id)
        hub = self._screens.hub
        hues = {c.name: c.hue for c in self._screens.index.customers.values()} if last else {}
        saved = [_note_view(note, hues.get(note.customer_name, 0)) for note in last]
        if saved != hub.picture(agent.id).notes:
            hub.publish(agent.id, p.Notes(saved))

    async def writer_of(self, note_id: str) -> Agent | None:
        """Asked of the database, not of the screen, which has only the newest version of each note, and a new
        one a moment late. Raises StorageUnavailable."""
        async with self._db.read() as conn:
            return self._screens.staff.agent(await last_notes.writer_of(conn, note_id))


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
