from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.erasure import employees
from pbx_bridge.storage.erasure.employees import EmployeeData
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import DeliveryAttempt, Notification, Outcome, State
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import NOW, arrive, furnish

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def waiting(db: Database) -> Notification:
    """A note's e-mail, due now."""
    (one,) = await _outbox(db, 1)
    return one


async def _outbox(db: Database, number: int) -> list[Notification]:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        note = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(house.erika,))
        owner: Any = {"customer_id": house.customer_id, "agent_id": house.anna}
        await notes.insert(conn, note, call_id=call_id, now=NOW, **owner)
        made = [
            Notification(
                new_id(), note.id, house.customer_id, Channel.EMAIL, MessageKind.NOTE,
                "erika@example.org", "Text",
                due_at=NOW, created_at=NOW, employee_id=house.erika, cc=("erste@example.org",),
            )
            for _ in range(number)
        ]  # fmt: skip
        await notifications.insert(conn, made)
    return made


async def _claim(db: Database) -> tuple[Notification, ...]:
    async with db.write() as conn:
        return await notifications.claim_due(conn, NOW, NOW + MINUTE, limit=3)


async def _now(db: Database, one: Notification) -> Notification:
    async with db.read() as conn:
        found = await notifications.by_id(conn, one.id)
    assert found is not None
    return found


async def test_a_note_counts_as_untold_until_a_message_is_in_the_outbox(db: Database) -> None:
    """Whoever looks for those who were told nothing looks among these only."""
    (one,) = await _outbox(db, 1)
    async with db.write() as conn:
        call_id = await conn.scalar(select(t.call_note.c.call_id).where(t.call_note.c.id == one.note_id))
        assert call_id is not None
        other = CallNote(new_id(), "Gül Aydın", "Termin")
        await notes.insert(conn, other, call_id=call_id, now=NOW, customer_id=None, agent_id=None)
        left = select(t.call_note.c.id).where(t.call_note.c.untold)
        assert (await conn.scalars(left)).all() == [other.id]


async def test_a_note_of_which_nothing_tells_any_more_is_untold_again(db: Database) -> None:
    """Whom the message was for is erased before it went out."""
    (one,) = await _outbox(db, 1)
    assert one.customer_id
    assert one.employee_id
    async with db.write() as conn:
        await employees.erase(conn, EmployeeData(one.customer_id, one.employee_id, ("Erika Beispiel",), ()))
        left = select(t.call_note.c.id).where(t.call_note.c.untold)
        assert (await conn.scalars(left)).all() == [one.note_id]


async def test_a_claim_writes_the_attempt_before_anything_is_sent(
    db: Database, waiting: Notification
) -> None:
    (claimed,) = await _claim(db)

    assert claimed == replace(waiting, state=State.SENDING, attempts=1, lease_until=NOW + MINUTE)
    assert claimed == await _now(db, waiting)
    async with db.read() as conn:
        assert await notifications.attempts_of(conn, waiting.id) == (DeliveryAttempt(1, NOW, None, None, ""),)
    assert await _claim(db) == ()


async def test_workers_at_the_same_time_never_share_one(db: Database) -> None:
    made = await _outbox(db, 12)

    claims = await asyncio.gather(*(_claim(db) for _ in range(6)))

    taken = [one.id for claim in claims for one in claim]
    assert len(taken) == len(set(taken))
    while more := await _claim(db):
        taken += [one.id for one in more]
    assert sorted(taken) == sorted(one.id for one in made)


async def test_what_is_not_due_waits(db: Database, waiting: Notification) -> None:
    (claimed,) = await _claim(db)
    async with db.write() as conn:
        await notifications.retry(conn, claimed, Outcome.FAILED, "451", NOW, NOW + 2 * MINUTE)
        assert await notifications.claim_due(conn, NOW + MINUTE, NOW + 2 * MINUTE, limit=3) == ()


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_an_outcome_ends_it(db: Database, waiting: Notification, outcome: Outcome) -> None:
    (claimed,) = await _claim(db)
    async with db.write() as conn:
        assert await notifications.finish(conn, claimed, outcome, "250", NOW + MINUTE, gateway_id="g1")
        assert not await notifications.finish(conn, claimed, Outcome.FAILED, "late", NOW + MINUTE)
        attempts = await notifications.attempts_of(conn, waiting.id)

    ended = await _now(db, waiting)
    assert (ended.state.value, ended.lease_until, ended.finished_at) == (outcome.value, None, NOW + MINUTE)
    assert ended.gateway_id == "g1"
    assert attempts == (DeliveryAttempt(1, NOW, NOW + MINUTE, outcome, "250"),)


async def test_a_retry_waits_for_its_time(db: Database, waiting: Notification) -> None:
    (claimed,) = await _claim(db)
    async with db.write() as conn:
        assert await notifications.retry(conn, claimed, Outcome.FAILED, "451", NOW, NOW + 2 * MINUTE)
        assert await notifications.claim_due(conn, NOW + MINUTE, NOW + MINUTE) == ()
        (again,) = await notifications.claim_due(conn, NOW + 2 * MINUTE, NOW + 3 * MINUTE)

    assert again.attempts == 2


async def test_what_a_dead_worker_left_is_taken_over_by_one(db: Database, waiting: Notification) -> None:
    (claimed,) = await _claim(db)
    async with db.write() as conn:
        assert await notifications.claim_abandoned(conn, NOW + MINUTE, NOW + 5 * MINUTE) == ()
        later = NOW + 2 * MINUTE
        (taken,) = await notifications.claim_abandoned(conn, later, NOW + 5 * MINUTE)
        assert taken == replace(claimed, lease_until=NOW + 5 * MINUTE)
        assert await notifications.claim_abandoned(conn, later, NOW + 5 * MINUTE) == ()


async def test_a_person_decides_what_is_stuck(db: Database, waiting: Notification) -> None:
    (claimed,) = await _claim(db)
    async with db.write() as conn:
        assert not await notifications.requeue(conn, waiting.id, NOW)
        await notifications.finish(conn, claimed, Outcome.UNCERTAIN, "cut", NOW)
        assert [one.id for one in await notifications.stuck(conn, NOW - MINUTE)] == [waiting.id]
        assert await notifications.requeue(conn, waiting.id, NOW)
        assert await notifications.stuck(conn, NOW - MINUTE) == ()
        assert [one.id for one in await notifications.stuck(conn, NOW + MINUTE)] == [waiting.id]
        (again,) = await notifications.claim_due(conn, NOW, NOW + MINUTE)
        await notifications.finish(conn, again, Outcome.UNCERTAIN, "cut", NOW)
        assert await notifications.settle(conn, waiting.id, NOW)
        assert not await notifications.settle(conn, waiting.id, NOW)
        (settled,) = [await notifications.by_id(conn, waiting.id)]
        assert settled
        assert settled.state is State.SENT
