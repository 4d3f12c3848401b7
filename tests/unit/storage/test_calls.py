from __future__ import annotations

from datetime import timedelta

from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.calls.attempts import StoredAttempt
from pbx_bridge.storage.calls.calls import Figures, Outcome, StoredCall
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import idempotency, notes
from rules.model import CallNote
from tests.sample_company import IN_TIME, NOW, arrive, furnish

LATER = NOW + timedelta(seconds=15)


async def test_a_call_told_twice_is_one_call(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        again = StoredCall(new_id(), "1.1", "+493023125100", LATER)
        assert not await calls.insert(conn, again)
        stored = await calls.by_pbx_call(conn, "1.1")

    assert stored == StoredCall(
        call_id, "1.1", "+493023125100", NOW, house.customer_id, caller_number="+491713920042"
    )


async def test_a_call_belongs_to_the_last_agent_and_keeps_its_first_answer(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        assert await calls.answered(conn, call_id, house.anna, LATER)
        assert await calls.answered(conn, call_id, house.ben, LATER + timedelta(minutes=1))
        call = await calls.by_id(conn, call_id)

        assert call is not None
        assert (call.agent_id, call.answered_at) == (house.ben, LATER)
        assert await calls.open_calls_of(conn, house.anna) == ()
        assert await calls.open_calls_of(conn, house.ben) == (call,)
        assert await calls.live(conn) == (call,)


async def test_a_call_ends_once_and_leaves_open_once(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        assert await calls.ended(conn, call_id, LATER)
        assert not await calls.ended(conn, call_id, LATER + timedelta(hours=1))
        assert await calls.set_outcome(conn, call_id, Outcome.CLOSED, "wrong_number")
        assert not await calls.set_outcome(conn, call_id, Outcome.NOTED)
        call = await calls.by_id(conn, call_id)
        assert await calls.live(conn) == ()

    assert call is not None
    assert (call.ended_at, call.outcome, call.closed_reason) == (LATER, Outcome.CLOSED, "wrong_number")


async def test_earlier_calls_show_the_last_version_of_the_note(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        for number in range(3):
            call_id = await arrive(conn, house, pbx=f"1.{number}")
            await calls.answered(conn, call_id, house.anna, NOW + timedelta(hours=number))
            if number < 2:
                await calls.ended(conn, call_id, LATER)
        first = await calls.by_pbx_call(conn, "1.0")
        assert first is not None
        replaced = None
        for concern in ("Angebod", "Angebot"):
            note = CallNote(
                new_id(), "Hans Müller", concern, "Müller GmbH", recipients=(house.erika, house.jens)
            )
            await notes.insert(
                conn, note, call_id=first.id, customer_id=house.customer_id, agent_id=house.anna, now=LATER,
                replaces_id=replaced,
            )  # fmt: skip
            replaced = note.id
        await arrive(conn, house, number="", pbx="2.1")
    async with db.read() as conn:
        earlier = await calls.earlier_calls(conn, house.customer_id, "+491713920042", limit=5)
        assert await calls.earlier_calls(conn, house.customer_id, "", limit=5) == ()

    assert len(earlier) == 2  # the third is still running
    shown = next(one for one in earlier if one.call_id == first.id)
    assert (shown.caller_name, shown.caller_company, shown.concern) == (
        "Hans Müller",
        "Müller GmbH",
        "Angebot",
    )
    assert (shown.agent_name, shown.recipients) == ("Anna Keller", ("Beispiel, Erika", "Jens Meier"))
    assert {one.concern for one in earlier} == {"Angebot", ""}


async def test_figures_count_from_arrival(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        for number, wait in enumerate((5, 20, 21, None)):
            call_id = await arrive(conn, house, pbx=f"1.{number}")
            if wait is not None:
                await calls.answered(conn, call_id, house.anna, NOW + timedelta(seconds=wait))
        assert await calls.figures(conn, NOW, LATER, IN_TIME) == Figures(arrived=4, answered=3, in_time=2)
        assert (await calls.figures(conn, NOW, LATER, timedelta(seconds=21))).in_time == 3
        assert await calls.figures(conn, LATER, LATER + timedelta(days=1), IN_TIME) == Figures(0, 0, 0)
        last = await calls.last_answered(conn, house.anna, house.customer_id, NOW + timedelta(seconds=21))
        assert last == NOW + timedelta(seconds=20)
        assert await calls.last_answered(conn, house.ben, house.customer_id, LATER) is None


async def test_an_unassigned_call_waits_for_the_operator(db: Database) -> None:
    call = StoredCall(new_id(), "9.9", "+493023125999", NOW, unassigned_reason="unknown_line")
    async with db.write() as conn:
        await calls.insert(conn, call)
        assert await calls.unassigned(conn) == (call,)


async def test_an_attempt_is_begun_once_and_ends_once(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        attempt = StoredAttempt("1.1-a1", call_id, NOW, house.erika)
        assert await attempts.insert(conn, attempt)
        assert not await attempts.insert(conn, attempt)
        assert await attempts.unfinished(conn) == (attempt,)
        assert await attempts.answered(conn, "1.1-a1", LATER)
        assert await attempts.ended(conn, "1.1-a1", "declined", LATER)
        assert not await attempts.ended(conn, "1.1-a1", "unknown", LATER)
        assert not await attempts.answered(conn, "1.1-a1", LATER)
        assert await attempts.unfinished(conn) == ()
        (stored,) = await attempts.of_call(conn, call_id)

    assert (stored.result, stored.answered_at, stored.ended_at) == ("declined", LATER, LATER)


async def test_a_command_is_answered_once(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        assert await idempotency.answer(conn, house.anna_account, "c1") is None
        assert await idempotency.remember(conn, house.anna_account, "c1", {"ok": True}, NOW)
        assert not await idempotency.remember(conn, house.anna_account, "c1", {"ok": False}, LATER)
        assert await idempotency.answer(conn, house.anna_account, "c1") == {"ok": True}
        assert await idempotency.forget(conn, NOW) == 0
        assert await idempotency.forget(conn, LATER) == 1


async def test_somebody_outside_is_an_attempt_with_a_number(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        attempt = StoredAttempt("1.1-a1", call_id, NOW, number="+493023125190")
        assert await attempts.insert(conn, attempt)
        assert await attempts.unfinished(conn) == (attempt,)
        (stored,) = await attempts.of_call(conn, call_id)
    assert (stored.employee_id, stored.asked_for, stored.number) == (None, None, "+493023125190")
