"""What is used counts once, however often and in whatever order it is told; on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from rules.billing.terms import CallTime
from rules.billing.usage import Usage, UsageKind
from rules.vocabulary import EndReason
from tests.sample_company import NOW, SampleCompany, furnish
from tests.usage_of import used

ANSWERED = NOW + timedelta(seconds=10)
TALK, HOLD, WRAP_UP, JOINED = CallTime.TALK, CallTime.HOLD, CallTime.WRAP_UP, CallTime.PUT_THROUGH

Tell = Callable[[AsyncConnection, str], Awaitable[object]]


def after(seconds: float) -> timedelta:
    return timedelta(seconds=10 + seconds)


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def answered(conn: AsyncConnection, house: SampleCompany, pbx: str = "1.1") -> str:
    """A call that Anna has taken."""
    one = StoredCall(new_id(), pbx, "+493023125100", NOW, house.customer_id, caller_number="+491713920042")
    await calls.insert(conn, one)
    await calls.answered(conn, one.id, house.anna, ANSWERED, "1.2")
    return one.id


async def over(
    conn: AsyncConnection, call_id: str, seconds: float = 60, how: EndReason = EndReason.CALLER
) -> bool:
    """As the journal writes it."""
    await calls.ended(conn, call_id, NOW + after(seconds))
    return await usage.call_over(conn, call_id, how)


async def test_a_call_counts_once_with_each_kind_of_second(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        call_id = await answered(conn, house)
        for seconds, kind in ((20, HOLD), (20, HOLD), (35, JOINED)):
            await usage.time_turned(conn, call_id, NOW + after(seconds), kind)
        assert await over(conn, call_id, 100, EndReason.JOINED)
        assert not await over(conn, call_id, 500), "an end that is told once more ends nothing"
        spent = {TALK: 20, HOLD: 15, JOINED: 65}
        expected = Usage(f"call {call_id}", NOW, UsageKind.CALL, spent)
        assert await used(conn, house.customer_id, NOW) == [expected]


async def test_in_whatever_order_it_is_told(db: Database, house: SampleCompany) -> None:
    """The wrap-up may be over before the call, as that goes on with an employee."""
    tells: Sequence[Tell] = (
        over,
        lambda conn, call_id: usage.wrapped_up(conn, call_id, "1.2", 30),
        lambda conn, call_id: usage.wrapped_up(conn, call_id, "1.7", 12),
    )
    async with db.write() as conn:
        for number, order in enumerate(itertools.permutations(tells)):
            call_id = await answered(conn, house, f"2.{number}")
            for tell in (*order, *order):
                await tell(conn, call_id)
            (found,) = await usage.events(conn, house.customer_id, [f"call {call_id}"])
            assert found.usage.seconds == {TALK: 60, WRAP_UP: 42}
            assert (found.call_id, found.there) == (call_id, True)
        assert len(await used(conn, house.customer_id, NOW)) == 6
        assert {one.seconds[WRAP_UP] for one in await used(conn, house.customer_id, NOW)} == {42}


async def test_what_nobody_pays_for(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        missed = StoredCall(new_id(), "3.1", "+493023125100", NOW, house.customer_id)
        nobodys = StoredCall(new_id(), "3.2", "+493023125999", NOW, answered_at=NOW, ended_at=NOW)
        blocked = StoredCall(
            new_id(), "3.3", "+493023125100", NOW, house.customer_id, ended_at=NOW, outcome=Outcome.BLOCKED
        )
        running = await answered(conn, house, "3.4")
        for one in (missed, nobodys, blocked):
            await calls.insert(conn, one)
        assert not await over(conn, missed.id)
        for call_id in (nobodys.id, blocked.id, running, "nowhere"):
            assert not await usage.call_over(conn, call_id, EndReason.CALLER)
        assert not await usage.wrapped_up(conn, running, "1.2", 0)
        assert not await usage.time_turned(conn, "nowhere", NOW, HOLD)
        assert await usage.wrapped_up(conn, running, "1.2", 20)
        assert await used(conn, house.customer_id, NOW) == [], "a wrap-up counts with its call only"


async def test_an_answer_that_is_told_after_the_end(db: Database, house: SampleCompany) -> None:
    """As of a call that the PBX tells of afterwards."""
    async with db.write() as conn:
        call = StoredCall(new_id(), "4.1", "+493023125100", NOW, house.customer_id)
        await calls.insert(conn, call)
        assert not await over(conn, call.id)
        await calls.answered(conn, call.id, house.anna, ANSWERED, "4.2")
        assert await usage.call_over(conn, call.id, EndReason.CALLER)
        (one,) = await used(conn, house.customer_id, NOW)
        assert one.seconds == {TALK: 60}


async def test_the_last_conversation_of_an_agent(db: Database, house: SampleCompany) -> None:
    """After a restart in the middle of a wrap-up only the queue knows that there is one."""
    async with db.write() as conn:
        call_id = await answered(conn, house)
        assert await usage.last_conversation(conn, house.anna, NOW + after(90)) == (call_id, "1.2")
        assert await usage.last_conversation(conn, house.anna, NOW) is None
        assert await usage.last_conversation(conn, house.ben, NOW + after(90)) is None


async def test_an_sms_counts_once_by_its_parts_and_is_of_its_company(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        assert await usage.sms_sent(conn, "one", house.customer_id, 1, NOW)
        assert not await usage.sms_sent(conn, "one", house.customer_id, 2, NOW)
        assert await usage.sms_sent(conn, "long", house.customer_id, 2, NOW + timedelta(seconds=1))
        assert not await usage.sms_sent(conn, "gone", "nobody", 1, NOW)
        found = await used(conn, house.customer_id, NOW)
        assert [(one.id, one.kind, one.parts) for one in found] == [
            ("sms one", UsageKind.SMS, 1),
            ("sms long", UsageKind.SMS, 2),
        ]
        assert await usage.events(conn, "another", ["sms one"]) == ()
        (event,) = await usage.events(conn, house.customer_id, ["sms one", "sms nowhere"])
        assert (event.call_id, event.there) == (None, False)


async def test_it_outlives_the_call_and_says_nothing_of_the_caller(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        call_id = await answered(conn, house)
        await over(conn, call_id)
        await conn.execute(t.call.delete())
        (event,) = await usage.events(conn, house.customer_id, [f"call {call_id}"])
        assert event.usage.seconds == {TALK: 60}
        assert not event.there
        (row,) = (await conn.execute(t.usage.select())).all()
    assert "3920042" not in repr(row)
