"""The house's numbers: put into the pool, found, given, made free, shared, taken out; each of it undone."""

from __future__ import annotations

import re

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.customers import lines
from pbx_bridge.storage.db.sql import insert_all
from tests.sample_company import NOW, arrive
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/rufnummern"
NEW = f"{PATH}/neu"


async def listed(office: OfficeSite, query: str = "") -> list[str]:
    """Numbers as the page shows them, in its order."""
    status, page = await office.see(f"{PATH}?{query}")
    assert status == 200
    return re.findall(r'class="digits">([^<]+)</span></a></td>', page)


async def id_of(office: OfficeSite, number: str) -> str:
    async with office.db.read() as conn:
        return str((await conn.execute(select(t.line.c.id).where(t.line.c.number == number))).scalar_one())


async def undo(office: OfficeSite, page: str, back: str = PATH) -> str:
    """The page after its button was pressed."""
    (step,) = re.findall(r'name="step" value="(house-[^"]+)"', page)
    _, after, _ = await office.send(NEW, "/admin/rueckgaengig", step=step, back=back)
    return after


async def second_company(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        row = dict((await conn.execute(t.customer.select())).mappings().one())
        await insert_all(conn, t.customer, [row | {"id": "other", "name": "Praxis Dr. Sommer"}])


async def test_a_block_is_put_into_the_pool_found_and_taken_back(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await arrive(conn, office.house)
    for wrong, said in (
        ("", "füllen Sie dieses Feld aus"),
        ("030 23125 200, Zentrale", "„Zentrale“ ist keine vollständige Rufnummer"),
        ("030 23125 1", "+4930231251 beanspruchen zwei: Sie und Mustermann AG"),
    ):
        status, page, _ = await office.send(NEW, NEW, numbers=wrong)
        assert (status, said in page) == (422, True), page
        assert f">{wrong}</textarea>" in page, "nothing is lost"
    _, page, where = await office.send(NEW, NEW, numbers="030 23125 100 bis 102")
    assert where.startswith(f"{PATH}?said=lines_added_others_there")
    all_of_them = ["+49 30 23125100", "+49 30 23125101", "+49 30 23125102"]
    assert await listed(office) == all_of_them
    assert await listed(office, "sort=number&richtung=ab") == all_of_them[::-1]
    assert await listed(office, "sort=since&richtung=ab") == [*all_of_them[1:], all_of_them[0]]
    assert await listed(office, "q=030/23125-102") == ["+49 30 23125102"]
    assert await listed(office, "q=muster") == await listed(office, "art=used") == ["+49 30 23125100"]
    assert await listed(office, "art=free") == all_of_them[1:]
    assert await listed(office, "art=shared") == []
    _, table = await office.see(f"{PATH}.csv?q=2310")
    assert table == "\ufeffRufnummer;Stand;Zuordnung;Seit;Letzter Anruf\r\n"
    _, table = await office.see(f"{PATH}.csv")
    assert table.splitlines()[1:3] == [
        "'+49 30 23125100;vergeben;Mustermann AG;;2026-11-23 10:00",
        "'+49 30 23125101;frei;;2026-11-23 10:00;",
    ]
    async with office.db.read() as conn:
        own = await lines.of_customer(conn, office.house.customer_id)
    assert [one.number for one in own] == ["+493023125100"], "calls do not arrive on free ones"
    assert "Rückgängig gemacht." in await undo(office, page)
    assert await listed(office) == ["+49 30 23125100"]


async def test_a_line_is_given_only_if_somebody_says_whose_it_was(office: OfficeSite) -> None:
    await second_company(office)
    line = f"{PATH}/{await id_of(office, '+493023125100')}"
    give = f"{line}/vergeben"
    status, page, _ = await office.send(line, give, company="sommer")
    assert (status, "gehört Mustermann AG, und Praxis Dr. Sommer soll sie bekommen" in page) == (422, True)
    for company, said in (("", "füllen Sie"), ("a", "mehrere Unternehmen"), ("Niemand", "kein Unternehmen")):
        status, page, _ = await office.send(line, give, company=company, take_from="Mustermann AG")
        assert (status, said in page) == (422, True), company
    _, page, _ = await office.send(line, give, company="sommer", take_from="Mustermann AG")
    assert "Die Rufnummer ist zugeordnet." in page
    assert 'href="/admin/unternehmen/other"' in page
    _, late, _ = await office.send(line, f"{line}/frei", owner=office.house.customer_id)
    assert "gehört inzwischen jemand anderem" in late
    assert "Mustermann AG" in await undo(office, page, line)
    _, page, _ = await office.send(line, f"{line}/frei", owner=office.house.customer_id)
    assert "Die Rufnummer ist frei." in page
    _, shared, _ = await office.send(line, f"{line}/gemeinsam", shared="yes")
    assert "wird nicht mehr als freie angeboten" in shared
    _, page, _ = await office.send(line, f"{line}/herausnehmen")
    assert "bleibt im Bestand" in page
    assert (await office.send(line, give, company="sommer"))[0] == 422, "somebody may forward there"
    await undo(office, shared, line)
    _, page, where = await office.send(line, f"{line}/herausnehmen")
    assert where.startswith(f"{PATH}?said=line_removed")
    assert await listed(office) == []
    assert (await office.see(line))[0] == 404
    await undo(office, page)
    assert await listed(office, "art=free") == ["+49 30 23125100"]


async def test_a_line_does_not_come_back_to_a_company_that_has_ended(office: OfficeSite) -> None:
    line = f"{PATH}/{await id_of(office, '+493023125100')}"
    _, page, _ = await office.send(line, f"{line}/frei", owner=office.house.customer_id)
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(service="ended"))
    assert "beendet" in await undo(office, page, line)
    assert await listed(office, "art=free") == ["+49 30 23125100"]


async def test_an_unknown_line_is_one_click_from_the_pool(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        rang = StoredCall("c", "u.1", "+493023125999", NOW, unassigned_reason="line_unknown")
        assert await calls.insert(conn, rang)
    open_calls = "/admin/anrufe?art=unknown_line"
    _, page = await office.see(open_calls)
    assert 'name="numbers" value="+493023125999"' in page
    assert "nicht im Bestand" in page
    _, page, where = await office.send(open_calls, NEW, numbers="+493023125999")
    line = f"{PATH}/{await id_of(office, '+493023125999')}"
    assert where.startswith(f"{line}?said=lines_added")
    _, page = await office.see(open_calls)
    assert f'href="{line}"' in page
    assert "Diese Rufnummer ist frei." in page
    _, page = await office.see("/admin/unternehmen/neu")
    assert 'value="+49 30 23125999"' in page, "the first free one stands in the form of a new company"
    _, page = await office.see("/admin/unternehmen/neu?leitung=%2B493023125111")
    assert 'value="+49 30 23125111"' in page
