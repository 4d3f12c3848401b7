"""Teams as the office changes them: who is in them, for whom they answer, and what keeps one from going."""

from __future__ import annotations

from sqlalchemy import update

from pbx_bridge.editing import house as house_editing
from pbx_bridge.editing import teams as editing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.teams import AnsweringSaved, TeamDeleted, TeamSaved
from pbx_bridge.editing.values import Given, Rejected
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, accounts, agents
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.customers import customers, data_version, team_queues, teams
from pbx_bridge.storage.customers.teams import CompanyOfTeam
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from rules.calls.answering import AgentGroup, NumberedQueue
from rules.model import Answering
from rules.office.needs import Concern, Sighting
from rules.office.typed_teams import ALL, ANSWERING
from tests.sample_company import NOW, SampleCompany, furnish

OFFICE = Editor(NOW, login="office")


async def saved(conn: AsyncConnection, name: str, *members: str, team: str | None = None) -> str:
    done = await editing.save_team(
        conn, team, lambda *_: Given({"name": name}), lambda _: frozenset(members), OFFICE
    )
    assert isinstance(done, TeamSaved)
    return done.id


async def changed(db: Database, house: SampleCompany, *typed: str) -> AnsweringSaved | Rejected[Given]:
    """`typed`: team, seconds, helping team, language."""
    texts = dict(zip(ANSWERING, (*typed, "de"), strict=False))
    async with Editing(db).change(house.customer_id, OFFICE) as change:
        return await editing.save_answering(change, lambda _: Given(texts))


async def answers(
    db: Database, house: SampleCompany, team: str, after: str, wider: str
) -> Answering | Rejected[Given]:
    done = await changed(db, house, team, after, wider)
    return done.answering if isinstance(done, AnsweringSaved) else done


async def test_a_team_has_agents_and_companies_and_stays_while_it_has_some(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        before = await data_version.current(conn)
        north = await saved(conn, "Team Nord", house.anna, "somebody who is gone")
        south = await saved(conn, "Team Süd", house.ben)
        assert await data_version.current(conn) == before + 2
        again = await editing.save_team(
            conn, None, lambda *_: Given({"name": "team nord"}), lambda _: (), OFFICE
        )
        assert isinstance(again, Rejected)
        assert again.faults[0].code == "team_name_taken"
        anna = await agents.by_id(conn, house.anna)
        assert anna
        assert anna.teams == {north}
    assert await answers(db, house, north, "20", south) == Answering(north, 20, south)
    async with db.write() as conn:
        company = await customers.load_customer(conn, house.customer_id)
        assert company
        assert company.answering == await teams.answering_of(conn, company.id) == Answering(north, 20, south)
        listed = {
            one.name: (set(one.members), one.companies, one.overflows) for one in await teams.listed(conn)
        }
        assert listed == {"Team Nord": ({house.anna}, 1, 0), "Team Süd": ({house.ben}, 0, 1)}
        used = (CompanyOfTeam(company.id, company.name, overflow=True),)
        assert await editing.delete_team(conn, south, OFFICE) == TeamDeleted(used)
    assert await answers(db, house, ALL, "", ALL) == Answering()
    async with db.write() as conn:
        assert (await editing.delete_team(conn, south, OFFICE)).step
        assert await teams.names(conn) == {north: "Team Nord"}
        assert await saved(conn, "Team Mitte", team=north) == north
        assert [(one.name, one.members) for one in await teams.listed(conn)] == [("Team Mitte", frozenset())]


async def test_who_is_bound_and_in_which_teams_stands_in_the_log_and_is_announced(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        north = await saved(conn, "Team Nord")
        account = next(one for one in await accounts.load_all(conn) if one.login == "anna")
        version, by = await data_version.current(conn), By(NOW, "office")
        for news in (True, False):
            saving = editing.save_agent(
                conn, account, by, bound=False, of_teams=[north], languages={"en", "de"}
            )
            assert await saving == news
        assert await data_version.current(conn) == version + 1
        anna = await agents.by_id(conn, house.anna)
        assert anna
        assert (anna.bound, set(anna.teams), set(anna.languages)) == (False, {north}, {"de", "en"})
    async with db.read() as conn:
        found, _ = await access_log.listed(conn)
    told = [(one.event, one.login, one.done_by) for one in found]
    assert told == [
        ("agent_languages", "anna", "office"),
        ("agent_teams", "anna", "office"),
        ("unbound", "anna", "office"),
        ("team_saved", "office", ""),
    ]
    assert [one.detail for one in found[:2]] == ["de > de, en", "– > Team Nord"]


async def test_one_combination_too_many_is_refused_before_it_is_stored(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        north = await saved(conn, "Team Nord")
        full = [NumberedQueue(n, AgentGroup(frozenset({f"t{n}"}))) for n in range(1, 40)]
        await team_queues.replace(conn, [*full, NumberedQueue(40, AgentGroup(bound=True))])
        assert len(await team_queues.load(conn)) == 40
    refused = await answers(db, house, north, "", ALL)
    assert isinstance(refused, Rejected)
    assert [(one.field, one.code) for one in refused.faults] == [("team", "queues_full")]
    async with db.read() as conn:
        assert await teams.answering_of(conn, house.customer_id) == Answering()


async def test_whose_calls_nobody_may_answer_is_seen(db: Database) -> None:
    house = await furnish(db)

    async def seen() -> int:
        async with db.read() as conn:
            found = await teams.unanswered(conn)
        assert found.names == (("Mustermann AG",) if found.count else ())
        assert found == Sighting(Concern.UNANSWERED, found.count, names=found.names)
        return found.count

    async with db.write() as conn:
        north = await saved(conn, "Team Nord")
    assert await seen() == 0
    assert await answers(db, house, north, "", ALL) == Answering(north)
    assert await seen() == 1, "nobody is in the team"
    assert await answers(db, house, north, "20", ALL) == Answering(north, 20)
    assert await seen() == 0, "after 20 seconds all are asked"
    async with db.write() as conn:
        await conn.execute(update(t.customer).values(confidential=True))
        for agent in (house.anna, house.ben):
            await agents.bind(conn, agent, bound=False)
    assert await seen() == 1, "nobody is bound"
    async with db.write() as conn:
        await agents.bind(conn, house.ben, bound=True)
    assert await seen() == 0
    assert await answers(db, house, north, "", ALL) == Answering(north)
    async with db.write() as conn:
        await saved(conn, "Team Nord", house.anna, team=north)
    assert await seen() == 1, "in the team is only one who is not bound"


async def test_a_company_s_language_is_the_house_s_to_change_and_to_take_back(db: Database) -> None:
    company = await furnish(db)
    done = await changed(db, company, ALL, "20", ALL, "en")
    assert isinstance(done, AnsweringSaved)
    assert done.answering == Answering(None, 20, None, "en")
    assert await changed(db, company, ALL, "20", ALL, "en") == AnsweringSaved(done.answering), "nothing new"
    async with db.read() as conn:
        stored = await customers.load_customer(conn, company.customer_id)
        assert stored
        assert stored.answering == done.answering
        (entry, *_), _ = await access_log.listed(conn)
        before = await customers.version(conn, company.customer_id)
    assert (entry.event, entry.detail) == ("answering_changed", "Mustermann AG · de > en")
    async with db.write() as conn:
        assert not isinstance(await house_editing.take_back(conn, OFFICE, done.step), Refused)
        assert await teams.answering_of(conn, company.customer_id) == Answering()
        assert await customers.version(conn, company.customer_id) != before, "the desks and the PBX are told"


async def test_whose_language_nobody_speaks_is_seen(db: Database) -> None:
    house = await furnish(db)

    async def seen() -> int:
        async with db.read() as conn:
            found = await teams.unspoken(conn, await agents.load_all(conn))
        assert found.names == (("Mustermann AG",) if found.count else ())
        return found.count

    assert await seen() == 0
    await changed(db, house, ALL, "", ALL, "tr")
    assert await seen() == 1
    async with db.write() as conn:
        assert await agents.set_languages(conn, house.ben, ["tr", "de"])
        north = await saved(conn, "Team Nord", house.anna)
    assert await seen() == 0
    await changed(db, house, north, "", ALL, "tr")
    assert await seen() == 1, "Ben is not in the team"
    async with db.write() as conn:
        await agents.set_languages(conn, house.anna, ["tr"])
    await changed(db, house, north, "", ALL, "de")
    assert await seen() == 1, "nobody in the team speaks German any more"
