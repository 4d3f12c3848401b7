"""What a desk shows of the database is read again whenever it may have moved, and every few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from pbx_bridge.desk.notes.saved_notes import SavedNotes
from pbx_bridge.desk.screen.background_reads import BackgroundReads
from pbx_bridge.desk.screen.screens import Screens
from rules.model import Agent

REFRESH_SECONDS = 5.0
BREATH_SECONDS = 0.1
"""Between two agents, however many there are: whatever moves is told at once, this round only makes sure."""

Reading = Callable[[Agent], Awaitable[None]]
"""Reads one thing of an agent and publishes it if it differs. Raises StorageUnavailable."""


class DeskRefresher:
    """`floor` reads what is the same for everybody; `own`, in this order, what each agent has."""

    def __init__(
        self,
        screens: Screens,
        reads: BackgroundReads,
        saved: SavedNotes,
        floor: Callable[[], Awaitable[None]],
        own: Sequence[Reading],
    ) -> None:
        self._screens, self._reads, self._saved = screens, reads, saved
        self._floor, self._own = floor, own

    async def run(self) -> None:
        """Until cancelled: the floor, then everybody who looks."""
        while True:
            await self._reads.guarded(self._floor())
            watching = [a for a in self._screens.staff.all() if self._screens.hub.watched(a.id)]
            for agent in watching:
                await asyncio.sleep(max(REFRESH_SECONDS / len(watching), BREATH_SECONDS))
                await self._reads.guarded(self.refresh(agent))
            await asyncio.sleep(0 if watching else REFRESH_SECONDS)

    def refresh_soon(self, agent: Agent) -> None:
        """The agent has just saved a note."""
        self._reads.start(("agent", agent.id), lambda: self.refresh(agent))

    def note_moved(self, note_id: str) -> None:
        """One of the notifications of this version of a note was sent, or was not, or a gateway told what
        became of it."""
        self._reads.start(("writer", note_id), lambda: self._refresh_writer(note_id))

    async def refresh(self, agent: Agent) -> None:
        """All of this agent's, now. Raises StorageUnavailable."""
        for read in self._own:
            await read(agent)

    async def _refresh_writer(self, note_id: str) -> None:
        agent = await self._saved.writer_of(note_id)
        if agent is not None:
            await self.refresh(agent)
