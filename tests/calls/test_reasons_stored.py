"""Why it is this company's call, how it ended and whose phones rang in vain is stored with it."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.journal import Journal
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.offer_journal import OfferJournal
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.storage.calls import calls, offers
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.calls.offers import StoredOffer
from pbx_bridge.storage.db.engine import Database
from rules.vocabulary import EndReason, OfferGoneReason
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, BEN, CALL, NOW, registry
from tests.sample_company import SampleCompany, furnish

RANG = (happens.ARRIVED, happens.QUEUED, happens.OFFERED)
ENDS = {
    EndReason.ABANDONED: (*RANG, happens.CALLER_GONE),
    EndReason.UNANSWERED: (*RANG[:2], happens.GAVE_UP, happens.CALLER_GONE),
    EndReason.CALLER: (*happens.TO_TALKING, happens.CALLER_GONE),
    EndReason.AGENT: (*happens.TO_TALKING, happens.LEFT, happens.CALLER_GONE),
}
OFFERS = {
    # what the PBX says after Anna's phone rings for five seconds → what is kept of it
    "nobody picks up": ((happens.SILENT,), [(OfferGoneReason.NOT_ANSWERED, 5)]),
    "the caller gives up": ((happens.CALLER_GONE,), [(OfferGoneReason.CALLER_GONE, 5)]),
    "she picks up": ((happens.ANSWERED, happens.AGENT_IN, happens.CALLER_IN, happens.CALLER_GONE), []),
}


async def told(
    db: Database, house: SampleCompany, *events: Message, seconds: int = 0
) -> tuple[StoredCall, tuple[StoredOffer, ...]]:
    """What stands in the database when all this is stored; the last event comes `seconds` later."""
    seen, moment = registry(), [NOW]
    agents = {ANNA: house.anna, BEN: house.ben}
    journal = Journal(db, seen, lambda phone: agents.get(phone or ""), lambda: moment[0])
    rang = OfferJournal(journal, seen.calls, lambda phone: agents.get(phone or ""), lambda: moment[0])
    for number, event in enumerate(events):
        moment[0] = NOW + timedelta(seconds=seconds if number >= len(RANG) else 0)
        for effect in seen.apply(event, moment[0]):
            await _handle(journal, rang, effect)
    await journal.drain()
    async with db.read() as conn:
        call = await calls.by_pbx_call(conn, CALL)
        assert call
        return call, await offers.of_call(conn, call.id)


async def _handle(journal: Journal, rang: OfferJournal, effect: Effect) -> None:
    match effect:
        case fx.Arrived():
            await journal.arrived(effect)
        case fx.Answered():
            await journal.answered(effect)
        case fx.Offered():
            rang.offered(effect)
        case fx.OfferGone():
            rang.gone(effect)
        case fx.CallEnded():
            await journal.ended(effect)
            rang.ended(effect)


def test_what_rings_is_written_down_without_a_turn_of_the_loop() -> None:
    """The next handler of the same effect sends the pop."""
    assert not any(map(inspect.iscoroutinefunction, (OfferJournal.offered, OfferJournal.gone)))


@pytest.mark.parametrize("how", ENDS)
async def test_how_a_call_ended_and_what_told_whose_it_is(sqlite_db: Database, how: EndReason) -> None:
    call, _ = await told(sqlite_db, await furnish(sqlite_db), *ENDS[how])
    assert (call.called_by, call.ended_how) == ("line", how)


async def test_a_call_that_the_pbx_has_forgotten_ended_somehow(sqlite_db: Database) -> None:
    await told(sqlite_db, await furnish(sqlite_db), *RANG)
    after = Journal(sqlite_db, registry(), lambda _: None, lambda: NOW)
    await after.resynced(Resynced())
    await after.drain()
    async with sqlite_db.read() as conn:
        call = await calls.by_pbx_call(conn, CALL)
    assert call
    assert call.ended_how == EndReason.LOST


@pytest.mark.parametrize("way", OFFERS)
async def test_a_phone_that_rang_in_vain_is_kept_and_no_other(sqlite_db: Database, way: str) -> None:
    then, kept = OFFERS[way]
    house = await furnish(sqlite_db)
    _, rows = await told(sqlite_db, house, *RANG, *then, seconds=5)
    assert [(one.reason, (one.until - one.since).seconds) for one in rows] == kept
    assert {one.agent_id for one in rows} <= {house.anna}
