"""Calls are found by time, number, company and agent; one shows its life, and its notes only on request."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import call_search, calls
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.ids import new_id
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/anrufsuche"


def listed(page: str) -> list[str]:
    """Ids of the calls of a page."""
    return re.findall(rf'href="{PATH}/([0-9a-f-]+)"', page)


async def test_calls_are_found_by_what_is_known_of_them(office: OfficeSite) -> None:
    ids = {}
    for name, number, minutes in (("mine", "+491713920042", 5), ("other", "+493023125900", 65)):
        ids[name], at = new_id(), NOW - timedelta(minutes=minutes)
        row = StoredCall(ids[name], name, "+493023125100", at, office.house.customer_id, "", number)
        async with office.db.write() as conn:
            assert await calls.insert(conn, row)
    for asked, found in (
        ("", ["mine", "other"]),
        ("?nummer=0171+39200-42", ["mine"]),
        ("?nummer=125900", ["other"]),
        ("?firma=muster", ["mine", "other"]),
        ("?firma=Sommer", []),
        (f"?agent={office.house.anna}", []),
        ("?von=2026-11-23T09:50&bis=23.11.2026+10+Uhr", ["mine"]),
    ):
        status, page = await office.see(f"{PATH}{asked}")
        assert (status, listed(page)) == (200, [ids[name] for name in found]), asked
    assert "Wählen Sie eine längere Zeit" in (await office.see(f"{PATH}?firma=Sommer"))[1]


async def test_whom_somebody_looks_for_stands_in_no_address(office: OfficeSite) -> None:
    await call_often(office.db, office.house, NOW, 120)
    asked = {"von": "2026-11-01T00:00", "bis": "", "nummer": "0171 39200", "firma": "Muster", "agent": ""}
    _, _, address = await office.send(PATH, "/admin/suche", wo=PATH, **asked)
    seen = list[str]()
    while address:
        assert not re.search("39200|uster", address), address
        status, page = await office.see(address)
        assert status == 200
        assert 'value="0171 39200"' in page, "the form still says what was asked"
        assert not re.search(r'(?:href|action)="[^"]*(?:39200|uster)', page)
        seen += listed(page)
        more = re.search(rf'href="({PATH}\?[^"#]*)#found"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) > 50


async def test_a_search_that_is_not_remembered_any_more_is_asked_for_again(office: OfficeSite) -> None:
    status, page = await office.see(f"{PATH}?suche=0123456789abcdef&von=2026-11-01T00:00")
    assert status == 200
    assert "Diese Suche ist nicht mehr gemerkt." in page


async def test_a_form_leads_to_no_other_house(office: OfficeSite) -> None:
    for wanted in ("https://example.org/", "//example.org", "/\\example.org", ""):
        status, _, led = await office.send(PATH, "/admin/suche", wo=wanted, q="Hans", part="y", query="z")
        assert (status, led.partition("?")[0]) == (200, "/admin"), wanted


async def test_what_cannot_be_searched_says_which_field_and_what_to_do(office: OfficeSite) -> None:
    for asked, field, words in (
        ("von=gestern", "von", "kein Tag mit Uhrzeit"),
        ("von=2026-11-23T10:00&bis=2026-11-23T09:00", "bis", "nicht nach dem Anfang"),
        ("von=2026-01-01&bis=2026-11-23", "von", "mehr als drei Monate"),
        ("nummer=Müller", "nummer", "keine Rufnummer"),
    ):
        status, page = await office.see(f"{PATH}?{asked}")
        assert status == 422
        assert words in re.search(rf'id="{field}-fault">([^<]*)', page)[1], asked  # type: ignore[index]


async def test_pages_follow_each_other_without_a_call_twice(office: OfficeSite) -> None:
    made = await call_often(office.db, office.house, NOW, 60)
    asked, seen = f"{PATH}?von=2026-11-10T00:00", list[str]()
    for _ in range(2):
        _, page = await office.see(asked)
        seen += listed(page)
        more = re.search(rf'href="({PATH}\?[^"#]*)#found"', page)
        asked = more[1].replace("&amp;", "&") if more else ""
    assert seen == made
    assert not asked


async def test_a_part_of_a_number_is_looked_for_in_so_many_calls_at_once(
    office: OfficeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is missed, nothing comes twice, and the page says how far it is."""
    made = await call_often(office.db, office.house, NOW, 60)
    monkeypatch.setattr(call_search, "LOOKED_THROUGH", 13)
    whole = f"{PATH}?von=2026-11-10T00:00&nummer=3920042"
    asked, seen, pages = whole, list[str](), 0
    while asked:
        _, page = await office.see(asked)
        seen, pages = seen + listed(page), pages + 1
        more = re.search(rf'href="({PATH}\?[^"#]*)#found"', page)
        asked = more[1].replace("&amp;", "&") if more else ""
        assert ("abschnittsweise" in page) == bool(asked)
    number = t.call.c.caller_number.contains("3920042")
    async with office.db.read() as conn:
        expected = await conn.scalars(select(t.call.c.id).where(number).order_by(t.call.c.arrived_at.desc()))
    assert (seen, pages) == (list(expected), -(-len(made) // 13))


async def test_a_life_has_every_event_and_the_notes_words_only_when_asked(office: OfficeSite) -> None:
    full = (await call_often(office.db, office.house, NOW, 0))[0]
    path = f"{PATH}/{full}"

    status, page = await office.see(path)

    assert status == 200
    course = re.sub(
        r"<[^>]*>", " ", page.partition("<table")[2].partition("</table>")[0].replace("<wbr>", "")
    )
    order = ["+0:00", "+0:06", "angenommen: Anna Keller", "Erika Beispiel wird angerufen", "Als Vertretung",
             "zu Ende", "Notiz ist gespeichert", "e…@example.org", "Notiz ist berichtigt"]  # fmt: skip
    places = [course.find(one) for one in order]
    assert -1 not in places, order[places.index(-1)]
    assert "erika@example.org" not in page
    assert "Angebot 4711" not in page
    assert not await _reads(office)

    _, page, _ = await office.send(path, f"{path}/notizen")

    assert "Angebot 4711, er nimmt es an." in page
    assert await _reads(office) == [("office", f"Mustermann AG · {full}")]


async def test_a_call_that_is_gone_is_not_found(office: OfficeSite) -> None:
    assert (await office.see(f"{PATH}/none"))[0] == 404


async def _reads(office: OfficeSite) -> list[tuple[str, str]]:
    c = t.access_log.c
    async with office.db.read() as conn:
        rows = await conn.execute(select(c.login, c.detail).where(c.deed == "notes_read"))
    return [(row.login, row.detail) for row in rows]
