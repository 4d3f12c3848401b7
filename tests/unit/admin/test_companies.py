"""All companies: found by name and number, in pages, as a file; one of them with what it has and lacks."""

from __future__ import annotations

import csv

import pytest
from sqlalchemy import text

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import company_list
from pbx_bridge.storage.customers.company_list import CompanyOrder, CompanySearch
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from tests.sample_company import NOW, arrive
from tests.unit.admin.office_site import OfficeSite
from tests.unit.portal.test_queries import statements

PATH = "/admin/unternehmen"


async def two_more(office: OfficeSite) -> None:
    """Praxis Dr. Sommer with a line and nobody in it, Kanzlei Brandt & Weiß without a line."""
    async with office.db.write() as conn:
        tariff = (await conn.execute(text("SELECT id FROM tariff"))).scalar_one()
        for number, name in ((200, "Praxis Dr. Sommer"), (0, "=Kanzlei Brandt & Weiß")):
            own = {"id": new_id(), "name": name, "tariff_id": tariff, "greeting": "Guten Tag"}
            await insert_all(conn, t.customer, [own])
            if number:
                line = {"id": new_id(), "number": f"+493023125{number}", "customer_id": own["id"]}
                await insert_all(conn, t.line, [line])
    await office.remember()


async def found(office: OfficeSite, query: str) -> list[str]:
    status, page = await office.see(f"{PATH}{query}")
    assert status == 200
    names = {
        "Mustermann AG": "Mustermann",
        "Praxis Dr. Sommer": "Sommer",
        "=Kanzlei Brandt &amp; Weiß": "Brandt",
    }
    places = [(page.find(f">{name}</a>"), short) for name, short in names.items()]
    return [short for place, short in sorted(places) if place >= 0]


async def test_the_list_is_searched_sorted_and_narrowed(office: OfficeSite) -> None:
    await two_more(office)
    assert await found(office, "") == ["Brandt", "Mustermann", "Sommer"]
    assert await found(office, "?sort=newest") == ["Brandt", "Sommer", "Mustermann"]
    assert await found(office, "?sort=nonsense&art=nonsense&page=0") == ["Brandt", "Mustermann", "Sommer"]
    assert await found(office, "?q=DR.+somm") == ["Sommer"]
    assert await found(office, "?q=030/23125-200") == ["Sommer"], "a line"
    assert await found(office, "?q=23125+1") == ["Mustermann"], "its own number, and its line"
    assert await found(office, "?q=%25") == [], "no wildcard"
    assert await found(office, "?art=no_line") == ["Brandt"]
    assert await found(office, "?art=incomplete") == ["Mustermann", "Sommer"], "those that calls can reach"
    assert "Dazu passt kein Unternehmen" in (await office.see(f"{PATH}?q=gibtsnicht"))[1]


async def test_an_empty_house_says_what_the_page_is_for(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await conn.execute(t.customer.delete())
    await office.remember()
    assert "Noch gibt es kein Unternehmen" in (await office.see(PATH))[1]


async def test_the_file_has_all_that_is_found_and_no_formula(office: OfficeSite) -> None:
    await two_more(office)
    async with office.db.write() as conn:
        await arrive(conn, office.house)
    rows = list(csv.reader((await office.see(f"{PATH}.csv"))[1].lstrip("\ufeff").splitlines(), delimiter=";"))
    assert rows[0] == ["Unternehmen", "Tarif", "Rufnummer", "Mitarbeiter", "Stand", "Letzter Anruf"]
    assert [row[0] for row in rows[1:]] == ["'=Kanzlei Brandt & Weiß", "Mustermann AG", "Praxis Dr. Sommer"]
    assert rows[2][1:] == ["Premium", "'+49 30 23125100", "2", "in Betrieb", "2026-11-23 10:00"]
    assert [row[4] for row in rows[1:]] == ["in Einrichtung", "in Betrieb", "bereit"]
    assert len((await office.see(f"{PATH}.csv?q=sommer"))[1].splitlines()) == 2


async def test_one_company_with_what_it_has_and_what_it_lacks(office: OfficeSite) -> None:
    _, page = await office.see(f"{PATH}/{office.house.customer_id}")
    for words in (
        "<h1>Mustermann AG</h1>",
        "[Vorname, Nachname]",
        "+49 30 23125100",
        "Es gibt keine zentrale E-Mail-Adresse",
        "mit Durchstellen",
        "Jens Meier",
        "Angaben fehlen",
        "alles zugestellt",
    ):
        assert words in page, words
    assert (await office.see(f"{PATH}/none"))[0] == 404


async def test_a_company_that_the_memory_has_not_yet_is_there(office: OfficeSite) -> None:
    office.index.load([], [])
    assert "<h1>Mustermann AG</h1>" in (await office.see(f"{PATH}/{office.house.customer_id}"))[1]


@pytest.mark.parametrize(
    "used, words", [(88, "noch 12 von 100 Anrufen"), (100, "alle 100 Anrufe verbraucht"), (103, "3 darüber")]
)
async def test_how_much_of_the_tariff_is_left(office: OfficeSite, used: int, words: str) -> None:
    row = {"customer_id": office.house.customer_id, "month": "2026-11-01", "reckoned_at": NOW}
    async with office.db.write() as conn:
        await insert_all(conn, t.allowance, [row | {"calls_used": used, "calls_included": 100}])
    _, page = await office.see(f"{PATH}/{office.house.customer_id}")
    told = page.partition('<dd id="allowances">')[2].partition("</dd>")[0]
    assert words in told
    assert "Stand Mo 23.11.2026, 10:00 Uhr" in told


async def test_however_many_there_are_a_page_asks_for_its_own_rows(office: OfficeSite) -> None:
    """Three thousand companies, in each order, early and late: few statements, nothing put in order."""
    many = (
        "INSERT INTO customer (id, name, tariff_id, greeting, version) WITH RECURSIVE n (i) AS "
        "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "SELECT 'c' || i, 'Firma ' || i, (SELECT id FROM tariff), 'Guten Tag', i FROM n"
    )
    async with office.db.write() as conn:
        await conn.execute(text(many))
        for order in CompanyOrder:
            for skip in (0, 2_950):
                with statements() as said:
                    rows, total = await company_list.listed(conn, CompanySearch(order=order), skip=skip)
                assert (len(rows), total) == (50, 3_001)
                assert len(said) == 6, "not one for each row"
        query = company_list._companies()
        for order, columns in company_list._ORDERS.items():
            plan = await conn.execute(
                text(f"EXPLAIN QUERY PLAN {_plain(query.order_by(*columns).limit(50))}")
            )
            lines = [str(row[-1]) for row in plan]
            assert not any("TEMP B-TREE" in line for line in lines), (order, lines)


def _plain(query: object) -> str:
    compiled = query.compile(compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
    return str(compiled)
