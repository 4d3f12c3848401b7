"""Whoever only advertised need not come again: the offer to block them, taken and taken back with one key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from pbx_bridge.calls.state import CallState
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.editing import blocked_callers as editing
from pbx_bridge.editing.change import Change, Editing, Editor
from pbx_bridge.errors import Refused
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import blocked_callers
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from rules.calls.blocking import may_block
from rules.model import Agent, BlockReason
from rules.text.phone_numbers import international
from rules.vocabulary import CloseReason

KEPT = timedelta(minutes=10)
"""Older than this, a restart does not bring a question back."""


@dataclass(frozen=True, slots=True)
class BlockOffer:
    """`number`: E.164, "" when withheld."""

    call: str
    customer_id: str
    number: str


class Blocking:
    """One offer for each agent, until it is put off or the next call is answered. The rules decide when it is
    made and again when it is taken."""

    def __init__(self, db: Database, screens: Screens, clock: Callable[[], datetime]) -> None:
        self._db, self._screens, self._clock = db, screens, clock
        self._editing = Editing(db)
        self._offers: dict[str, BlockOffer] = {}

    def offer(self, agent: Agent, call: CallState) -> None:
        """Ask, or say why it cannot be. Nothing to ask where the company is unknown or has blocked them."""
        company = self._screens.index.customer(call.customer_id)
        if company and not any(one.number == call.caller.number for one in company.blocked):
            self._show(agent, BlockOffer(call.id, company.id, call.caller.number), company.name)

    async def restore(self, conn: AsyncConnection, agent: Agent) -> None:
        """After a restart: what was asked, or could still be taken back, is on the screen again."""
        call = await calls.newest_of(conn, agent.id)
        if call is None or call.closed_reason != CloseReason.ADVERTISING or not call.ended_at:
            return
        company = self._screens.index.customer(call.customer_id)
        if company is None or call.ended_at < self._clock() - KEPT:
            return
        account = await agents.account_of(conn, agent.id)
        mine = await blocked_callers.blocked_by(conn, company.id, call.caller_number, account)
        if mine or not any(one.number == call.caller_number for one in company.blocked):
            self._show(agent, BlockOffer(call.id, company.id, call.caller_number), company.name)
        if mine:
            self._now(agent, "blocked")

    def _show(self, agent: Agent, offer: BlockOffer, company: str) -> None:
        self._offers[agent.id] = offer
        refused = self._refusal(offer)
        view = p.BlockView(offer.call, company, international(offer.number), "offered")
        if refused is not None:
            view = msgspec.structs.replace(
                view, state="refused", code=refused.code, params=dict(refused.params)
            )
        self._screens.ask_to_block(agent.id, view)

    async def block(self, agent: Agent, call_id: str) -> Refused | None:
        """Stored, and on its way to the PBX, when this returns None. Raises StorageUnavailable."""
        offer = self._standing(agent, call_id, "offered")
        refused = Refused("not_now") if offer is None else self._refusal(offer)
        if offer is None or refused is not None:
            return refused
        async with await self._change(agent, offer) as change:
            await editing.block_number(change, offer.number, BlockReason.ADVERTISING)
        self._now(agent, "blocked")
        return None

    async def release(self, agent: Agent, call_id: str) -> Refused | None:
        """As if nothing had been. Raises StorageUnavailable."""
        offer = self._standing(agent, call_id, "blocked")
        if offer is None:
            return Refused("not_now")
        async with await self._change(agent, offer) as change:
            await editing.release_number(change, offer.number)
        self._now(agent, "offered")
        return None

    async def _change(self, agent: Agent, offer: BlockOffer) -> AbstractAsyncContextManager[Change]:
        async with self._db.read() as conn:
            account = await agents.account_of(conn, agent.id)
        return self._editing.change(offer.customer_id, Editor(self._clock(), account))

    def _standing(self, agent: Agent, call_id: str, state: str) -> BlockOffer | None:
        """The agent's offer, if it is on the screen like that."""
        shown, offer = self._screens.hub.picture(agent.id).block, self._offers.get(agent.id)
        stands = shown and offer and shown.call == offer.call == call_id and shown.state == state
        return offer if stands else None

    def _refusal(self, offer: BlockOffer) -> Refused | None:
        index = self._screens.index
        company = index.customer(offer.customer_id)
        if company is None:
            return Refused("not_now")
        decision = may_block(offer.number, company, index.vips(company.id).find, index.numbers)
        return decision if isinstance(decision, Refused) else None

    def _now(self, agent: Agent, state: p.BlockState) -> None:
        shown = self._screens.hub.picture(agent.id).block
        if shown is not None:
            self._screens.ask_to_block(agent.id, msgspec.structs.replace(shown, state=state))
