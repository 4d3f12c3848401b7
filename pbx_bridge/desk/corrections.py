"""A saved note never changes: whoever opens their own again saves another version, which its readers get."""

from __future__ import annotations

from dataclasses import replace

from pbx_bridge.calls.effects import Phase
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.case import Case
from pbx_bridge.desk.screens import Screens
from pbx_bridge.desk.stored import call_state, through_of, version_view
from pbx_bridge.errors import Refused
from pbx_bridge.storage import attempts, calls, notes
from pbx_bridge.storage.engine import AsyncConnection, Database
from rules.model import Agent


class Corrections:
    """Lays noted calls open again on the screen of whoever wrote the note."""

    def __init__(self, db: Database, screens: Screens) -> None:
        self._db, self._screens = db, screens

    async def open(self, agent: Agent, note_id: str) -> Refused | None:
        """The note's newest version, ready to be typed into. Raises StorageUnavailable.

        Refused: unknown_note (gone, or somebody else's); not_now (its call is still on a screen).
        """
        async with self._db.read() as conn:
            note = await notes.by_id(conn, note_id)
            if note is None or note.agent_id != agent.id:
                return Refused("unknown_note")
            return await self._lay_open(conn, agent, note.call_id, None)

    async def restore(self, conn: AsyncConnection, agent: Agent, draft: p.DraftView) -> None:
        """After a restart: letters typed into a correction are on the screen again."""
        await self._lay_open(conn, agent, draft.call, draft)

    async def put_away(self, case: Case) -> Refused | None:
        """The note stays as it was saved; what was typed is not kept. Raises StorageUnavailable."""
        if case.correction is None:
            return Refused("not_now")
        async with self._db.write() as conn:
            await notes.delete_draft(conn, case.call.id)
        self._screens.put_away(case.call.id)
        return None

    async def _lay_open(
        self, conn: AsyncConnection, agent: Agent, call_id: str, draft: p.DraftView | None
    ) -> Refused | None:
        shown = self._screens.case(call_id)
        if shown is not None:
            return None if shown.correction else Refused("not_now")
        call, versions = await calls.by_id(conn, call_id), await notes.versions(conn, call_id)
        if call is None or not versions or versions[-1].agent_id != agent.id:
            return Refused("unknown_note")
        staff, customer = self._screens.staff, self._screens.index.customer(call.customer_id)
        views = [version_view(one, customer, staff.agent(one.agent_id)) for one in versions]
        state = replace(call_state(call, agent, self._screens.index), phase=Phase.ENDED)
        case = Case(state, agent.id, correction=p.CorrectionView(versions[-1].note.id, views))
        case.through = through_of(customer, await attempts.of_call(conn, call_id))
        self._screens.reopen(case, agent, draft or p.DraftView(call_id, 0, views[-1].body))
        return None
