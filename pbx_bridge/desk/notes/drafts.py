"""What agents have typed and not saved: stored, found again, and late words that belong to a saved note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from pbx_bridge.calls.journal import Journal
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.notes.typed import says_the_same
from pbx_bridge.desk.screen.background_reads import BackgroundReads
from pbx_bridge.desk.screen.from_storage import draft_view
from pbx_bridge.desk.screen.open_call import CallOnScreen, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.notes import notes
from rules.model import Agent


class Drafts:
    """One draft for each note, counted by its revisions."""

    def __init__(
        self,
        db: Database,
        screens: Screens,
        corrections: Corrections,
        reads: BackgroundReads,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._screens, self._corrections = db, screens, corrections
        self._reads, self._clock = reads, clock

    async def save(
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

    def find(self, open_call: CallOnScreen, agent: Agent) -> None:
        """Show what was typed about this call, when it is newer than what is on the screen."""
        self._reads.start(("draft", open_call.call.id, agent.id), lambda: self._typed(open_call, agent))

    async def _typed(self, open_call: CallOnScreen, agent: Agent) -> None:
        """Another process may have newer words."""
        async with self._db.read() as conn:
            draft = await notes.draft(conn, open_call.call.id)
        if draft and not open_call.settled and agent.id not in open_call.corrections:
            self._screens.draft(agent, draft_view(draft))

    async def take_late(
        self, agent: Agent, draft: p.DraftView, base: int | None, *, newer: bool = False
    ) -> Refused | None:
        """Words for a note that this agent has saved, which came after its call had left the screen: it lies
        open again with them. `newer`: whatever their revision says. Refused: unknown_call; already_noted
        (they are in it); draft_outdated (typed on an older `base`: it lies open as it was saved)."""
        async with self._db.write() as conn:
            own = [one for one in await notes.chains(conn, draft.call) if one[-1].agent_id == agent.id]
            if not own:
                return Refused("unknown_call")
            newest = own[-1][-1]
            shown = await self._corrections.view(conn, own[-1])
            if says_the_same(draft.body, shown.versions[-1].body):
                return Refused("already_noted")
            if base is not None and base < newest.revision:
                await self._corrections.lay_open(conn, agent, own[-1], None)
                return Refused("draft_outdated", {"revision": str(newest.revision)})
            if newer:
                draft = p.DraftView(draft.call, newest.revision + 1, draft.body)
            if draft.revision <= newest.revision:
                return Refused("already_noted")
            await self.save(conn, agent, draft, newest.note.id)
            return await self._corrections.lay_open(conn, agent, own[-1], draft)

    async def paper_now(self, call_id: str, agent: Agent, paper: Paper) -> Paper:
        """What this agent's words go into, after something has been stored behind our back."""
        async with self._db.read() as conn:
            noted = await self._corrections.noted(conn, call_id, agent, paper)
        return Paper(paper.conversation if noted else f"{paper.conversation}/{agent.id}", noted)


def goes_on(journal: Journal) -> Callable[[str, str], None]:
    """For hand-overs: told (call, note), it makes that note's draft the one of the call's new note."""
    return lambda call_id, note_id: journal.write(lambda conn: notes.continue_draft(conn, call_id, note_id))
