"""What a restart, or another process, has left open comes back on the screen: calls, drafts and questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from pbx_bridge.desk.notes.corrections import Corrections
from pbx_bridge.desk.screen.from_storage import call_state, draft_view, recalled, stored_transfer
from pbx_bridge.desk.screen.open_call import NotedBefore, Paper
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.errors import Refused
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.notes import notes
from rules.model import Agent

WANTS_NOTE = frozenset({calls.Outcome.OPEN, *calls.MISSED})


class Restore:
    """`noted` is told what is noted of calls that may still live, by their database ids. `ask` puts
    back onto the screen what else the agent was asked; `refresh` reads the rest that the database has."""

    def __init__(
        self,
        db: Database,
        screens: Screens,
        corrections: Corrections,
        noted: Callable[[Mapping[str, NotedBefore]], None],
        ask: Callable[[AsyncConnection, Agent], Awaitable[None]],
        refresh: Callable[[Agent], Awaitable[None]],
    ) -> None:
        self._db, self._screens, self._corrections = db, screens, corrections
        self._noted, self._ask, self._refresh = noted, ask, refresh
        self._names = screens.registry.names

    async def recall(self) -> None:
        """Before the first word of the PBX: who answered the calls that may still live, and what is noted."""
        staff, registry = self._screens.staff, self._screens.registry
        known: dict[str, NotedBefore] = {}
        async with self._db.read() as conn:
            live = await calls.live(conn, self._names.pbx)
            for call in live:
                agent = staff.agent(call.agent_id)
                paper = Paper(call.conversation)
                if agent and call.outcome is calls.Outcome.NOTED:
                    noted = await self._corrections.noted(conn, call.id, agent, paper)
                    known |= {call.id: NotedBefore(agent.id, call.conversation, noted)} if noted else {}
        registry.recall(
            {self._names.told(call.pbx_call): recalled(call, staff.agent(call.agent_id)) for call in live}
        )
        self._noted(known)

    async def restore(self, agent: Agent) -> None:
        """Open calls with their drafts come back on the screen: no note that is not written yet is lost."""
        async with self._db.read() as conn:
            for stored in await calls.open_calls_of(conn, agent.id, self._names.pbx):
                await self._restore(conn, agent, stored)
            for draft in await notes.drafts_of(conn, agent.id):
                stored_call = await calls.by_id(conn, draft.call_id)
                if draft.note_id is not None:
                    await self._corrections.restore(conn, agent, draft)
                elif stored_call and stored_call.agent_id == agent.id and not self._elsewhere(stored_call):
                    await self._restore(conn, agent, stored_call)
            await self._ask(conn, agent)
        await self._refresh(agent)

    async def _restore(self, conn: AsyncConnection, agent: Agent, stored: calls.StoredCall) -> None:
        """A call that this agent has to note, with what was typed so far, whoever typed it."""
        index = self._screens.index
        draft = await notes.draft(conn, stored.id)
        transfer = stored_transfer(
            index.customer(stored.customer_id), await attempts.of_call(conn, stored.id)
        )
        typed = draft_view(draft) if draft else None
        state = call_state(stored, agent, index, self._names)
        self._screens.restore(state, agent, transfer, typed, recalled=stored.recalled)

    async def recalled(self, pbx_call: str) -> None:
        """The PBX told afterwards who took this call: onto their screen, if its note is still to be written.

        Raises StorageUnavailable.
        """
        index = self._screens.index
        async with self._db.read() as conn:
            stored = await calls.by_pbx_call(conn, self._names.stored(pbx_call))
            agent = self._screens.staff.agent(stored.agent_id) if stored else None
            if stored is None or agent is None or stored.outcome is not calls.Outcome.OPEN:
                return
            draft = await notes.draft(conn, stored.id)
            transfer = stored_transfer(
                index.customer(stored.customer_id), await attempts.of_call(conn, stored.id)
            )
        typed = draft_view(draft) if draft else None
        state = call_state(stored, agent, index, self._names)
        self._screens.recall(state, agent, transfer, typed, recalled=stored.recalled)

    def _elsewhere(self, stored: calls.StoredCall) -> bool:
        """Whether it goes on at another PBX, which alone knows how it is."""
        return stored.ended_at is None and stored.pbx != self._names.pbx

    async def bring_back(self, agent: Agent, call_id: str) -> Refused | None:
        """Lay a call open again whose note this agent still has to write. Raises StorageUnavailable.

        Refused: unknown_call, not_yours.
        """
        async with self._db.read() as conn:
            stored = await calls.by_id(conn, call_id)
            if stored is None or stored.outcome not in WANTS_NOTE or self._elsewhere(stored):
                return Refused("unknown_call")
            if stored.agent_id != agent.id:
                return Refused("not_yours")
            await self._restore(conn, agent, stored)
        return None
