from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.storage.calls import attempts, calls, statistics
from pbx_bridge.storage.calls.call_filter import Result, Selection
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import IN_TIME, SampleCompany, furnish

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


def day(house: SampleCompany, **chosen: object) -> Selection:
    return replace(Selection(house.customer_id, MORNING, MORNING + DAY), **chosen)  # type: ignore[arg-type]


async def call(
    db: Database,
    house: SampleCompany,
    at: float,
    *,
    waited: float | None = 5.0,
    outcome: calls.Outcome = calls.Outcome.NOTED,
    **more: object,
) -> str:
    """A call `at` minutes after eight that an agent took after `waited` seconds, or nobody."""
    arrived = MORNING + timedelta(minutes=at)
    answered = None if waited is None else arrived + timedelta(seconds=waited)
    stored = calls.StoredCall(
        new_id(), new_id(), "+493023125100", arrived, house.customer_id,
        answered_at=answered, ended_at=arrived + timedelta(minutes=2), outcome=outcome,
    )  # fmt: skip
    async with db.write() as conn:
        await calls.insert(conn, replace(stored, **more))  # type: ignore[arg-type]
    return stored.id


async def note(
    db: Database,
    house: SampleCompany,
    call_id: str,
    concern: str,
    replaces: str | None = None,
    **more: object,
) -> CallNote:
    """A note for Erika, told by one e-mail."""
    written = replace(CallNote(new_id(), "Hans Müller", concern, recipients=(house.erika,)), **more)  # type: ignore[arg-type]
    owner: Any = {"call_id": call_id, "customer_id": house.customer_id, "agent_id": house.anna}
    mail = notifications.Notification(
        new_id(), written.id, house.customer_id, Channel.EMAIL, MessageKind.NOTE,
        "erika@example.org", "Text", MORNING, MORNING, state=notifications.State.SENT,
    )  # fmt: skip
    async with db.write() as conn:
        await notes.insert(conn, written, **owner, now=MORNING, replaces_id=replaces)
        await notifications.insert(conn, [mail])
    return written


async def joined(db: Database, call_id: str, employee: str, asked: str | None = None) -> None:
    async with db.write() as conn:
        attempt = attempts.StoredAttempt(
            f"{call_id}-a1", call_id, MORNING, employee, result="joined", asked_id=asked
        )
        await attempts.insert(conn, attempt)


async def test_a_page_has_each_call_with_the_note_that_counts(db: Database, house: SampleCompany) -> None:
    called = await call(db, house, 1, vip_id=house.erika, caller_number="+491713920042")
    first = await note(db, house, called, "Angebot")
    second = await note(db, house, called, "Angebot bis Freitag", replaces=first.id)
    async with db.read() as conn:
        (listed,) = await statistics.page(conn, day(house), 25)
    assert (listed.note_id, listed.concern, listed.caller_name) == (
        second.id,
        "Angebot bis Freitag",
        "Hans Müller",
    )
    assert (listed.vip, listed.result) == (True, Result.NOTED)
    assert (listed.recipients, listed.states) == (("Beispiel, Erika",), ("sent",))


async def test_pages_follow_each_other_without_gap_or_repetition(db: Database, house: SampleCompany) -> None:
    made = [await call(db, house, minute // 3) for minute in range(23)]
    seen: list[str] = []
    place = None
    async with db.read() as conn:
        while listed := await statistics.page(conn, day(house), 5, place):
            seen += [one.id for one in listed]
            place = listed[-1].place
    assert seen == sorted(made, reverse=True)


async def test_nobody_sees_the_calls_of_another_company(db: Database, house: SampleCompany) -> None:
    await call(db, house, 1, customer_id=None)
    async with db.read() as conn:
        assert await statistics.page(conn, day(house), 25) == ()
        assert await statistics.buckets(conn, day(house), IN_TIME) == ()
        assert await statistics.count(conn, day(house)) == (0, None)


async def test_the_period_begins_with_its_first_moment_and_ends_before_its_last(
    db: Database, house: SampleCompany
) -> None:
    first = await call(db, house, 0)
    await call(db, house, 24 * 60)
    await call(db, house, -1 / 60)
    async with db.read() as conn:
        assert [one.id for one in await statistics.page(conn, day(house), 25)] == [first]


async def test_each_filter_finds_its_calls(db: Database, house: SampleCompany) -> None:
    noted = await call(db, house, 1, caller_number="+491713920042", vip_id=new_id())
    await note(db, house, noted, "Fragt nach ÄNDERUNG am Angebot", fields=(("art", "Überweisung"),))
    through = await call(db, house, 2)
    await note(db, house, through, "Preise", recipients=(), put_through_to=house.jens)
    await joined(db, through, house.jens)
    missed = await call(db, house, 3, waited=None, outcome=calls.Outcome.ABANDONED)
    closed = await call(db, house, 4, outcome=calls.Outcome.CLOSED)
    expected: dict[str, tuple[dict[str, object], list[str]]] = {
        "all": ({}, [closed, missed, through, noted]),
        "employee of the note": ({"employee_id": house.erika}, [noted]),
        "employee on the phone": ({"employee_id": house.jens}, [through]),
        "VIPs": ({"vip": True}, [noted]),
        "no VIPs": ({"vip": False}, [closed, missed, through]),
        "put through": ({"result": Result.PUT_THROUGH}, [through]),
        "noted": ({"result": Result.NOTED}, [noted]),
        "missed": ({"result": Result.MISSED}, [missed]),
        "closed": ({"result": Result.CLOSED}, [closed]),
        "heard": ({"heard": True}, [closed, through, noted]),
        "words in another case": ({"words": "änderung angebot"}, [noted]),
        "a word of an own field": ({"words": "überweisung"}, [noted]),
        "all words": ({"words": "änderung preise"}, []),
        "no wildcards": ({"words": "%"}, []),
        "a number as typed": ({"words": "0171 39200-42"}, [noted]),
    }
    async with db.read() as conn:
        for name, (wanted, ids) in expected.items():
            found = await statistics.page(conn, day(house, **wanted), 25)
            assert [one.id for one in found] == ids, name
            counted = await statistics.buckets(conn, day(house, **wanted), IN_TIME)
            assert sum(one.calls for one in counted) == len(ids), name
            people = await statistics.by_employee(conn, day(house, **wanted))
            took = {one.employee_id for one in people if one.put_through}
            assert took == ({house.jens} if through in ids else set()), name


async def test_the_clock_runs_from_arrival_to_answer(db: Database, house: SampleCompany) -> None:
    for waited in (0.5, 20.0, 20.4, None):
        outcome = calls.Outcome.NOTED if waited else calls.Outcome.ABANDONED
        await call(db, house, 0.1, waited=waited, outcome=outcome)
    await call(db, house, 14.99, waited=None, outcome=calls.Outcome.OPEN, ended_at=None)
    await call(db, house, 15)
    async with db.read() as conn:
        found = await statistics.buckets(conn, day(house), IN_TIME)
    assert {one.start for one in found} == {MORNING, MORNING + timedelta(minutes=15)}
    first = [one for one in found if one.start == MORNING]
    assert {one.result: (one.calls, one.answered, one.in_time, one.missed) for one in first} == {
        Result.NOTED: (3, 3, 2, 0),
        Result.MISSED: (1, 0, 0, 1),
        Result.OPEN: (1, 0, 0, 0),
    }


async def test_calls_are_counted_for_those_they_were_meant_for(db: Database, house: SampleCompany) -> None:
    for minute in range(3):
        await note(db, house, await call(db, house, minute), "Angebot")
    through = await call(db, house, 4)
    await note(db, house, through, "Preise", recipients=(), put_through_to=house.jens)
    await joined(db, through, house.jens)
    async with db.read() as conn:
        counted = await statistics.by_employee(conn, day(house))
    assert {one.employee_id: (one.notes, one.put_through) for one in counted} == {
        house.erika: (3, 0),
        house.jens: (0, 1),
    }


async def test_a_call_counts_once_for_each_whom_it_was_for_whoever_took_it(
    db: Database, house: SampleCompany
) -> None:
    through = await call(db, house, 1)
    await note(db, house, through, "Preise", put_through_to=house.erika)
    await joined(db, through, house.erika, asked=house.erika)
    deputy = await call(db, house, 2)
    await note(db, house, deputy, "", put_through_to=house.jens, recipients=())
    await joined(db, deputy, house.jens, asked=house.erika)
    twice = await call(db, house, 3)
    first = await note(db, house, twice, "Angebot")
    await note(db, house, twice, "Angebot bis Freitag", replaces=first.id)
    await note(db, house, twice, "Noch etwas")
    async with db.read() as conn:
        counted = await statistics.by_employee(conn, day(house))
        asked_for = await statistics.page(conn, day(house, employee_id=house.erika), 25)
    assert {one.employee_id: (one.notes, one.put_through) for one in counted} == {
        house.erika: (2, 1),
        house.jens: (0, 1),
    }
    assert {one.id for one in asked_for} == {through, deputy, twice}, "a deputy's call was theirs, too"


async def test_a_row_tells_who_was_asked_for_who_took_the_call_and_all_of_its_note(
    db: Database, house: SampleCompany
) -> None:
    through = await call(db, house, 1)
    by = datetime(2026, 11, 30, 14)  # noqa: DTZ001 - wall time of the customer
    written: dict[str, Any] = {"fields": (("art", "Neukunde"),), "callback_by": by, "callback_wanted": True}
    await note(
        db, house, through, "Preise", put_through_to=house.jens, message_to_caller="Ruft an.", **written
    )
    await joined(db, through, house.jens, asked=house.erika)
    async with db.read() as conn:
        (listed,) = await statistics.page(conn, day(house), 25)
    assert (listed.asked, listed.takers) == (("Beispiel, Erika",), ("Jens Meier",))
    assert (listed.callback_wanted, listed.callback_by) == (True, "2026-11-30T14:00")
    assert (listed.fields, listed.message_to_caller) == ((("art", "Neukunde"),), "Ruft an.")
    assert not listed.untold


async def test_a_note_that_was_told_to_nobody_is_known_as_such(db: Database, house: SampleCompany) -> None:
    silent, corrected, told = [await call(db, house, minute) for minute in (1, 2, 3)]
    written = CallNote(new_id(), "Hans Müller", "Angebot")
    first = await note(db, house, corrected, "Angebot")
    await note(db, house, told, "Angebot")
    same = CallNote(new_id(), "Hans Müller", "Angebot")
    async with db.write() as conn:
        owner: Any = {"customer_id": house.customer_id, "agent_id": house.anna, "now": MORNING}
        await notes.insert(conn, written, call_id=silent, **owner)
        await notes.insert(conn, same, call_id=corrected, replaces_id=first.id, **owner)
        listed = await statistics.page(conn, day(house), 25)
    assert {one.id: one.untold for one in listed} == {silent: True, corrected: False, told: False}


async def test_a_blocked_caller_counts_only_as_turned_away(db: Database, house: SampleCompany) -> None:
    await call(db, house, 1)
    await call(db, house, 2, waited=None, outcome=calls.Outcome.ABANDONED)
    blocked = await call(db, house, 3, waited=None, outcome=calls.Outcome.BLOCKED)
    async with db.read() as conn:
        found = {bucket.result: bucket for bucket in await statistics.buckets(conn, day(house), IN_TIME)}
        only = await statistics.page(conn, day(house, result=Result.BLOCKED), 25)
        counted = await statistics.count(conn, day(house, wanted=True))
        floor = await calls.figures(conn, MORNING, MORNING + DAY, IN_TIME)
    assert {result: (one.calls, one.missed) for result, one in found.items()} == {
        Result.NOTED: (1, 0),
        Result.MISSED: (1, 1),
        Result.BLOCKED: (1, 0),
    }
    assert [one.id for one in only] == [blocked]
    assert counted == (2, MORNING + timedelta(minutes=2))
    assert (floor.arrived, floor.answered) == (2, 1)


async def test_an_agent_is_not_told_of_calls_that_were_turned_away(
    db: Database, house: SampleCompany
) -> None:
    number = "+493023125777"
    seen = await call(db, house, 1, outcome=calls.Outcome.CLOSED, caller_number=number)
    await call(db, house, 2, waited=None, outcome=calls.Outcome.BLOCKED, caller_number=number)
    async with db.read() as conn:
        earlier = await calls.earlier_calls(conn, house.customer_id, number)
    assert [one.call_id for one in earlier] == [seen]


async def test_a_call_that_somebody_outside_took_was_put_through_and_says_to_whom(
    db: Database, house: SampleCompany
) -> None:
    called = await call(db, house, 1)
    await note(db, house, called, "Rohrbruch")
    async with db.write() as conn:
        outside = attempts.StoredAttempt(f"{called}-a1", called, MORNING, result="joined")
        await attempts.insert(conn, replace(outside, number="+493023125190"))
    async with db.read() as conn:
        (listed,) = await statistics.page(conn, day(house), 25)
    assert (listed.result, listed.takers, listed.asked) == (Result.PUT_THROUGH, ("030 23125190",), ())
