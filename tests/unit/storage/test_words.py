"""What somebody looks for is found in any case of any letter, on both databases: SQLite itself knows the case
of ASCII only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import accounts, agent_list, agents, log_ins
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import taken_names
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import NOW, furnish

NAMES = ("Özdemir", "Übel", "Groß-Ärmel", "Émile", "Çelik", "Øre", "Łęcki")
_BY_ITSELF = re.compile(r"lower\([^()]*\)\s*\.contains\(")


async def test_people_are_found_by_names_that_begin_with_other_letters(db: Database) -> None:
    await furnish(db)
    async with db.write() as conn:
        for number, name in enumerate(NAMES):
            account = Account("", f"agent{number}", Role.AGENT)
            account_id = await accounts.insert(conn, account, "no hash", NOW)
            await agents.insert(conn, account_id, "Eva", name, f"PJSIP/agent{number}")
    lost = list[tuple[str, str]]()
    async with db.read() as conn:
        for number, name in enumerate(NAMES):
            for typed in (name, name.lower(), f"eva {name.lower()}"):
                found, _ = await agent_list.listed(conn, typed)
                people, _ = await log_ins.listed(conn, typed)
                listed = ([one.name for one in found], [one.account.login for one in people])
                if listed != ([f"Eva {name}"], [f"agent{number}"]):
                    lost.append((name, typed))
        assert lost == []


@pytest.mark.parametrize("typed", ["MÜLLER GMBH", "müller gmbh", "Müller GmbH"])
async def test_no_two_companies_have_one_name(db: Database, typed: str) -> None:
    await furnish(db)
    async with db.write() as conn:
        await conn.execute(t.customer.update().values(name="Müller GmbH"))
        assert (await taken_names.facts_for(conn, typed, "")).same_name == "Müller GmbH"
        await conn.execute(t.customer.update().values(name="MÜLLER GmbH"))
        assert (await taken_names.facts_for(conn, typed, "")).same_name == "MÜLLER GmbH"


def test_nobody_searches_by_the_lower_letters_of_the_database(root: Path) -> None:
    folder = root / "pbx_bridge" / "storage"
    found = [path.name for path in folder.rglob("*.py") if _BY_ITSELF.search(path.read_text("utf-8"))]
    assert found == []
