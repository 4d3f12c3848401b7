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

    company = f"/admin/unternehmen/{house.customer_id}/annahme"
    status, page = await changed(office, company, team=north, overflow_after="3", overflow_team="all")
    assert status == 422
    assert "Schreiben Sie eine Zahl von 5 bis 240" in page
    _, page = await changed(office, company, team=north, overflow_after="20", overflow_team="all")
    for words in ("Team Nord: 1 Agent bekommt die Anrufe.", "Nach 20 Sekunden bekommen sie 2 Agenten."):
        assert words in page
    async with office.db.read() as conn:
        assert await teams.answering_of(conn, house.customer_id) == Answering(north, 20)

    _, page = await office.see(f"{PATH}/{north}")
    assert "Team löschen" not in page
    _, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/{north}/loeschen")
    assert "wurde nicht gelöscht" in page
    await office.remember()
    await changed(office, company, team="all", overflow_after="", overflow_team="all")
    _, page, _ = await office.send(f"{PATH}/{north}", f"{PATH}/{north}/loeschen")
    assert "Das Team ist gelöscht." in page


async def test_an_agent_is_bound_to_secrecy_and_in_teams(office: OfficeSite) -> None:
    house = office.house
    north = await made(office, "Team Nord")
    one = f"/admin/agenten/{house.anna}"
    assert "in keinem Team" in (await office.see(one))[1]
    _, page = await changed(office, f"{one}/anrufe", **{f"team-{north}": "yes"})
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
