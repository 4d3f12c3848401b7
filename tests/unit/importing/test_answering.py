"""Who answers for the companies of a file, and in which language."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import teams
from rules.calls.answering import QUEUES
from rules.model import Answering
from tests.sample_company import NOW

TARIFF = {"name": "Annahme", "put_through": False}


def company(name: str = "Mustermann AG", **more: Any) -> dict[str, Any]:
    return {"name": name, "tariff": "Annahme", "greeting": "Guten Tag, [Vorname, Nachname]."} | more


async def load(db: Database, *companies: dict[str, Any], **more: Any) -> Imported | list[str]:
    found = await import_document(db, {"tariff": [TARIFF], "customer": [*companies], **more}, NOW, str)
    return [str(one) for one in found] if isinstance(found, list) else found


async def answering(db: Database) -> dict[str, Answering]:
    async with db.read() as conn:
        return {one.name: one.answering for one in await customers.load_all(conn)}


@pytest.fixture
async def house(db: Database) -> Database:
    """Two teams, and a company of one."""
    async with db.write() as conn:
        for team in ("Nord", "Süd"):
            assert await teams.insert(conn, team.lower(), team)
    said = company(team="NORD", overflow_after=20, overflow_team="Süd", language="en")
    assert isinstance(await load(db, said), Imported)
    return db


async def test_teams_are_named_and_what_is_not_named_stays(house: Database) -> None:
    whole = Answering("nord", 20, "süd", "en")
    assert await answering(house) == {"Mustermann AG": whole}
    assert await load(house, company()) == Imported(1, 0, 0, ())
    found = await load(house, company(language="fr"))
    assert isinstance(found, Imported)
    assert "  language: en → fr" in found.report
    assert await answering(house) == {"Mustermann AG": Answering("nord", 20, "süd", "fr")}
    await load(house, company(overflow_after=0, team=""))
    assert await answering(house) == {"Mustermann AG": Answering(language="fr")}
    await load(house, company(language="en"))
    await load(house, company(), replace=True)
    assert await answering(house) == {"Mustermann AG": Answering()}


async def test_what_an_older_program_has_stored_stays_too_where_the_file_does_not_name_it(
    house: Database,
) -> None:
    """The office would not take it today; a file that says nothing of it is no reason to change it."""
    older = Answering(None, 20, "süd")
    async with house.write() as conn:
        (one,) = await customers.load_all(conn)
        await teams.set_answering(conn, one.id, older)
    assert isinstance(await load(house, company(instruction="Neu.")), Imported)
    assert await answering(house) == {"Mustermann AG": older}


@pytest.mark.parametrize(
    "said, problem",
    [
        ({"team": "West"}, 'team: "West" is no team. Add it under "Teams" first'),
        ({"overflow_team": "West"}, 'overflow_team: "West" is no team.'),
        ({"overflow_team": "Nord"}, "overflow_team: is the team itself. Name another one"),
        ({"overflow_after": 2}, "overflow_after: is out of range. Write seconds from "),
        ({"overflow_after": 0, "overflow_team": "Süd"}, "overflow_team: helps nobody. Write overflow_after"),
        ({"team": "", "overflow_team": "Süd"}, "overflow_team: helps nobody."),
        (
            {"team": "", "language": "de", "overflow_after": 20},
            "overflow_after: helps nobody, as all agents answer",
        ),
        ({"overflow_after": "bald"}, "overflow_after: 'bald' is of the wrong kind."),
        ({"language": "deutsch"}, 'language: "deutsch" is not known. Write one of: '),
    ],
)
async def test_what_does_not_fit_is_said_and_nothing_is_stored(
    house: Database, said: dict[str, Any], problem: str
) -> None:
    before = await answering(house)
    found = await load(house, company(instruction="Neu.", **said))
    assert isinstance(found, list)
    assert any(problem in one for one in found), found
    assert await answering(house) == before


async def test_more_ways_to_answer_than_the_pbx_has_queues_are_refused_together(house: Database) -> None:
    before = await answering(house)
    async with house.write() as conn:
        for number in range(QUEUES + 1):
            assert await teams.insert(conn, f"t{number}", f"Team {number}")
    many = [company(f"Firma {number}", team=f"Team {number}") for number in range(QUEUES + 1)]
    found = await load(house, *many)
    assert isinstance(found, list)
    assert "no queue left" in found[0]
    assert await answering(house) == before
    assert isinstance(await load(house, *many[:20]), Imported)


async def test_secrecy_needs_a_queue_of_its_own_as_well(house: Database) -> None:
    """Its agents are others than the team's, though the file names no team."""
    async with house.write() as conn:
        for number in range(QUEUES - 3):  # one is of all who are bound, two are of the company that is there
            assert await teams.insert(conn, f"t{number}", f"Team {number}")
    many = [company(f"Firma {number}", team=f"Team {number}") for number in range(QUEUES - 3)]
    assert isinstance(await load(house, *many, company("Praxis Dr. Sommer", team="Team 0")), Imported)
    found = await load(house, company("Praxis Dr. Sommer", confidential=True))
    assert isinstance(found, list)
    assert "no queue left" in found[0]
