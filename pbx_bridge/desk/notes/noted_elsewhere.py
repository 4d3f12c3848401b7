"""Two processes may show one call: what another one has stored of it comes off the screen here, too."""

from __future__ import annotations

from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.screen.open_call import Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database
from rules.model import Agent


class NotedElsewhere:
    """Looks up the conversations that lie open here."""

    def __init__(self, db: Database, screens: Screens, corrections: Corrections) -> None:
        self._db, self._screens, self._corrections = db, screens, corrections

    async def take_off(self, agent: Agent) -> None:
        """Whatever this agent still has to note, and has noted or left without a note elsewhere. Raises
        StorageUnavailable."""
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
            if not one.settled and one.owner == agent.id:  # it may have been noted here while we read
                self._screens.noted(one.call.id, notes_of[one.call.id])
