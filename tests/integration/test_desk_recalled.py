"""A call that nobody of us saw comes onto the desk of whoever answered it, once, and is counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.ami.actions import Originate
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.remembered_call import CallSeen, Taken
from pbx_bridge.storage.calls import calls, floor_figures
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import ANNA, BEN, CALLER, LINE, DeskRoom, PlayedPbx, desk_room, leg, member
from tests.sample_company import SampleCompany, furnish
from tests.until import until

CALL = "1795429654.114"


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


@pytest.fixture
async def room(database_url: str, house: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(database_url) as opened:
        yield opened


def ago(seconds: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=seconds)


def remembered(call: str = CALL, *answers: str, over: bool = True, **more: Any) -> CallSeen:
    """A call of ten minutes ago; each phone had it for a minute."""
    taken = tuple(
        Taken(phone, ago(590 - 60 * number), leg(call, phone)) for number, phone in enumerate(answers)
    )
    ended = ago(300) if over else None
    arrival = ev.CallArrived(call, "", LINE, CALLER)
    return CallSeen(arrival, ago(600), answers=taken, ended_at=ended, **more)


def back(pbx: PlayedPbx, *seen: CallSeen, legs: tuple[ev.LiveLeg, ...] = ()) -> None:
    """The link is there again, and this is what the PBX has to say."""
    snapshot = ev.Snapshot(legs, tuple(member(name) for name in (ANNA, BEN)))
    pbx.tell(ev.LinkDown("silent"), ev.LinkUp("22.10.1"), *seen, snapshot)


def note(house: SampleCompany) -> dict[str, Any]:
    return {
        "name": "Sabine Krause", "concern": "Bittet um Rückruf.", "recipients": [house.erika],
        "fields": {"art": "Neukunde"},
    }  # fmt: skip


def forgotten(pbx: PlayedPbx) -> set[str]:
    """What the PBX was told that it may forget."""
    sent = [
        action for action in pbx.sent if isinstance(action, Originate) and "@sec-forget" in action.channel
    ]
    return {call for action in sent for _, names in action.variables for call in names.split("|")}


async def stored(db: Database, call: str = CALL) -> calls.StoredCall:
    async with db.read() as conn:
        found = await calls.by_pbx_call(conn, call)
    assert found is not None
    return found


async def test_answered_and_over_unseen_it_is_to_be_noted_by_whoever_answered(
    room: DeskRoom, house: SampleCompany, db: Database
) -> None:
    anna, ben, call = await room.tab("anna"), await room.tab("ben"), room.id_of(CALL)
    back(room.pbx, seen := remembered(CALL, ANNA))
    await until(lambda: anna.call(call), message="the call")
    shown = anna.call(call)
    assert shown
    view = shown.view
    assert (view.phase, view.recalled, view.end_reason) == ("ended", True, "caller")
    assert (view.answered_at, view.ended_at) == (seen.answers[0].at, seen.ended_at)
    assert shown.pop.company.name == "Mustermann AG"
    assert (shown.pop.caller.name, shown.pop.arrived_at) == ("Hans Müller", seen.arrived_at)
    assert {"save_note", "close_call"} <= set(view.may)
    assert ben.call(call) is None
    row = await stored(db)
    assert (row.agent_id, row.outcome, row.recalled) == (house.anna, calls.Outcome.OPEN, True)
    assert (row.arrived_at, row.answered_at, row.ended_at) == (
        seen.arrived_at, view.answered_at, view.ended_at,
    )  # fmt: skip
    await until(lambda: forgotten(room.pbx) == {CALL}, message="the PBX may forget it")

    back(room.pbx, seen)
    assert (await anna.ask("save_note", call=call, body=note(house))).ok
    await until(lambda: anna.call(call) is None, message="an empty screen")
    back(room.pbx, seen)
    await room.rooms.calls.journal.settled()
    assert anna.call(call) is None, "noted, it stays away"
    (offer,) = anna.events("offer")
    assert offer["view"]["recalled"], "said with the first word, not corrected with the second"


async def test_over_a_restart_it_is_still_to_be_noted_and_once_noted_no_longer(
    database_url: str, house: SampleCompany
) -> None:
    seen = (remembered(CALL, ANNA),)
    for life in ("first", "second", "third"):
        async with desk_room(database_url, remembers=seen) as room:
            await until(lambda room=room: forgotten(room.pbx), message="stored")  # type: ignore[misc]  # a default
            anna, call = await room.tab("anna"), room.id_of(CALL)
            if life == "third":
                assert anna.call(call) is None
                continue
            found = anna.call(call)
            assert found
            assert (found.view.phase, found.view.recalled) == ("ended", True)
            if life == "second":
                assert (await anna.ask("save_note", call=call, body=note(house))).ok


async def test_seen_to_ring_at_one_and_answered_by_the_other(room: DeskRoom) -> None:
    anna, ben, call = await room.tab("anna"), await room.tab("ben"), room.id_of(CALL)
    room.pbx.arrive(CALL)
    room.pbx.offer(CALL)
    await until(lambda: anna.phase(call) == "offered", message="it rings")
    back(room.pbx, remembered(CALL, BEN))
    await until(lambda: ben.phase(call) == "ended", message="to be noted")
    await until(lambda: anna.call(call) is None, message="it rings no more")
    view = ben.call(call)
    assert view
    assert view.view.recalled


async def test_with_one_when_the_link_went_and_with_the_other_when_it_ended(
    room: DeskRoom, house: SampleCompany, db: Database
) -> None:
    """The letters typed go along, as they do when somebody takes over in sight."""
    anna, ben, call = await room.tab("anna"), await room.tab("ben"), room.id_of(CALL)
    room.pbx.ring_and_answer(CALL)
    await until(lambda: anna.phase(call) == "talking", message="Anna talks")
    assert (await anna.ask("save_draft", call=call, revision=1, body={"concern": "Ein halber Sa"})).ok
    back(room.pbx, remembered(CALL, ANNA, BEN))
    await until(lambda: ben.phase(call) == "ended" and anna.call(call) is None, message="it is Ben's")
    found = ben.call(call)
    assert found
    assert found.draft
    assert found.draft.body.concern == "Ein halber Sa"
    assert (await stored(db)).agent_id == house.ben


async def test_back_in_the_middle_of_a_talk_the_times_are_right(
    room: DeskRoom, house: SampleCompany, db: Database
) -> None:
    anna, call = await room.tab("anna"), room.id_of(CALL)
    seen = remembered(CALL, ANNA, over=False)
    caller = ev.LiveLeg(CALL, CALL, f"PJSIP/trunk-{CALL}", "talk", "from-trunk,s,5", "Queue", CALLER)
    agent = ev.LiveLeg(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}", "talk", "from-agent,,1", "AppQueue")
    back(room.pbx, seen, legs=(caller, agent))
    await until(lambda: anna.phase(call) == "talking", message="the pop")
    shown = anna.call(call)
    assert shown
    assert (shown.view.answered_at, shown.view.since, shown.view.recalled) == (
        seen.answers[0].at, seen.answers[0].at, False,
    )  # fmt: skip
    assert not forgotten(room.pbx)
    room.pbx.hang_up(CALL)
    await until(lambda: forgotten(room.pbx) == {CALL}, message="the PBX may forget it")
    row = await stored(db)
    assert (row.arrived_at, row.answered_at, row.recalled) == (seen.arrived_at, seen.answers[0].at, False)


async def test_figures_count_what_nobody_saw(room: DeskRoom, house: SampleCompany, db: Database) -> None:
    await room.tab("anna")
    back(
        room.pbx,
        remembered("1795429654.1", ANNA),
        remembered("1795429654.2"),
        remembered("1795429654.3", blocked=True),
        remembered("1795429654.4", over=False),
        remembered("1795429654.5", BEN, over=False),
    )
    await until(lambda: len(forgotten(room.pbx)) == 5, message="all of them stored")
    async with db.read() as conn:
        (figures,) = await floor_figures.by_company(conn, ago(86_400), ago(-5), timedelta(seconds=20))
    assert (figures.calls, figures.answered, figures.in_time, figures.abandoned) == (4, 2, 2, 2)
    outcomes = [(await stored(db, f"1795429654.{number}")).outcome.value for number in range(1, 6)]
    assert outcomes == ["open", "abandoned", "blocked", "lost", "open"]


async def test_a_put_through_that_ended_unseen_has_its_result(
    database_url: str, house: SampleCompany, db: Database
) -> None:
    async with desk_room(database_url) as room:
        anna, call = await room.tab("anna"), room.id_of(CALL)
        room.pbx.ring_and_answer(CALL)
        await until(lambda: anna.phase(call) == "talking", message="Anna talks")
        assert (await anna.ask("ring", call=call, employee=house.erika)).ok
        await until(room.pbx.rung, message="Erika is rung")
        await room.rooms.calls.journal.settled()
    seen = remembered(
        CALL, ANNA, joined=f"{CALL}-a1", targets=(ev.TargetEnded(CALL, f"{CALL}-a1", "ANSWER"),)
    )
    async with desk_room(database_url, remembers=(seen,)) as room:
        await until(lambda: forgotten(room.pbx), message="stored")
        anna = await room.tab("anna")
        found = anna.call(call)
        assert found
        assert (found.view.joined_with, found.view.end_reason) == (house.erika, "joined")
        assert [(one.name, one.result) for one in found.view.tried] == [("Erika Beispiel", "joined")]
        assert not found.view.recalled, "Anna was seen to have it"
