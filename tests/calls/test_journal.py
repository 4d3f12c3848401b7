"""What happened to calls is stored in order, as soon as the database takes it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pbx_bridge import metrics
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls import journal as module
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.journal import Journal
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.registry import Registry, Resolved
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from rules.billing.terms import CallTime
from tests.calls import call_events as happens
from tests.calls.call_events import CALL, NOW, registry, resolve
from tests.sample_company import furnish
from tests.until import PATIENCE, until
from tests.usage_of import used


class Written:
    """A journal on this database with the calls of `seen`, whose effects it gets."""

    def __init__(self, db: Database, seen: Registry | None = None) -> None:
        self.seen = seen or registry()
        self.journal = Journal(db, self.seen, lambda _: None, lambda: NOW)
        self.db = db

    async def tell(self, *events: Message) -> None:
        """What the PBX says, as far as the journal is concerned."""
        for event in events:
            for effect in self.seen.apply(event, NOW):
                match effect:
                    case fx.Arrived():
                        await self.journal.arrived(effect)
                    case fx.Answered():
                        await self.journal.answered(effect)
                    case fx.CallEnded():
                        await self.journal.ended(effect)
            if isinstance(event, ev.Snapshot):
                await self.journal.resynced(Resynced())

    async def stored(self) -> StoredCall:
        await self.journal.drain()
        async with self.db.read() as conn:
            found = await calls.by_pbx_call(conn, CALL)
        assert found is not None
        return found


HELD_AND_LEFT = (
    *happens.TO_TALKING,
    happens.CALLER_HELD,
    happens.AGENT_GONE,
    happens.HOLD_ENDED,
    happens.QUEUED,
)
ANSWERED_WAYS = {
    "hangs up": (*happens.TO_TALKING, happens.CALLER_GONE),
    "falls back into the queue and gives up": (*HELD_AND_LEFT, happens.ABANDONED, happens.CALLER_GONE),
    "falls back, its phone hangs up without a word": (*HELD_AND_LEFT, happens.CALLER_GONE),
    "falls back, and the queue gives up": (*HELD_AND_LEFT, happens.GAVE_UP, happens.CALLER_GONE),
    "falls back, is offered again and gives up": (*HELD_AND_LEFT, happens.OFFERED_BEN, happens.CALLER_GONE),
    "falls back at once, before caller and agent met": (
        *happens.TO_TALKING[:4], happens.HOLD_ENDED, happens.QUEUED, happens.ABANDONED, happens.CALLER_GONE
    ),
    "is lost while they talk": (*happens.TO_TALKING, ev.Snapshot()),
    "is lost while it waits again": (*HELD_AND_LEFT, ev.Snapshot()),
    "is put through and ends": (*happens.TO_TALKING, happens.EMPLOYEE_IN, happens.LEFT, happens.CALLER_GONE),
}  # fmt: skip
UNANSWERED_WAYS = {
    "gives up": ((happens.ARRIVED, happens.QUEUED, happens.OFFERED, happens.CALLER_GONE), Outcome.ABANDONED),
    "is turned out by the queue": (
        (happens.ARRIVED, happens.QUEUED, happens.GAVE_UP, happens.CALLER_GONE), Outcome.ABANDONED
    ),
    "is lost": ((happens.ARRIVED, happens.QUEUED, ev.Snapshot()), Outcome.LOST),
}  # fmt: skip


@pytest.mark.parametrize("way", ANSWERED_WAYS)
async def test_an_answered_call_waits_for_its_note_however_it_ends(sqlite_db: Database, way: str) -> None:
    def counted(word: str) -> float:
        return float(metrics.CALLS.labels(word)._value.get())

    before = {word: counted(word) for word in ("abandoned", "unanswered")}
    written = Written(sqlite_db)
    await written.tell(*ANSWERED_WAYS[way])
    call = await written.stored()
    assert call.ended_at is not None
    assert call.answered_at is not None
    assert call.outcome is Outcome.OPEN
    assert call.conversation == happens.LEG
    assert before == {word: counted(word) for word in before}


@pytest.mark.parametrize("way", UNANSWERED_WAYS)
async def test_a_call_that_nobody_answered_is_a_missed_one(sqlite_db: Database, way: str) -> None:
    events, outcome = UNANSWERED_WAYS[way]
    written = Written(sqlite_db)
    await written.tell(*events)
    assert (await written.stored()).outcome is outcome


async def test_an_answer_of_an_earlier_life_counts_when_the_call_is_lost(sqlite_db: Database) -> None:
    """Nothing of it is in memory: only the row knows."""
    before = Written(sqlite_db)
    await before.tell(*happens.TO_TALKING)
    await before.journal.drain()
    after = Written(sqlite_db)
    await after.tell(ev.Snapshot())
    assert (await after.stored()).outcome is Outcome.OPEN


# ---- a database that comes back


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal would try again in an hour."""
    monkeypatch.setattr(module, "PAUSES", (3600.0,))


@pytest.fixture
async def hasty(sqlite_url: str) -> AsyncIterator[Database]:
    db = Database(sqlite_url, busy_seconds=0.05)
    async with db.read() as conn:
        await conn.execute(text("SELECT 1"))
    yield db
    await db.close()


@contextlib.contextmanager
def locked(db: Database) -> Iterator[None]:
    assert db.url.database
    other = sqlite3.connect(db.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextlib.contextmanager
def moved_away(db: Database) -> Iterator[None]:
    """Also what the pool still holds open finds nothing any more."""
    assert db.url.database
    here = Path(db.url.database)
    there = here.with_suffix(".away")
    here.rename(there)
    yield
    there.rename(here)


async def write(db: Database) -> None:
    async with db.write() as conn:
        await conn.execute(text("SELECT 1"))


async def read(db: Database) -> None:
    async with db.read() as conn:
        await conn.execute(text("SELECT 1"))


@pytest.mark.parametrize(("fault", "anybody"), [(locked, write), (moved_away, read), (moved_away, write)])
async def test_what_waits_is_stored_as_soon_as_anybody_succeeds(
    hasty: Database, patient: None, fault: object, anybody: object
) -> None:
    assert callable(fault)
    assert callable(anybody)
    written = Written(hasty)
    running = asyncio.create_task(written.journal.run())
    with fault(hasty):
        await hasty.close()
        await written.tell(*happens.TO_TALKING)
        await until(lambda: written.journal.failing, message="it was tried")
        with pytest.raises(StorageUnavailable):
            await write(hasty)
    assert written.journal.waiting
    await anybody(hasty)
    await until(lambda: not written.journal.waiting, message="all is stored")
    running.cancel()
    assert (await written.stored()).answered_at is not None


async def test_whoever_waits_for_it_has_it_tried_at_once(hasty: Database, patient: None) -> None:
    written = Written(hasty)
    running = asyncio.create_task(written.journal.run())
    with locked(hasty):
        await written.tell(*happens.TO_TALKING)
        await until(lambda: written.journal.failing, message="it was tried")
    async with asyncio.timeout(PATIENCE):
        await written.journal.settled()
    running.cancel()
    assert (await written.stored()).answered_at is not None


async def test_a_reader_who_succeeds_does_not_wake_who_waits_for_a_lock(
    hasty: Database, patient: None
) -> None:
    written = Written(hasty)
    running = asyncio.create_task(written.journal.run())
    with locked(hasty):
        await written.tell(*happens.TO_TALKING)
        await until(lambda: written.journal.failing, message="it was tried")
        for _ in range(20):
            await read(hasty)
        assert not written.journal._again.is_set()
    running.cancel()


async def test_the_figure_of_live_calls_follows_them(sqlite_db: Database) -> None:
    written = Written(sqlite_db)
    await written.tell(*happens.TO_TALKING)
    assert metrics.LIVE_CALLS._value.get() == 1
    await written.tell(happens.CALLER_GONE)
    assert metrics.LIVE_CALLS._value.get() == 0


async def test_what_is_used_is_written_once_however_often_the_end_is_told(sqlite_db: Database) -> None:
    """All of a put-through again: by the same service, by one that begins anew, by the PBX's memory."""
    house = await furnish(sqlite_db)
    moments = (NOW + timedelta(seconds=10 * number) for number in range(20))
    told: list[Effect] = []

    def of_the_house(event: ev.CallArrived) -> Resolved:
        found = resolve(event)
        return replace(found, called=replace(found.called, customer_id=house.customer_id))

    seen = Registry(of_the_house, CallNames(), NOW)
    through = (happens.CALLER_HELD, happens.EMPLOYEE_IN, happens.CALLER_IN, happens.LEFT, happens.CALLER_GONE)
    for event, now in zip((*happens.TO_TALKING, *through), moments, strict=False):
        told += seen.apply(event, now)
    for _ in range(2):
        journal = Journal(sqlite_db, seen, lambda _: house.anna, lambda: NOW)
        handlers: dict[type[Effect], Any] = {
            fx.Arrived: journal.arrived,
            fx.Answered: journal.answered,
            fx.TimeTurned: journal.time_turned,
            fx.Remembered: journal.remembered,
            fx.CallEnded: journal.ended,
        }
        for effect in (*told, *told, fx.Remembered(CALL)):
            if type(effect) in handlers:
                await handlers[type(effect)](effect)
        journal.wrapped_up(happens.ANNA, None, NOW + timedelta(hours=1), 42)
        await journal.resynced(Resynced())
        await journal.drain()
    async with sqlite_db.read() as conn:
        (one,) = await used(conn, house.customer_id, NOW)
    assert one.seconds == {
        CallTime.TALK: 30,
        CallTime.HOLD: 10,
        CallTime.CONSULTATION: 10,
        CallTime.PUT_THROUGH: 20,
        CallTime.WRAP_UP: 42,
    }
