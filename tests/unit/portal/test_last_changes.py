"""Letzte Änderungen: everything that was changed within a day, by whom, and whether it can be taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from yarl import URL

from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.portal.last_changes import pages as last_changes
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.editing.own_order import TABLES
from tests.unit.portal.conftest import Client
from tests.unit.portal.uploading import seen, upload

PATH = last_changes.PATH
IMPORT = "/portal/mitarbeiter/import"


async def later(client: Client, passed: timedelta, role: Role = Role.CUSTOMER) -> None:
    """Logged in anew."""
    client.served.now += passed
    client.session.cookie_jar.update_cookies(
        {"session": await client.served.cookie(role)}, URL(client.served.address)
    )


async def imports(client: Client, text: str) -> None:
    preview = await upload(client, IMPORT, text)
    await client.post(preview.path, seen(preview))


async def test_without_changes_it_says_what_it_is_for(client: Client) -> None:
    page = await client.get(PATH)
    assert "In den letzten 24 Stunden wurde nichts geändert." in page.text
    assert 'aria-current="page"' in page.text


async def test_a_change_is_told_and_taken_back_hours_later(client: Client) -> None:
    before = await client.served.company()
    await imports(client, "Name;Position\nBeispiel, Erika;Vorstand\n")
    await later(client, timedelta(hours=20))
    page = await client.get(PATH)
    assert "Mitarbeiter importiert: Beispiel, Erika" in page.text
    assert "Mo 23.11.2026, 10:00 Uhr" in page.text
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert (await client.served.company()).employees == before.employees
    assert "Ist schon zurückgenommen." in (await client.get(PATH)).text


async def test_what_was_changed_again_says_why_it_stays(client: Client) -> None:
    await imports(client, "Name;Position\nBeispiel, Erika;Vorstand\n")
    client.served.now += timedelta(minutes=1)
    await imports(client, "Name;Position\nBeispiel, Erika;Aufsichtsrat\n")
    page = await client.get(PATH)
    assert page.text.count("Geht nicht mehr") == 1
    assert page.text.count('name="step"') == 1


async def test_after_a_day_it_is_gone(client: Client) -> None:
    await imports(client, "Name;Position\nBeispiel, Erika;Vorstand\n")
    await later(client, timedelta(hours=24, seconds=1))
    assert "nichts geändert" in (await client.get(PATH)).text


async def test_many_changes_come_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_changes, "ROWS", 2)
    for number in range(5):
        client.served.now += timedelta(minutes=1)
        await imports(client, f"Name\nNeu {number}\n")
    first, last = await client.get(PATH), await client.get(f"{PATH}?page=3")
    assert "Neu 4" in first.text
    assert "Neu 0" not in first.text
    assert "Neu 0" in last.text


def test_what_files_and_lists_do_is_the_companys_own() -> None:
    """That each has its words is held by `tests/project/test_vocabularies.py`."""
    sources = "".join(path.read_text() for path in Path("pbx_bridge/portal").rglob("*.py"))
    done = set(re.findall(r'change_code="([a-z_]+)"', sources))
    assert done
    done |= {f"{one}_{how}" for one in TABLES for how in ("added", "saved", "deleted", "moved")}
    assert done <= set(OwnChangeCode)


async def test_an_employee_sees_only_what_they_did(client: Client) -> None:
    await imports(client, "Name;Position\nBeispiel, Erika;Vorstand\n")
    await later(client, timedelta(), Role.SUBACCOUNT)
    page = await client.get(PATH)
    assert page.status == 200
    assert "nichts geändert" in page.text
