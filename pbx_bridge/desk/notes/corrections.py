"""A saved note never changes: whoever opens their own again saves another version, which its readers get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pbx_bridge.calls.effects import Phase
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.from_storage import call_state, draft_view, stored_transfer, version_view
from pbx_bridge.desk.screen.open_call import CallOnScreen, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.notes import notes
from rules.model import Agent


class Corrections:
    """Lays notes open again on the screen of whoever wrote them."""

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
            chain = await notes.chain(conn, note.call_id, note_id)
            return await self.lay_open(conn, agent, chain, None)

    async def restore(self, conn: AsyncConnection, agent: Agent, draft: notes.Draft) -> None:
        """After a restart: what was typed into a correction is on the screen again."""
        chain = await notes.chain(conn, draft.call_id, draft.note_id or "")
        await self.lay_open(conn, agent, chain, draft_view(draft))

    async def put_away(self, open_call: CallOnScreen, agent: Agent) -> Refused | None:
        """The note stays as it was saved; what was typed is not kept. Raises StorageUnavailable."""
        correction = open_call.corrections.get(agent.id)
        if correction is None:
            return Refused("not_now")
        async with self._db.write() as conn:
            await notes.delete_draft(conn, open_call.call.id, correction.note)
        self._screens.put_away(open_call.call.id, agent)
        return None

    async def noted(
        self, conn: AsyncConnection, call_id: str, agent: Agent, paper: Paper
    ) -> p.CorrectionView | None:
        """The note for which this paper is meant, as somebody has stored it meanwhile; None: there is none of
        this agent's."""
        for chain in reversed(await notes.chains(conn, call_id)):
            if chain[-1].agent_id == agent.id and _is_of(chain, paper):
                return await self.view(conn, chain)
        return None

    async def view(self, conn: AsyncConnection, chain: Sequence[notes.StoredNote]) -> p.CorrectionView:
        """All versions of a note, for whoever corrects it."""
        call = await calls.by_id(conn, chain[-1].call_id)
        staff = self._screens.staff
        customer = self._screens.index.customer(call.customer_id if call else None)
        views = [version_view(one, customer, staff.agent(one.agent_id)) for one in chain]
        return p.CorrectionView(chain[-1].note.id, views)

    async def lay_open(
        self,
        conn: AsyncConnection,
        agent: Agent,
        chain: Sequence[notes.StoredNote],
        draft: p.DraftView | None,
    ) -> Refused | None:
        """With what was typed into it, or as it was saved (None)."""
        call = await calls.by_id(conn, chain[-1].call_id) if chain else None
        if call is None or chain[-1].agent_id != agent.id:
            return Refused("unknown_note")
        customer = self._screens.index.customer(call.customer_id)
        names = self._screens.registry.names
        state = replace(call_state(call, agent, self._screens.index, names), phase=Phase.ENDED)
        transfer = stored_transfer(customer, await attempts.of_call(conn, call.id))
        note = await self.view(conn, chain)
        typed = draft or p.DraftView(call.id, chain[-1].revision, note.versions[-1].body)
        opened = self._screens.lay_open(state, agent, transfer, note, typed)
        return None if opened else Refused("not_now")


def _is_of(chain: Sequence[notes.StoredNote], paper: Paper) -> bool:
    if paper.note is not None:
        return any(version.note.id == paper.note for version in chain)
    return chain[0].conversation == paper.conversation or "" in {chain[0].conversation, paper.conversation}
