"""Promised call backs: open ones and what became of the others, found, told, settled by hand and taken up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.calls import call_backs, calls
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.db.ids import new_id
from rules.calls.call_backs import KEPT, SILENCE, ring_name
from rules.vocabulary import CallBackEnd, ServiceState, WishReason
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/rueckrufe"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RING = ring_name(NOW, 7)
REASON = "Vom eigenen Telefon aus erreicht"


async def wished(
    office: OfficeSite,
    number: str = "+491713920042",
    ago: timedelta = HOUR,
    how: CallBackEnd | None = None,
    why: WishReason | None = WishReason.NOBODY_FREE,
) -> str:
    """So long ago; done at once, if it is to be. Returns the id."""
    at, name = NOW - ago, new_id()
    call = StoredCall(
        new_id(), name, "+493023125100", at, office.house.customer_id,
        caller_number=number, ended_at=at, outcome=Outcome.ABANDONED,
    )  # fmt: skip
    async with office.db.write() as conn:
        assert await calls.insert(conn, call)
        assert await call_backs.add(conn, name, call.id, at, why)
        wish = select(t.call_back.c.id).where(t.call_back.c.call_id == call.id)
        wish_id = str((await conn.execute(wish)).scalar_one())
        if how:
            await call_backs.done(conn, wish_id, how, at + MINUTE)
    return wish_id


async def rung(office: OfficeSite, wish_id: str, *, answered: bool, over: bool = False) -> None:
    """An agent is rung for it."""
    ring = StoredCall(
        new_id(), RING, "+493023125100", NOW, office.house.customer_id, caller_number="+491713920042",
        agent_id=office.house.anna, answered_at=NOW if answered else None, ended_at=NOW if over else None,
    )  # fmt: skip
    async with office.db.write() as conn:
        assert await call_backs.rung(conn, wish_id, RING, NOW)
        assert await calls.insert(conn, ring)


def listed(page: str) -> list[str]:
    """Ids of the wishes of a page."""
    return re.findall(rf'href="{PATH}/([0-9a-f-]+)"', page)


async def test_each_kind_shows_its_own_and_says_what_became_of_it(office: OfficeSite) -> None:
    numbers = (f"+4917139200{digit}" for digit in range(10, 99))
    there = {how: await wished(office, next(numbers), 2 * HOUR, how) for how in CallBackEnd}
    old = await wished(office, next(numbers), timedelta(days=94), CallBackEnd.REACHED)
    first, second = await wished(office, next(numbers), 3 * HOUR), await wished(office, next(numbers))
    for art, ends in (
        ("kept", ["reached", "noted", "called_again"]),
        ("broken", ["not_reached", "not_dialled", "too_old"]),
        ("by_hand", ["by_hand"]),
    ):
        _, page = await office.see(f"{PATH}?art={art}")
        assert set(listed(page)) == {there[CallBackEnd(one)] for one in ends}, art
    _, page = await office.see(PATH)
    assert listed(page) == [first, second], "who waits longest comes first"
    assert "Niemand war frei" in page
    assert "+49 171 39200" in page
    _, page = await office.see(f"{PATH}?art=all&page=1")
    assert set(listed(page)) == {*there.values(), first, second}
    assert old not in page
    assert "mehrmals gewünscht" in page


async def test_without_any_each_kind_says_what_it_is_for(office: OfficeSite) -> None:
    for art in ("open", "kept", "broken", "by_hand", "all", "nonsense"):
        status, page = await office.see(f"{PATH}?art={art}&page=99")
        assert (status, listed(page)) == (200, [])
        assert ("Niemand wartet auf" in page) == (art in {"open", "nonsense"}), art


async def test_they_are_found_by_company_and_number_and_saved_as_a_table(office: OfficeSite) -> None:
    one, other = await wished(office), await wished(office, "+493023125900", 2 * HOUR)
    for words, found in (
        ("muster", [other, one]),
        ("0171 39200", [one]),
        ("sommer", []),
        ("125900", [other]),
    ):
        _, page, address = await office.send(PATH, "/admin/suche", wo=PATH, q=words, art="open")
        assert listed(page) == found, words
        assert words.replace(" ", "") not in address
        assert ("Dazu passt kein Rückruf." in page) == (not found)
    for company in (office.house.customer_id, "none"):
        _, page = await office.see(f"{PATH}?unternehmen={company}")
        assert set(listed(page)) == {one, other}
        assert ('value="Mustermann AG"' in page) == (company != "none")
    assert f"{PATH}?unternehmen=" in (await office.see(f"/admin/unternehmen/{office.house.customer_id}"))[1]
    _, page = await office.see(f"{PATH}?sort=company&richtung=ab")
    assert set(listed(page)) == {one, other}
    _, table = await office.see(f"{PATH}.csv?art=all")
    rows = [line.split(";") for line in table.splitlines()]
    numbers = ["Anrufer", "'+49 30 23125900", "'+49 171 3920042"]
    assert [row[1] for row in rows] == numbers, "the oldest first; no formula"
    assert rows[1][2:6] == ["Mustermann AG", "'+49 30 23125100", "Niemand war frei", "wartet"]


async def test_it_is_settled_with_a_reason_and_taken_up_again(office: OfficeSite) -> None:
    wish = await wished(office)
    path = f"{PATH}/{wish}"
    status, page, _ = await office.send(path, f"{path}/erledigt", reason=" ")
    assert (status, "Bitte schreiben Sie, warum" in page) == (422, True)
    status, page, _ = await office.send(path, f"{path}/erledigt", reason="x" * 301)
    assert (status, "x" * 301 in page) == (422, True), "nothing typed is lost"
    _, page, _ = await office.send(path, f"{path}/erledigt", reason=REASON)
    assert "es wird nicht mehr gerufen" in page
    assert REASON in page
    assert (
        "es wurde nichts geändert" in (await office.send(path, f"{path}/erledigt", reason="noch einmal"))[1]
    )
    assert REASON in (await office.see(f"{PATH}?art=by_hand"))[1]
    assert "wieder offen" in (await office.send(path, f"{path}/wieder-aufnehmen"))[1]
    assert listed((await office.see(PATH))[1]) == [wish]
    assert "schon offen" in (await office.send(path, f"{path}/wieder-aufnehmen"))[1]
    async with office.db.read() as conn:
        entries, _ = await access_log.listed(conn)
        row = (await conn.execute(select(t.call_back))).one()
    assert [(one.event, one.login) for one in entries] == [
        ("call_back_reopened", "office"), ("call_back_settled", "office")
    ]  # fmt: skip
    assert all(row.call_id in one.detail and "Mustermann AG" in one.detail for one in entries)
    assert not any(REASON in one.detail or "3920042" in one.detail for one in entries)
    assert (row.reason, row.done_how, row.tries) == ("", None, 0)


async def test_nobody_is_taken_up_twice_or_after_a_week(office: OfficeSite) -> None:
    old, settled = await wished(office, "+493023125900", KEPT + HOUR), await wished(office, ago=2 * HOUR)
    for wish in (old, settled):
        await office.send(f"{PATH}/{wish}", f"{PATH}/{wish}/erledigt", reason=REASON)
    await wished(office)  # they have asked once more
    for wish in (old, settled):
        said = (await office.send(f"{PATH}/{wish}", f"{PATH}/{wish}/wieder-aufnehmen"))[1]
        assert "lässt sich nicht wieder aufnehmen" in said
    assert "Doch zurückrufen" not in (await office.see(f"{PATH}/{old}"))[1]
    assert "Doch zurückrufen" in (await office.see(f"{PATH}/{settled}"))[1]


async def test_who_is_just_being_rung_is_settled_by_nobody(office: OfficeSite) -> None:
    wish = await wished(office)
    await rung(office, wish, answered=False)
    _, page = await office.see(PATH)
    assert "ist an der Reihe" in page
    assert "Anna Keller" in page
    said = (await office.send(f"{PATH}/{wish}", f"{PATH}/{wish}/erledigt", reason=REASON))[1]
    assert "es wurde nichts geändert" in said
    async with office.db.write() as conn:
        await conn.execute(t.call.update().where(t.call.c.pbx_call == RING).values(ended_at=NOW))
    said = (await office.send(f"{PATH}/{wish}", f"{PATH}/{wish}/erledigt", reason=REASON))[1]
    assert "Der Rückruf ist erledigt" in said


@pytest.mark.parametrize("ago, done", [(SILENCE - MINUTE / 2, False), (SILENCE + MINUTE, True)])
async def test_a_ring_of_which_nobody_hears_holds_it_up_for_a_minute(
    office: OfficeSite, ago: timedelta, done: bool
) -> None:
    wish = await wished(office)
    async with office.db.write() as conn:
        assert await call_backs.rung(conn, wish, RING, NOW - ago)
    async with office.db.write() as conn:
        assert await call_backs.settle(conn, wish, REASON, NOW) is done


async def test_the_first_page_names_who_waits_too_long(office: OfficeSite) -> None:
    await wished(office, ago=29 * MINUTE)
    assert "need-call_back" not in (await office.see("/admin"))[1]
    await wished(office, "+493023125900", ago=31 * MINUTE)
    _, page = await office.see("/admin")
    row = page.partition('id="need-call_back"')[2].partition("</li>")[0]
    assert "Ein Anrufer wartet auf einen zugesagten Rückruf" in row
    assert "seit 09:29 Uhr" in row
    assert "Mustermann AG" in row
    assert f'href="{PATH}?art=open"' in row
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(service=ServiceState.SUSPENDED.value))
    await office.remember()
    assert "need-call_back" not in (await office.see("/admin"))[1], "its callers are turned away"


async def test_the_life_of_the_call_tells_it(office: OfficeSite) -> None:
    wish = await wished(office)
    await rung(office, wish, answered=True, over=True)
    async with office.db.write() as conn:
        assert await call_backs.reached(conn, RING, NOW + MINUTE)
        asked = (await conn.execute(select(t.call_back.c.call_id))).scalar_one()
        back = (await conn.execute(select(t.call.c.id).where(t.call.c.pbx_call == RING))).scalar_one()
    _, page = await office.see(f"/admin/anrufsuche/{asked}")
    for words in ("bittet mit einer Taste um Rückruf", "Weil niemand frei war.", "Gerufen von Anna Keller."):
        assert words in page
    _, page = await office.see(f"/admin/anrufsuche/{back}")
    assert "Der Anrufer hatte darum gebeten" in page
    assert "trifft auf der Leitung ein" not in page
    _, page = await office.see(f"{PATH}?art=kept")
    assert "Anna Keller" in page
    assert (await office.see(f"{PATH}/none"))[0] == 404
