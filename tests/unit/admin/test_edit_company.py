"""What is missing at a company is mended here, by the rules of its portal; and a line is assigned."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.sql import insert_all
from tests.unit.admin.office_site import OfficeSite


async def test_it_is_stored_recorded_and_announced(office: OfficeSite) -> None:
    path = f"/admin/unternehmen/{office.house.customer_id}"
    _, page = await office.see(f"{path}/bearbeiten")
    version = page.partition('name="version" value="')[2].partition('"')[0]
    greeting = "Mustermann AG, guten Tag, mein Name ist [Vorname, Nachname]."
    sent = {"version": version, "greeting": greeting, "default_email": "zentrale@example.org"}
    _, page, where = await office.send(f"{path}/bearbeiten", f"{path}/bearbeiten", **sent)
    assert "Gespeichert." in page
    assert where.partition("?")[0] == path
    async with office.db.read() as conn:
        company = await customers.load_customer(conn, office.house.customer_id)
        step = (await conn.execute(select(t.undo_step))).one()
    assert company
    assert (company.greeting, company.default_email) == (greeting, "zentrale@example.org")
    before = office.index.customer(company.id)
    assert before
    assert company.version > before.version
    assert (step.deed, step.customer_id) == ("company_saved", company.id)


async def test_what_the_portal_refuses_is_refused_here_and_kept(office: OfficeSite) -> None:
    path = f"/admin/unternehmen/{office.house.customer_id}/bearbeiten"
    status, page, _ = await office.send(path, path, greeting="Guten Tag, Anna", default_email="zentrale@")
    assert status == 422
    assert "Der Platzhalter für den Namen des Agenten fehlt" in page
    assert "keine vollständige E-Mail-Adresse" in page
    assert "Guten Tag, Anna</textarea>" in page
    assert (await office.see("/admin/unternehmen/none/bearbeiten"))[0] == 404
    assert (await office.send(path, "/admin/unternehmen/none/bearbeiten", greeting="x"))[0] == 404


async def test_a_line_is_assigned_once(office: OfficeSite) -> None:
    company = f"/admin/unternehmen/{office.house.customer_id}"
    page, path = f"{company}/bearbeiten", f"{company}/rufnummer"
    for wrong, said in (
        ("", "füllen Sie dieses Feld aus"),
        ("12", "keine vollständige Rufnummer"),
        ("030 23125100", "gehört schon Mustermann AG"),
    ):
        status, text, _ = await office.send(page, path, line=wrong)
        assert (status, said in text) == (422, True), wrong
    assert "Die Rufnummer ist zugeordnet." in (await office.send(page, path, line="030 23125 104"))[1]
    async with office.db.read() as conn:
        query = select(t.line.c.customer_id).where(t.line.c.number == "+493023125104")
        assert (await conn.execute(query)).scalar_one() == office.house.customer_id


async def test_a_line_in_use_moves_only_if_somebody_says_whose_it_was(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        row = dict((await conn.execute(t.customer.select())).mappings().one())
        await insert_all(conn, t.customer, [row | {"id": "other", "name": "Praxis Dr. Sommer"}])
    page, path = "/admin/unternehmen/other/bearbeiten", "/admin/unternehmen/other/rufnummer"
    status, text, _ = await office.send(page, path, line="030 23125100")
    assert (status, 'name="take_from" value="Mustermann AG"' in text) == (422, True)
    status, _, _ = await office.send(page, path, line="030 23125100", take_from="Kanzlei Brandt & Weiß")
    assert status == 422, "somebody else's by now"
    _, text, _ = await office.send(page, path, line="030 23125100", take_from="Mustermann AG")
    assert "Die Rufnummer ist zugeordnet." in text
    async with office.db.read() as conn:
        assert (await conn.execute(select(t.line.c.customer_id))).scalars().all() == ["other"]
        versions = (await conn.execute(select(t.customer.c.version))).scalars().all()
    before = office.index.customer(office.house.customer_id)
    assert before
    assert min(versions) > before.version, "both are announced"
