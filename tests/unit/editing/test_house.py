"""What the house changes of teams, lines and secrecy is taken back as a whole, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from pbx_bridge.editing import confidentiality, house, lines
from pbx_bridge.editing import teams as editing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.confidentiality import ConfidentialitySaved
from pbx_bridge.editing.lines import LinesAdded
from pbx_bridge.editing.teams import TeamSaved
from pbx_bridge.editing.values import Given, Rejected
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, accounts, agents
from pbx_bridge.storage.customers import customers, data_version, line_list, team_queues, teams
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.undo.house_undo import TakenBack
from rules.calls.answering import AgentGroup, NumberedQueue
from tests.sample_company import NOW, SampleCompany, furnish

OFFICE = Editor(NOW, login="office")


async def saved(conn: AsyncConnection, name: str, *members: str, team: str | None = None) -> TeamSaved:
    done = await editing.save_team(conn, team, lambda *_: Given({"name": name}), lambda _: members, OFFICE)
    assert isinstance(done, TeamSaved)
    return done


async def there(conn: AsyncConnection) -> dict[str, set[str]]:
    return {one.name: set(one.members) for one in await teams.listed(conn)}


async def back(conn: AsyncConnection, step: str, editor: Editor = OFFICE) -> str:
    """The step that does it again, or why it is not taken back."""
    done = await house.take_back(conn, editor, step)
    return done.step if isinstance(done, TakenBack) else done.code


async def test_a_team_comes_and_goes_with_its_agents(db: Database) -> None:
    company = await furnish(db)
    async with db.write() as conn:
        made = await saved(conn, "Team Nord", company.anna)
        other = await saved(conn, "Team Mitte", company.anna, company.ben, team=made.id)
        again = await back(conn, other.step)
        assert await there(conn) == {"Team Nord": {company.anna}}
        assert await back(conn, other.step) == "not_found", "once only"
        await back(conn, again)
        assert await there(conn) == {"Team Mitte": {company.anna, company.ben}}
        assert await back(conn, made.step) == "undo_overtaken", "it would take back what came after it"
        gone = await editing.delete_team(conn, made.id, OFFICE)
        assert await there(conn) == {}
        before = await data_version.current(conn)
        await back(conn, gone.step)
        assert await there(conn) == {"Team Mitte": {company.anna, company.ben}}
        assert await data_version.current(conn) > before, "whoever keeps agents in memory is told"
    async with db.read() as conn:
        found, _ = await access_log.listed(conn, event="house_undone")
    assert [one.detail for one in found] == [
        "team_deleted · Team Mitte",
        "↶ team_saved · Team Nord > Team Mitte · +1",
        "team_saved · Team Nord > Team Mitte · +1",
    ]


async def test_what_came_in_between_is_not_taken_along(db: Database) -> None:
    company = await furnish(db)
    async with db.write() as conn:
        made = await saved(conn, "Team Nord")
        anna = next(one for one in await accounts.load_all(conn) if one.login == "anna")
        await editing.save_agent(conn, anna, OFFICE.by, bound=True, of_teams=[made.id], languages=["de"])
        assert await back(conn, made.step) == "undo_overtaken", "Anna would be out of it without a word"
        await editing.save_agent(conn, anna, OFFICE.by, bound=True, of_teams=[], languages=["de"])
        await conn.execute(update(t.customer).values(team_id=made.id))
        assert await back(conn, made.step) == "undo_overtaken", "a company has it by now"
        await conn.execute(update(t.customer).values(team_id=None))
        assert await back(conn, made.step, replace(OFFICE, now=NOW + timedelta(days=1))) == "not_found"
        assert (await back(conn, made.step)).startswith("house-")
        assert await there(conn) == {}
        assert await agents.by_id(conn, company.anna), "the transaction lives on"


async def secrecy(db: Database, company: SampleCompany, wanted: str) -> object:
    async with Editing(db).change(company.customer_id, OFFICE) as change:
        return await confidentiality.save(change, lambda _: Given({"confidential": wanted}))


async def test_secrecy_is_set_written_down_announced_and_taken_back(db: Database) -> None:
    company = await furnish(db)
    done = await secrecy(db, company, "yes")
    assert isinstance(done, ConfidentialitySaved)
    assert done.step
    assert await secrecy(db, company, "yes") == ConfidentialitySaved(confidential=True, step="")
    async with db.write() as conn:
        version = await customers.version(conn, company.customer_id)
        assert version == await data_version.current(conn)
        assert await customers.confidential(conn, company.customer_id)
        assert (await conn.execute(select(t.undo_step))).first() is None, "the company cannot take it back"
        await back(conn, done.step)
        assert not await customers.confidential(conn, company.customer_id)
        after = await customers.version(conn, company.customer_id)
        assert version is not None
        assert after is not None
        assert after > version, "desk and PBX are told"
    async with db.read() as conn:
        found, _ = await access_log.listed(conn)
    assert [(one.event, one.detail) for one in found] == [
        ("house_undone", "confidential · Mustermann AG"),
        ("confidential", "Mustermann AG"),
    ]


async def test_secrecy_that_needs_a_queue_too_many_is_refused(db: Database) -> None:
    company = await furnish(db)
    async with db.write() as conn:
        full = [NumberedQueue(n, AgentGroup(frozenset({f"t{n}"}))) for n in range(1, 41)]
        await team_queues.replace(conn, full)
    refused = await secrecy(db, company, "yes")
    assert isinstance(refused, Rejected)
    assert [(one.field, one.code) for one in refused.faults] == [("confidential", "queues_full")]
    async with db.read() as conn:
        assert not await customers.confidential(conn, company.customer_id)
        assert await house.take_back(conn, OFFICE, "nonsense") == Refused("not_found")


async def test_secrecy_is_not_taken_back_where_the_pbx_has_no_queue_left_for_it(db: Database) -> None:
    """Without a queue of its own group its calls would be everybody's."""
    company = await furnish(db)
    done = await secrecy(db, company, "yes")
    assert isinstance(done, ConfidentialitySaved)
    async with db.write() as conn:
        undone = await back(conn, done.step)
        full = [NumberedQueue(n, AgentGroup(frozenset({f"t{n}"}))) for n in range(1, 41)]
        await team_queues.replace(conn, full)
        assert await back(conn, undone) == "undo_queues_full"
        assert not await customers.confidential(conn, company.customer_id)
        await team_queues.replace(conn, [])
        assert (await back(conn, undone)).startswith("house-"), "nothing of the first try is left"
        assert await customers.confidential(conn, company.customer_id)


async def test_a_number_that_is_a_company_s_own_by_now_is_not_put_back_into_the_pool(db: Database) -> None:
    company = await furnish(db)
    number = "+493023125990"
    async with db.write() as conn:
        added = await lines.add(conn, OFFICE, Given({"numbers": number, "shared": ""}))
        assert isinstance(added, LinesAdded)
        line = (await line_list.by_number(conn, [number]))[number]
        gone = await lines.remove(conn, OFFICE, line.id)
        assert isinstance(gone, str)
        own = {"number": number, "customer_id": company.customer_id}
        await conn.execute(t.public_number.insert().values(own))
        assert await back(conn, gone) == "undo_number_claimed"
        assert await line_list.by_number(conn, [number]) == {}
        await conn.execute(t.public_number.delete().where(t.public_number.c.number == number))
        assert (await back(conn, gone)).startswith("house-")
        assert number in await line_list.by_number(conn, [number])
