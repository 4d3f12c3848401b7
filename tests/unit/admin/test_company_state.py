"""What the office decides about a company, and the file with all that is given back to it."""

from __future__ import annotations

import io
import tomllib
import zipfile

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers
from rules.vocabulary import ServiceState
from tests.sample_company import arrive
from tests.unit.admin.office_site import OPERATOR, OfficeSite


async def test_what_it_means_is_said_before_and_it_holds_after(office: OfficeSite) -> None:
    one = f"/admin/unternehmen/{office.house.customer_id}"
    _, page = await office.see(one)
    assert f'href="{one}/stand?zu=suspended"' in page
    assert one not in (await office.see("/admin/unternehmen?art=not_live"))[1]
    asked = f"{one}/stand?zu=suspended"
    assert "Wer anruft, hört das Besetztzeichen" in (await office.see(asked))[1]
    _, page, _ = await office.send(asked, f"{one}/stand", zu="suspended", seen="live")
    assert "Das Unternehmen ruht." in page
    async with office.db.read() as conn:
        assert await customers.service(conn, office.house.customer_id) is ServiceState.SUSPENDED
    _, page, _ = await office.send(asked, f"{one}/stand", zu="suspended", seen="live")
    assert "Inzwischen hat jemand anders entschieden" in page
    _, page, _ = await office.send(asked, f"{one}/stand", zu="ended; drop", seen="suspended")
    assert "Das geht von hier aus nicht" in page


async def test_before_an_end_lines_calls_and_the_day_of_erasing_are_named(office: OfficeSite) -> None:
    one = f"/admin/unternehmen/{office.house.customer_id}"
    async with office.db.write() as conn:
        await arrive(conn, office.house)
    _, page = await office.see(f"{one}/stand?zu=ended")
    assert "+49 30 23125100" in page
    assert "Ein Gespräch läuft noch." in page
    assert "31.12.2026" in page, "November is over, and its statement can be written"
    _, page, _ = await office.send(f"{one}/stand?zu=ended", f"{one}/stand", zu="ended", seen="live")
    assert "sobald das letzte Gespräch vorbei ist" in page
    assert "endet" in (await office.see("/admin/unternehmen?art=not_live"))[1]


async def test_all_of_it_is_given_back_in_one_file(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await arrive(conn, office.house)
    path = f"/admin/unternehmen/{office.house.customer_id}/daten.zip"
    async with office.browsers[OPERATOR].get(path) as answer:
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert archive.testzip() is None
    read = {name: archive.read(name).decode() for name in archive.namelist()}
    company = tomllib.loads(read["unternehmen.toml"])["customer"][0]
    assert (company["name"], company["lines"]) == ("Mustermann AG", ["+493023125100"])
    assert {"Erika", "Beispiel"} <= set(read["mitarbeiter.csv"].replace(",", " ").replace(";", " ").split())
    assert len(read["anrufe.csv"].splitlines()) == 2
    assert "+49 171 3920042" in read["anrufe.csv"]
    assert (await office.see("/admin/unternehmen/none/daten.zip"))[0] == 404
    async with office.db.read() as conn:
        found = await conn.execute(select(t.access_log))
        told = [(row.deed, row.login, row.detail) for row in found]
    assert told == [("notes_taken_along", "office", "Mustermann AG")]


async def test_the_view_of_a_customer_begins_and_ends_in_the_log(office: OfficeSite) -> None:
    one = f"/admin/unternehmen/{office.house.customer_id}"
    _, page = await office.see(one)
    assert f'action="{one}/ansicht"' in page
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    browser = office.browsers[OPERATOR]
    async with browser.post(f"{one}/ansicht", data={"csrf": csrf}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/portal")
    async with office.db.read() as conn:
        assert set((await conn.execute(select(t.session.c.viewed_id))).scalars()) == {
            office.house.customer_id,
            None,
        }, "in this session, and in no other operator's"
    _, _, where = await office.send(one, "/admin/ansicht/beenden")
    assert where == one
    _, _, where = await office.send(one, "/admin/ansicht/beenden")
    assert where == "/admin/unternehmen", "there was none"
    async with office.db.read() as conn:
        found = await conn.execute(select(t.access_log).order_by(t.access_log.c.id))
        told = [(row.deed, row.login, row.detail) for row in found]
    assert told == [("view_begun", "office", "Mustermann AG"), ("view_ended", "office", "Mustermann AG")]
    assert (await office.send(one, "/admin/unternehmen/none/ansicht"))[0] == 404
