"""Agents' phones that rang for a call and did not get it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing, insert_once
from rules.vocabulary import OfferGoneReason


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """It rang from `since` `until` (aware); `agent_id` None: somebody who works here no longer."""

    id: str
    call_id: str
    agent_id: str | None
    since: datetime
    until: datetime
    reason: OfferGoneReason


async def insert(conn: AsyncConnection, offer: StoredOffer) -> bool:
    """Once; False when it is there, or its call is not. An agent who is gone by now is left out."""
    if not await existing(conn, t.call, [offer.call_id]):
        return False
    values = {name: getattr(offer, name) for name in StoredOffer.__slots__} | {"reason": offer.reason.value}
    if offer.agent_id not in await existing(conn, t.agent, [offer.agent_id]):
        values["agent_id"] = None
    return await insert_once(conn, t.call_offer, values)


async def of_call(conn: AsyncConnection, call_id: str) -> tuple[StoredOffer, ...]:
    """Of one call, in order."""
    c = t.call_offer.c
    rows = await conn.execute(select(t.call_offer).where(c.call_id == call_id).order_by(c.since, c.id))
    return tuple(
        StoredOffer(row.id, row.call_id, row.agent_id, row.since, row.until, OfferGoneReason(row.reason))
        for row in rows
    )
