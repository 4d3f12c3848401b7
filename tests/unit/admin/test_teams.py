"""The operator makes a team, puts agents into it and has it answer for a company; what is wrong is said."""

from __future__ import annotations

import re

from sqlalchemy import update

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.customers import teams
from rules.model import Answering
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/teams"


async def changed(office: OfficeSite, path: str, **form: str) -> tuple[int, str]:
    """The form of this page is sent as it was opened, with these texts in it."""
    (version,) = re.findall(r'name="version" value="([^"]*)"', (await office.see(path))[1])
    status, page, _ = await office.send(path, path, version=version, **form)
    return status, page


async def answers(office: OfficeSite, **form: str) -> tuple[int, str]:
    """The company's answering; all agents, in German, without overflow, unless the form says otherwise."""
    path = f"/admin/unternehmen/{office.house.customer_id}/annahme"
    blank = {"team": "all", "overflow_after": "", "overflow_team": "all", "language": "de"}
    return await changed(office, path, **blank | form)


async def made(office: OfficeSite, name: str, *members: str) -> str:
    """The id of a new team."""
    boxes = {f"agent-{one}": "yes" for one in members}
    status, page, where = await office.send(f"{PATH}/neu", f"{PATH}/neu", name=name, **boxes)
    assert status == 200, page
    assert "Das Team ist gespeichert." in page
    return where.removeprefix(f"{PATH}/").partition("?")[0]


async def test_from_the_first_team_to_a_company_that_it_answers_for(office: OfficeSite) -> None:
    house = office.house
    assert "Erstes Team anlegen" in (await office.see(PATH))[1]
    north = await made(office, "Team Nord", house.anna)
    _, page = await office.see(f"{PATH}/{north}")
    assert "Anna Keller" in page
    assert "Ben Vogt" not in page
    status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", name="team nord")
    assert status == 422
    assert "Ein Team „team nord“ gibt es schon." in page

    status, page = await answers(office, team=north, overflow_after="3")
    assert status == 422
    assert "Schreiben Sie eine Zahl von 5 bis 240" in page
    _, page = await answers(office, team=north, overflow_after="20")
    for words in ("Team Nord: 1 Agent bekommt die Anrufe.", "Nach 20 Sekunden bekommen sie 2 Agenten."):
        assert words in page
    async with office.db.read() as conn:
        assert await teams.answering_of(conn, house.customer_id) == Answering(north, 20)

    _, page = await office.see(f"{PATH}/{north}")
    assert "Team löschen" not in page
    _, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/{north}/loeschen")
    assert "wurde nicht gelöscht" in page
    await office.remember()
    await answers(office)
    _, page, _ = await office.send(f"{PATH}/{north}", f"{PATH}/{north}/loeschen")
    assert "Das Team ist gelöscht." in page


async def test_an_agent_is_bound_to_secrecy_and_in_teams(office: OfficeSite) -> None:
    house = office.house
    north = await made(office, "Team Nord")
    one = f"/admin/agenten/{house.anna}"
    assert "in keinem Team" in (await office.see(one))[1]
    status, page = await changed(office, f"{one}/anrufe", **{f"team-{north}": "yes"})
    assert status == 422
    assert "Wählen Sie mindestens eine Sprache." in page
    _, page = await changed(office, f"{one}/anrufe", **{f"team-{north}": "yes", "language-de": "yes"})
    assert "bekommt keine Anrufe vertraulicher Unternehmen" in page
    assert "Team Nord" in page
    async with office.db.write() as conn:
        anna = await agents.by_id(conn, house.anna)
        assert anna
        assert (anna.bound, set(anna.teams)) == (False, {north})
        await agents.bind(conn, house.ben, bound=False)
        await conn.execute(update(t.customer).values(confidential=True))
    await office.remember()
    _, page = await office.see(f"/admin/unternehmen/{house.customer_id}/annahme")
    assert "Kein Agent, der dafür in Frage kommt" in page
    _, page = await office.see("/admin")
    assert "Für ein Unternehmen darf niemand Anrufe annehmen" in page


async def test_teams_are_found_sorted_saved_as_a_file_and_brought_back(office: OfficeSite) -> None:
    house = office.house
    north, south = await made(office, "Team Nord", house.anna), await made(office, "=Team Mitte")
    for query, found in {"nord": [north], "KELL": [north], "team": [south, north], "%": []}.items():
        _, page = await office.see(f"{PATH}?q={query}")
        assert re.findall(rf'class="name"><a href="{PATH}/([^"]+)"', page) == found, query
    _, page = await office.see(f"{PATH}?sort=members&richtung=ab")
    assert page.index(north) < page.index(south)
    assert 'aria-sort="descending"' in page
    _, table = await office.see(f"{PATH}.csv?q=team&sort=name")
    assert (
        table
        == "\ufeffName;Agenten;Unternehmen;Überlauf von\r\n'=Team Mitte;;0;0\r\nTeam Nord;Anna Keller;0;0\r\n"
    )

    _, page, where = await office.send(f"{PATH}/{north}", f"{PATH}/{north}/loeschen")
    assert 'action="/admin/rueckgaengig"' in page
    step = where.partition("step=")[2]
    _, page, where = await office.send(f"{PATH}/neu", "/admin/rueckgaengig", step=step, back=PATH)
    assert "Rückgängig gemacht." in page
    assert "Team Nord" in page
    assert where.startswith(f"{PATH}?said=undone&step=house-")
    _, page, _ = await office.send(f"{PATH}/neu", "/admin/rueckgaengig", step=step, back=PATH)
    assert "Das lässt sich nicht mehr zurücknehmen" in page


async def test_a_company_is_put_under_secrecy_and_taken_out_again(office: OfficeSite) -> None:
    company = f"/admin/unternehmen/{office.house.customer_id}"
    path = f"{company}/berufsgeheimnis"
    assert f'href="{path}"' in (await office.see(company))[1]
    _, page = await office.see(path)
    assert "2 Agenten sind verpflichtet" in page
    async with office.db.write() as conn:
        for one in (office.house.anna, office.house.ben):
            await agents.bind(conn, one, bound=False)
    assert "Wer anruft, wartet dann vergeblich." in (await office.see(path))[1]
    _, page = await changed(office, path, confidential="yes")
    assert "unterliegt jetzt dem Berufsgeheimnis" in page
    assert "ja: kein Inhalt in SMS und Betreff" in page
    step = re.findall(r'name="step" value="(house-[^"]+)"', page)[0]
    _, page, where = await office.send(path, "/admin/rueckgaengig", step=step, back=company)
    assert where.startswith(company)
    assert "<dd>nein<br>" in page


async def test_a_company_is_answered_in_a_language_that_an_agent_speaks(office: OfficeSite) -> None:
    company = f"/admin/unternehmen/{office.house.customer_id}/annahme"
    _, page = await answers(office, language="tr")
    assert "Niemand davon spricht Türkisch." in page
    assert "Die Sprache eines Unternehmens spricht niemand" in (await office.see("/admin"))[1]
    one = f"/admin/agenten/{office.house.ben}"
    _, page = await changed(office, f"{one}/anrufe", **{"language-de": "yes", "language-tr": "yes"})
    assert "<dd>Deutsch, Türkisch</dd>" in page
    assert (await office.see("/admin/agenten"))[1].count('<span class="hint">Deutsch, Türkisch</span>') == 1
    _, page = await answers(office, overflow_after="20", language="tr")
    for words in ("1 davon spricht Türkisch", "Nach 20 Sekunden bekommen sie 2 Agenten."):
        assert words in page
    assert "Die Sprache eines Unternehmens spricht niemand" not in (await office.see("/admin"))[1]
    await office.remember()
    assert "<dd>Türkisch</dd>" in (await office.see(company.removesuffix("/annahme")))[1]
    step = re.findall(r'name="step" value="(house-[^"]+)"', page)[0]
    _, page, _ = await office.send(company, "/admin/rueckgaengig", step=step, back=company)
    async with office.db.read() as conn:
        assert await teams.answering_of(conn, office.house.customer_id) == Answering(language="tr")
