"""From the empty form to a company whose line rings in its name, and whose contact is invited."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import invitations
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.customers.data_version import Follower
from pbx_bridge.storage.editing import teams
from rules.model import Answering
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/unternehmen/neu"


async def filled(office: OfficeSite, **typed: str) -> dict[str, str]:
    async with office.db.read() as conn:
        tariff = (await customers.load_tariffs(conn))[0].id
    return {
        "name": "Praxis Dr. Sommer",
        "tariff": tariff,
        "line": "030 23125200",
        "contact": "Sommer, Dr. Sabine",
        "contact_email": "sabine@sommer.example",
    } | typed


async def test_all_of_it_is_there_at_once(office: OfficeSite) -> None:
    changes = []

    async def told(change: object) -> None:
        changes.append(change)

    follower = Follower(office.db, told)
    await follower.start()

    _, page, where = await office.send(PATH, PATH, **await filled(office))

    assert "die Einladung geht hinaus" in page
    assert "<h1>Praxis Dr. Sommer</h1>" in page
    company_id = where.partition("?")[0].rpartition("/")[2]
    async with office.db.read() as conn:
        company = await customers.load_customer(conn, company_id)
        owners = {line.number: line.customer_id for line in await lines.load_all(conn)}
        mail = (await conn.execute(select(t.notification))).one()
        token = re.findall(r"/einladung/(\S+)", mail.body_text)[0]
        account = await invitations.find(conn, invitations.hashed(token), NOW)
        deeds = set((await conn.execute(select(t.access_log.c.deed))).scalars())
    assert company
    assert company.greeting == "Praxis Dr. Sommer, guten Tag, mein Name ist [Vorname, Nachname]."
    assert company.default_email == "sabine@sommer.example"
    assert [one.name for one in company.employees] == ["Sommer, Dr. Sabine"]
    assert owners["+493023125200"] == company_id
    assert (mail.address, mail.state, mail.customer_id) == ("sabine@sommer.example", "waiting", company_id)
    assert account
    assert (account.role, account.customer_id, account.email) == ("customer", company_id, mail.address)
    assert {"added", "invited"} <= deeds
    assert office.played.wakings == 1
    await follower._look()
    (change,) = changes
    assert company_id in change.changed  # type: ignore[attr-defined]
    assert not change.companies_only, "lines are loaded as well"  # type: ignore[attr-defined]


async def test_what_does_not_fit_is_said_and_nothing_is_stored_or_lost(office: OfficeSite) -> None:
    wrong = await filled(
        office, name="mustermann ag", line="+49 30 23125-100", greeting="Guten Tag", default_email="x@"
    )
    status, page, _ = await office.send(PATH, PATH, **wrong)
    assert status == 422
    for words in (
        "„Mustermann AG“ gibt es schon",
        "gehört schon Mustermann AG",
        "Der Platzhalter für den Namen des Agenten fehlt",
        "keine vollständige E-Mail-Adresse",
        "4 Angaben passen noch nicht",
    ):
        assert words in page, words
    for typed in ("mustermann ag", "+49 30 23125-100", "Guten Tag</textarea>", "sabine@sommer.example"):
        assert typed in page, typed
    async with office.db.read() as conn:
        for table in (t.customer, t.line):
            assert (await conn.execute(select(func.count()).select_from(table))).scalar_one() == 1
        assert (await conn.execute(select(func.count()).select_from(t.notification))).scalar_one() == 0


async def test_the_way_to_the_first_employees_is_a_button_of_the_page_that_follows(
    office: OfficeSite,
) -> None:
    _, page, where = await office.send(PATH, PATH, **await filled(office))
    one = where.partition("?")[0]
    form = page.partition('value="employees_file"')[0].rpartition("<form")[2]
    assert f'action="{one}/ansicht"' in form
    csrf = form.partition('name="csrf" value="')[2].partition('"')[0]
    for at, begins in (
        ("employees_file", "/portal/mitarbeiter/import"),
        ("https://evil.example", "/portal"),
        ("/admin", "/portal"),
    ):
        sent = {"csrf": csrf, "at": at}
        async with office.browsers[office.login].post(
            f"{one}/ansicht", data=sent, allow_redirects=False
        ) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, begins)
    _, page = await office.see(f"/admin/unternehmen/{office.house.customer_id}")
    assert "employees_file" not in page, "a company that is live does that itself"


async def test_who_answers_and_in_which_language_may_be_said_at_once(office: OfficeSite) -> None:
    """Else the first calls ring agents who are not meant, until somebody finds the other page."""
    _, page = await office.see(PATH)
    assert ('name="team"' in page, 'name="language"' in page) == (False, True), "there are no teams yet"
    async with office.db.write() as conn:
        assert await teams.insert(conn, "nord", "Team Nord")
    _, page = await office.see(PATH)
    assert "Team Nord" in page
    for team, language, fault in (
        ("sued", "en", "Dieses Team gibt es nicht mehr"),
        ("nord", "xx", "Diese Sprache kennen wir nicht"),
    ):
        typed = await filled(office, team=team, language=language)
        status, page, _ = await office.send(PATH, PATH, **typed)
        assert (status, fault in page) == (422, True), page

    _, _, where = await office.send(PATH, PATH, **await filled(office, team="nord", language="en"))
    async with office.db.read() as conn:
        company = await customers.load_customer(conn, where.partition("?")[0].rpartition("/")[2])
    assert company
    assert company.answering == Answering("nord", language="en")


async def test_a_shared_line_is_given_away_only_when_that_is_confirmed(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await conn.execute(t.line.insert().values(id="shared", number="+493023125900", shared=True))
    sent = await filled(office, line="+493023125900")
    assert "+49 30 23125900" not in (await office.see(PATH))[1], "it is nobody's, and not free"
    status, page, _ = await office.send(PATH, PATH, **sent)
    assert (status, 'name="take_shared"' in page) == (422, True)
    assert (await office.send(PATH, PATH, **sent, take_shared="yes"))[0] == 200
    async with office.db.read() as conn:
        owner = (await conn.execute(select(t.line.c.customer_id).where(t.line.c.id == "shared"))).scalar_one()
        assert (
            owner
            == (await conn.execute(select(t.customer.c.id).where(t.customer.c.name.like("Prax%")))).scalar()
        )
