"""What holds up a promise to call back, or breaks it: notes that nobody writes, crowds, lines that move,
wrong clocks, disks that fail."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pbx_bridge.calls import events as ev
from pbx_bridge.notes.unkept_promises import UnkeptPromises
from pbx_bridge.settings import NobodyFreeSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.outcome import Outcome
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.telephony.agent_queue import WRAP_UP
from rules.calls.call_backs import AGAIN_AFTER, RINGS_AT_MOST, TRIES
from rules.model import BlockedCaller, BlockReason, Line
from rules.text.holidays import HouseDays
from rules.vocabulary import CallBackEnd
from tests.sample_company import NOW, SampleCompany
from tests.unit.notes.test_call_backs import CALL, CALLER, LINE, MINUTE, RUNG, Life, called, house, life, wish
from tests.unit.notes.test_voice_messages import of_call

__all__ = ["house", "life"]


async def test_a_try_of_which_nobody_writes_a_note_holds_up_nobody(life: Life, house: SampleCompany) -> None:
    """Agents have gone home, each with a note that is still to be written."""
    for number in range(RINGS_AT_MOST + 1):
        await called(life, house, f"{CALL}{number}", f"+4917139200{number:02}")
        wish(life, f"{CALL}{number}_{LINE}_{int(NOW.timestamp()) + number}")
    assert len(await life.look()) == RINGS_AT_MOST
    for order in life.link.sent:
        await life.tells(order, Outcome.OPEN)
    assert await life.look() == ["Local/491713920005@sec-ringback/n"]
    await life.tells(life.link.sent[-1], Outcome.OPEN)
    assert await life.look() == [], "an agent may still be writing"
    await life.look(AGAIN_AFTER)
    assert len(await life.look()) == RINGS_AT_MOST


async def test_a_note_that_is_written_late_keeps_the_promise(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life)
    await life.look(MINUTE)
    name = await life.rung(Outcome.OPEN)
    await life.look(AGAIN_AFTER)
    async with life.db.write() as conn:
        await conn.execute(t.call.update().where(t.call.c.pbx_call == name).values(outcome="noted"))
    assert await life.look() == []
    assert await life.ends() == [CallBackEnd.NOTED]


async def test_whoever_is_with_us_is_not_rung(life: Life, house: SampleCompany) -> None:
    """They call again and wait in the line, or are being rung for another company."""
    await called(life, house)
    wish(life)
    life.rings(CALLER, "1795424460.7")
    assert await life.look() == []
    life.registry.apply(ev.HungUp("1795424460.7", "1795424460.7", "Local/1"), life.now)
    async with life.db.write() as conn:
        other = calls.StoredCall(new_id(), "1795424461.8", "+493023125200", NOW, caller_number=f"+{CALLER}")
        assert await calls.insert(conn, other)
    wish(life, f"1795424461.8_493023125200_{int(NOW.timestamp()) + 1}")
    assert await life.look() == RUNG
    assert await life.look() == [], "one at a time"


async def test_a_call_back_of_whoever_calls_again_meanwhile_is_called_off(
    life: Life, house: SampleCompany
) -> None:
    """It waits first in line, and an agent would ring somebody who waits behind it."""
    await called(life, house)
    wish(life)
    await life.look()
    ring = life.link.sent[-1].attempt
    life.rings(CALLER, ring)
    life.registry.apply(ev.QueueJoined(ring, "sec"), life.now)
    await life.look()
    assert life.link.hung_up == [], "it is no other call than itself"
    life.rings(CALLER, "1795424460.7")
    await life.look()
    assert life.link.hung_up == ["Local/1"]
    life.registry.apply(ev.HungUp(ring, ring, "Local/1"), life.now)
    assert await life.look(2 * MINUTE) == [], "they are with us"
    life.registry.apply(ev.HungUp("1795424460.7", "1795424460.7", "Local/1"), life.now)
    assert await life.look() == RUNG, "and waited in vain once more"


async def test_what_the_pbx_has_told_of_is_not_ordered_again(life: Life, house: SampleCompany) -> None:
    """The database is behind, or we are: the PBX tells first that it is there, then what it has seen."""
    await called(life, house)
    wish(life)
    await life.look()
    life.rings(CALLER, life.link.sent[-1].attempt)
    await life.look(2 * MINUTE)
    assert await life.look() == []

    another = "491713920043"
    await called(life, house, "1795424461.8", f"+{another}")
    wish(life, f"1795424461.8_{LINE}_{int(NOW.timestamp()) + 1}")
    await life.look()
    assert len(life.link.sent) == 2
    life.registry.apply(ev.LinkDown("lost"), life.now)
    life.now += 2 * MINUTE
    life.registry.apply(ev.LinkUp(), life.now)
    await life.look()
    assert await life.look() == []


async def test_a_line_that_is_another_companys_by_now_leads_nobody_there(
    life: Life, house: SampleCompany
) -> None:
    await called(life, house)
    wish(life)
    life.anna(paused=True)
    await life.look()
    life.anna(paused=False)
    index = life.directory.index
    company = index.customer(house.customer_id)
    assert company
    index.replace(replace(company, id="other", public_numbers=()))
    theirs = Line("line", f"+{LINE}", customer_id="other")
    index.set_lines([theirs, Line("new", "+493023125300", customer_id=house.customer_id)])
    assert await life.look() == RUNG
    assert life.link.sent[-1].exten == "493023125300", "the company has another one"
    await life.rung(Outcome.CLOSED)
    await life.look()
    index.set_lines([theirs])
    assert await life.look(AGAIN_AFTER) == []
    assert await life.ends() == [CallBackEnd.NOT_DIALLED]


async def test_who_asks_again_is_promised_again(life: Life, house: SampleCompany) -> None:
    """However often it was in vain before."""
    await called(life, house)
    wish(life)
    for again in range(TRIES):
        assert await life.look(AGAIN_AFTER) == RUNG
        await life.rung(Outcome.CLOSED)
        if again < TRIES - 1:
            await life.look()
    await called(life, house, "1795424401.2")
    wish(life, f"1795424401.2_{LINE}_{int(NOW.timestamp()) + 9}")
    await life.look()
    assert await life.ends() == ["", CallBackEnd.ASKED_BEFORE]
    assert await life.look(AGAIN_AFTER) == RUNG


async def test_a_date_that_is_to_come_is_a_wrong_clock(life: Life, house: SampleCompany) -> None:
    await called(life, house)
    wish(life, f"{CALL}_{LINE}_{int((NOW + timedelta(days=4000)).timestamp())}")
    assert await life.look(timedelta(hours=3)) == RUNG
    async with life.db.read() as conn:
        assert (await conn.execute(select(t.call_back.c.at))).scalar_one() == life.now


async def test_whoever_talks_is_there_for_the_first_in_line(life: Life, house: SampleCompany) -> None:
    """While many call, somebody always waits for whoever becomes free: nobody is ever seen to be."""
    await called(life, house)
    wish(life)
    life.anna(paused=True, why=WRAP_UP)
    assert await life.look() == RUNG


async def test_whoever_waits_for_other_agents_keeps_nobody_waiting(life: Life, house: SampleCompany) -> None:
    """Anna alone may answer for the company; the others are Ben's callers too."""
    life.anna(paused=False, name="ben")
    staff = life.directory.staff
    staff.replace([replace(one, bound=one.given_name == "Anna") for one in staff.all()])
    company = life.directory.index.customer(house.customer_id)
    assert company
    life.directory.index.replace(replace(company, confidential=True))
    for number in range(RINGS_AT_MOST + 1):
        await called(life, house, f"{CALL}{number}", f"+4917139200{number:02}")
        wish(life, f"{CALL}{number}_{LINE}_{int(NOW.timestamp()) + number}")
    async with life.db.write() as conn:
        other = calls.StoredCall(new_id(), "1795424461.8", "+493023125200", NOW, caller_number=f"+{CALLER}")
        assert await calls.insert(conn, other)
    wish(life, f"1795424461.8_493023125200_{int(NOW.timestamp()) + 60}")
    rung = await life.look()
    assert (len(rung), rung[-1:]) == (RINGS_AT_MOST + 1, RUNG)


async def test_a_folder_that_cannot_be_read_holds_up_no_promise(
    life: Life, house: SampleCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    await called(life, house)
    wish(life)
    life.anna(paused=True)
    await life.look()
    life.anna(paused=False)

    def refused(_folder: Path) -> list[str]:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "listdir", refused)
    assert await life.look() == RUNG


async def test_a_day_that_the_house_has_free_is_free(life: Life, house: SampleCompany) -> None:
    """For whom the company has nothing of its own, as the dial plan has it."""
    await called(life, house)
    wish(life)
    life.backs = life.made(NobodyFreeSettings("Mo-So 0-24", "BE", recordings=life.folder))
    life.directory.index.house_days = {"BE": HouseDays(frozenset({NOW.date()}))}
    assert await life.look() == []
    life.directory.index.house_days = {}
    assert await life.look() == RUNG


async def test_a_promise_that_is_not_kept_is_told_to_the_company(life: Life, house: SampleCompany) -> None:
    """Somebody waits, and nobody else would know."""
    async with life.db.write() as conn:
        await conn.execute(t.customer.update().values(default_email="zentrale@example.org"))
    call_id = await called(life, house)
    wish(life)
    for _ in range(TRIES):
        assert await life.look(AGAIN_AFTER) == RUNG
        assert await of_call(life.db, call_id) == []
        await life.rung(Outcome.CLOSED)
        await life.look()
    await life.look()
    assert await life.ends() == [CallBackEnd.NOT_REACHED]
    (note,) = await of_call(life.db, call_id)
    assert note.note.callback_number == f"+{CALLER}"
    assert note.note.wants_callback
    async with life.db.read() as conn:
        (mail,) = await notifications.of_note(conn, note.note.id)
    assert mail.address == "zentrale@example.org"
    assert "niemanden erreicht" in mail.body_text


@pytest.mark.parametrize("number", ["+499001234567", "+493212345678"])
async def test_a_number_that_we_do_not_dial_is_told_too(
    life: Life, house: SampleCompany, number: str
) -> None:
    """The dial plan lets others ask than the service may ring."""
    call_id = await called(life, house, number=number)
    wish(life)
    await life.look()
    assert await life.ends() == [CallBackEnd.NOT_DIALLED]
    (note,) = await of_call(life.db, call_id)
    assert note.note.callback_number == number


async def test_whoever_is_blocked_since_is_not_rung_and_nobody_is_told(
    life: Life, house: SampleCompany
) -> None:
    nuisance = "491713920049"
    call_id = await called(life, house, number=f"+{nuisance}")
    wish(life)
    index = life.directory.index
    company = index.customer(house.customer_id)
    assert company
    index.replace(replace(company, blocked=(BlockedCaller("1", f"+{nuisance}", BlockReason.OTHER, ""),)))
    assert await life.look() == []
    assert await life.ends() == [CallBackEnd.NOT_DIALLED]
    assert await of_call(life.db, call_id) == []


async def test_a_promise_that_cannot_be_handled_at_all_holds_up_no_other(
    life: Life, house: SampleCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with its company, or with us."""
    await called(life, house, number="+499001234567")
    wish(life)
    await called(life, house, "1795424401.2")
    wish(life, f"1795424401.2_{LINE}_{int(NOW.timestamp()) + 9}")

    async def fails(*_said: object) -> None:
        raise ValueError

    monkeypatch.setattr(UnkeptPromises, "end", fails)
    assert await life.look() == RUNG
