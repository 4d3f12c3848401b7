"""A call that is answered again is another conversation, and what was answered is never a missed call."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from rules.model import CallNote
from tests.sample_company import NOW, SampleCompany, arrive, furnish

LATER = NOW + timedelta(minutes=2)
ANNAS, BENS = "1.2", "1.3"


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def outcome(conn: AsyncConnection, call_id: str) -> Outcome:
    call = await calls.by_id(conn, call_id)
    assert call is not None
    return call.outcome


@pytest.mark.parametrize("missed", sorted(calls.MISSED))
async def test_an_answered_call_is_never_counted_as_missed(
    db: Database, house: SampleCompany, missed: Outcome
) -> None:
    async with db.write() as conn:
        call = await arrive(conn, house)
        await calls.answered(conn, call, house.anna, NOW, ANNAS)
        assert not await calls.set_outcome(conn, call, missed)
        assert await outcome(conn, call) is Outcome.OPEN


@pytest.mark.parametrize("missed", sorted(calls.MISSED))
async def test_an_answer_that_is_heard_of_late_opens_the_call_for_its_note(
    db: Database, house: SampleCompany, missed: Outcome
) -> None:
    async with db.write() as conn:
        call = await arrive(conn, house)
        assert await calls.set_outcome(conn, call, missed)
        await calls.answered(conn, call, house.anna, NOW, ANNAS)
        assert await outcome(conn, call) is Outcome.OPEN
        assert [one.id for one in await calls.open_calls_of(conn, house.anna)] == [call]


WAYS = {
    # answers after the first one by Anna is noted → does the call want another note?
    "told again of the same": ((("anna", ANNAS),), False),
    "told again without its leg": ((("anna", ""),), False),
    "she answers anew": ((("anna", "1.9"),), True),
    "somebody else answers": ((("ben", BENS),), True),
    "a phone of nobody's answers": (((None, BENS),), True),
}


@pytest.mark.parametrize(("way", "left"), list(product(WAYS, (Outcome.NOTED, Outcome.CLOSED))))
async def test_each_conversation_wants_a_note_of_its_own(
    db: Database, house: SampleCompany, way: str, left: Outcome
) -> None:
    answers, open_again = WAYS[way]
    async with db.write() as conn:
        call = await arrive(conn, house)
        await calls.answered(conn, call, house.anna, NOW, ANNAS)
        await calls.set_outcome(conn, call, left, "hung_up" if left is Outcome.CLOSED else "")
        for who, leg in answers:
            await calls.answered(conn, call, getattr(house, who) if who else None, LATER, leg)
        stored = await calls.by_id(conn, call)
    assert stored is not None
    assert stored.outcome is (Outcome.OPEN if open_again else left)
    assert stored.answered_at == NOW
    assert bool(stored.closed_reason) is (stored.outcome is Outcome.CLOSED)


async def test_a_row_of_an_older_program_tells_conversations_apart_by_the_agent(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        call = await arrive(conn, house)
        await calls.answered(conn, call, house.anna, NOW)
        await calls.noted(conn, call)
        await calls.answered(conn, call, house.anna, LATER, ANNAS)
        assert await outcome(conn, call) is Outcome.NOTED, "she goes on talking after an upgrade"
        await calls.answered(conn, call, house.ben, LATER, BENS)
        assert await outcome(conn, call) is Outcome.OPEN


async def test_the_note_of_an_earlier_conversation_leaves_the_later_one_open(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        call = await arrive(conn, house)
        await calls.answered(conn, call, house.anna, NOW, ANNAS)
        await calls.answered(conn, call, house.ben, LATER, BENS)
        assert not await calls.noted(conn, call, ANNAS)
        assert await outcome(conn, call) is Outcome.OPEN
        assert await calls.noted(conn, call, BENS)
        assert await outcome(conn, call) is Outcome.NOTED


async def test_a_blocked_caller_stays_one(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        call = calls.StoredCall(
            new_id(), "9.9", "+493023125100", NOW, house.customer_id, outcome=Outcome.BLOCKED
        )
        await calls.insert(conn, call)
        assert not await calls.noted(conn, call.id)
        await calls.answered(conn, call.id, house.anna, NOW, ANNAS)
        assert await outcome(conn, call.id) is Outcome.BLOCKED


async def test_two_notes_of_a_call_have_their_versions_each(db: Database, house: SampleCompany) -> None:
    first, second, mended = (CallNote(new_id(), "Hans Müller", text) for text in ("a", "b", "c"))
    async with db.write() as conn:
        call = await arrive(conn, house)
        for note, replaces in ((first, None), (second, None), (mended, first.id)):
            await notes.insert(
                conn, note, call_id=call, customer_id=house.customer_id, agent_id=house.anna, now=LATER,
                replaces_id=replaces,
            )  # fmt: skip
        chains = await notes.chains(conn, call)
        assert [[one.note.concern for one in chain] for chain in chains] == [["a", "c"], ["b"]]
        chain = await notes.chain(conn, call, first.id)
        assert [one.note.concern for one in chain] == ["a", "c"]
        assert await notes.chain(conn, call, "nothing") == ()


async def test_a_draft_outlives_whoever_typed_it(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        call = await arrive(conn, house)
        await notes.save_draft(conn, call, house.anna, {"concern": "Ang"}, 2, NOW)
        await conn.execute(tables.agent.delete().where(tables.agent.c.id == house.anna))
        kept = await notes.draft(conn, call)
        assert kept == notes.Draft(call, None, {"concern": "Ang"}, 2, NOW)
        assert await notes.save_draft(conn, call, house.anna, {"concern": "Ange"}, 3, NOW), "she types on"


async def test_a_call_and_its_attempt_are_kept_when_whom_they_name_is_gone(
    db: Database, house: SampleCompany
) -> None:
    stored = calls.StoredCall(new_id(), "1.1", "+493023125100", NOW, "gone", agent_id="gone", answered_at=NOW)
    async with db.write() as conn:
        assert await calls.insert(conn, stored)
        assert await attempts.insert(conn, attempts.StoredAttempt("1.1-a1", stored.id, NOW, "gone"))
        assert not await attempts.insert(conn, attempts.StoredAttempt("2.2-a1", "gone", NOW, house.erika))
        assert await attempts.name(conn, "1.1-a1", house.erika, as_deputy=True)
        assert not await attempts.name(conn, "1.1-a1", house.jens, as_deputy=False), "known by now"
        assert await calls.answered(conn, stored.id, "gone", LATER, BENS)
        (attempt,) = await attempts.of_call(conn, stored.id)
        call = await calls.by_id(conn, stored.id)
    assert call is not None
    assert (call.customer_id, call.agent_id) == (None, None)
    assert (attempt.employee_id, attempt.as_deputy) == (house.erika, True)
