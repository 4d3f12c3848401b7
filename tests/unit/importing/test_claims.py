"""A number is one company's: who wants another one's is told whose it is, and a file may say whose it was."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import NOW

LINE, OWN = "+493023125100", "+493023125000"
TARIFF = {"name": "Basis", "put_through": False}


def company(name: str, **more: Any) -> dict[str, Any]:
    greeting = "Guten Tag, hier ist [Vorname, Nachname]."
    return {"name": name, "tariff": "Basis", "greeting": greeting, "default_email": "z@example.org", **more}


async def load(db: Database, *companies: dict[str, Any], **more: Any) -> Imported | list[str]:
    data = {"tariff": [TARIFF], "customer": list(companies)}
    done = await import_document(db, data | more, NOW, str)
    return [str(one) for one in done] if isinstance(done, list) else done


async def owners(db: Database) -> dict[str, str]:
    async with db.read() as conn:
        names = await customers.names(conn)
        found = {one.number: names.get(one.customer_id or "", "") for one in await lines.load_all(conn)}
        for one in await customers.load_all(conn):
            found |= dict.fromkeys(one.public_numbers, one.name)
    return found


@pytest.fixture
async def there(sqlite_db: Database) -> Database:
    done = await load(sqlite_db, company("Mustermann AG", lines=[LINE], public_numbers=[OWN]))
    assert isinstance(done, Imported)
    return sqlite_db


@pytest.mark.parametrize("key, number", [("lines", LINE), ("public_numbers", OWN)])
async def test_it_is_refused_with_both_names_until_the_file_says_whose_it_was(
    there: Database, key: str, number: str
) -> None:
    (problem,) = await load(there, company("Praxis Dr. Sommer", **{key: [number]}))  # type: ignore[misc]
    assert f'{number} is wanted for "Praxis Dr. Sommer" and belongs to "Mustermann AG"' in problem
    assert 'takes_from = ["Mustermann AG"]' in problem
    assert set((await owners(there)).values()) == {"Mustermann AG"}
    moved = company("Praxis Dr. Sommer", takes_from=["Mustermann AG"], **{key: [number]})
    assert isinstance(await load(there, moved), Imported)
    assert (await owners(there))[number] == "Praxis Dr. Sommer"


async def test_two_tables_of_one_file_are_named(there: Database) -> None:
    taken = ["+493023125104"]
    (problem,) = await load(  # type: ignore[misc]
        there, company("Praxis Dr. Sommer", lines=taken), company("Kanzlei Brandt & Weiß", lines=taken)
    )
    assert f'{taken[0]} is claimed by "Praxis Dr. Sommer" and by "Kanzlei Brandt & Weiß"' in problem


async def test_a_list_that_leaves_it_out_has_given_it_away(there: Database) -> None:
    done = await load(
        there, company("Mustermann AG", public_numbers=[]), company("Praxis Dr. Sommer", public_numbers=[OWN])
    )
    assert isinstance(done, Imported)
    assert (await owners(there))[OWN] == "Praxis Dr. Sommer"


async def test_a_line_in_use_is_not_shared_by_the_way(there: Database) -> None:
    (problem,) = await load(there, line=[{"number": LINE}])  # type: ignore[misc]
    assert 'belongs to "Mustermann AG"' in problem
    assert isinstance(await load(there, line=[{"number": LINE, "takes_from": ["Mustermann AG"]}]), Imported)
    assert (await owners(there))[LINE] == ""


async def test_what_would_be_different_is_told_and_not_stored(there: Database) -> None:
    data = {"customer": [company("Mustermann AG", public_numbers=[], hue=3, default_email="new@example.org")]}
    before = await owners(there)
    done = await import_document(there, data, NOW, str, dry_run=True)
    assert isinstance(done, Imported)
    assert done.report == (
        "Mustermann AG:",
        "  default_email: changed",
        '  hue: "0" → "3"',
        f'  public_numbers: 1 → 0; gone: "{OWN}"',
    )
    assert await owners(there) == before
    done = await import_document(there, data, NOW, str)
    assert isinstance(done, Imported)
    assert len(done.report) == 4
    assert OWN not in await owners(there)


async def test_a_company_that_has_ended_gets_no_number_back_by_a_file(there: Database) -> None:
    async with there.write() as conn:
        await conn.execute(tables.customer.update().values(service="ended"))
    (problem,) = await load(there, company("Mustermann AG", lines=[LINE]))  # type: ignore[misc]
    assert '"Mustermann AG" has ended' in problem
    assert isinstance(await load(there, company("Mustermann AG", hue=4)), Imported)
