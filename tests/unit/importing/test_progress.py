"""Whoever loads twenty thousand companies sees that it goes on."""

from __future__ import annotations

import pytest

from pbx_bridge.importing import progress
from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import NOW

TARIFF = {"name": "Basis", "put_through": False}


@pytest.mark.parametrize("total", [500, 505, 999, 20_000])
def test_each_tenth_has_its_line(total: int) -> None:
    lines: list[str] = []
    assert list(progress.told(lines.append, "Storing", range(total), total)) == list(range(total))
    assert lines[0] == f"Storing: {total:,}"
    assert lines[-1] == f"Storing: {total:,} of {total:,}"
    assert len(lines) == 11


@pytest.mark.parametrize("total", [0, 1, 499])
def test_a_few_are_done_before_anybody_wonders(total: int) -> None:
    lines: list[str] = []
    assert len(list(progress.told(lines.append, "Storing", range(total), total))) == total
    assert lines == []


async def test_each_stage_of_an_import_is_told(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "MANY", 2)
    companies = [
        {"name": f"Firma {n}", "tariff": "Basis", "greeting": "[Vorname, Nachname]"} for n in range(3)
    ]
    users = [{"login": f"firma{n}", "role": "customer", "customer": f"Firma {n}"} for n in range(3)]
    data = {
        "tariff": [TARIFF],
        "customer": companies,
        "user": [one | {"password": "geheim-und-lang"} for one in users],
    }
    lines: list[str] = []
    done = await import_document(sqlite_db, data, NOW, lambda word: "hash", tell=lines.append)
    assert isinstance(done, Imported), done
    stages = dict.fromkeys(line.partition(":")[0] for line in lines)
    assert list(stages) == ["Checking customers", "Hashing passwords", "Storing customers", "Storing log-ins"]
