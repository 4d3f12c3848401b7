"""Parts of long lists: the same rows and the same number, whichever way they are found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pbx_bridge.storage.customers import company_list
from pbx_bridge.storage.customers.company_list import CompanySearch
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import furnish

COMPANIES = 620
"""More than a search reads at once."""
COUNTED = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 620)",
    "postgresql": "WITH n (i) AS (SELECT generate_series(1, 620))",
}
_CUSTOMERS = (
    "INSERT INTO customer (id, name, tariff_id, greeting, version) {counted} SELECT 'c' || i,"
    " CASE WHEN i < 10 THEN 'Kanzlei 00' WHEN i < 100 THEN 'Praxis 0' ELSE 'Praxis ' END || i,"
    " (SELECT id FROM tariff), 'Guten Tag', i FROM n"
)
_LINES = (
    "INSERT INTO line (id, number, customer_id) SELECT 'l' || id, '+4930' || version, id FROM customer"
    " WHERE version % 200 > 0 AND name <> 'Mustermann AG'"
)


@pytest.fixture
async def crowded(db: Database) -> Database:
    await furnish(db)
    async with db.write() as conn:
        await conn.execute(text(_CUSTOMERS.format(counted=COUNTED[db.dialect])))
        await conn.execute(text(_LINES))
    return db


async def _found(db: Database, search: CompanySearch, skip: int = 0) -> tuple[list[str], int]:
    async with db.read() as conn:
        rows, total = await company_list.listed(conn, search, skip=skip, most=2)
    return [row.id for row in rows], total


async def test_a_part_is_the_same_however_much_is_found(crowded: Database) -> None:
    for words, skip, ids, total in (
        ("", 0, ["c1", "c2"], COMPANIES + 1),
        ("", 600, ["c600", "c601"], COMPANIES + 1),
        ("kanzlei", 0, ["c1", "c2"], 9),
        ("KANZ", 8, ["c9"], 9),
        ("kanz", 100, [], 9),
        ("praxis", 1, ["c11", "c12"], COMPANIES - 9),
        ("praxis", 600, ["c610", "c611"], COMPANIES - 9),
        ("niemand", 0, [], 0),
    ):
        assert await _found(crowded, CompanySearch(words), skip) == (ids, total), (words, skip)


async def test_who_has_no_line_is_found_among_few_and_among_many(
    crowded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = CompanySearch(without_line=True)
    expected = (["c200", "c400"], 3)
    assert await _found(crowded, search) == expected
    monkeypatch.setattr(company_list, "FEW", 2)
    assert await _found(crowded, search) == expected
