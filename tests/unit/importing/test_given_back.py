"""What a company is given at its end makes the same company again when it is loaded."""

from __future__ import annotations

import tomllib
from typing import Any

from pbx_bridge.importing.importer import import_document
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from rules.files.company_toml import company_toml
from rules.model import Customer
from rules.stepwise import at_once
from tests.sample_company import NOW
from tests.unit.importing.test_import_again import company


def text_of(customer: Customer) -> str:
    """Twice the same, whatever the ids are."""
    return "".join(at_once(company_toml(customer, ["+493023120001"])))


async def stored(db: Database) -> Customer:
    async with db.read() as conn:
        (found,) = await customers.load_all(conn)
    return found


async def test_a_company_with_one_of_everything_is_the_same_again(sqlite_db: Database) -> None:
    odd: dict[str, Any] = {
        "instruction": 'Eine "Zeile",\nnoch eine \\ und ei\x7fn',
        "hue": 7,
        "confidential": True,
    }
    fields = [{"key": "lage", "label": "Lage", "kind": "long", "required": True, "help": "Straße und Haus"}]
    fields.append({"key": "fax", "label": "Fax", "kind": "phone", "retired": True})
    odd["note_field"] = fields
    first = {"tariff": [{"name": "Basis", "put_through": True}], "customer": [company(1) | odd]}
    await import_document(sqlite_db, first, NOW, str)
    before = await stored(sqlite_db)
    written = text_of(before)
    async with sqlite_db.write() as conn:
        await conn.exec_driver_sql("DELETE FROM customer")
    await import_document(sqlite_db, tomllib.loads(written), NOW, str)
    after = await stored(sqlite_db)
    assert text_of(after) == written
    assert after.instruction == before.instruction
    assert after.note_fields == before.note_fields
    assert [(one.help, one.retired) for one in after.note_fields] == [("Straße und Haus", False), ("", True)]
    assert [one.name for one in after.employees] == [one.name for one in before.employees]
    assert [one.cc for one in after.employees] == [one.cc for one in before.employees]
