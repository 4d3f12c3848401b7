"""A third language is catalogues: with them every page comes up in it, and nothing of another one is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from pbx_bridge.auth.permissions import may
from pbx_bridge.portal.routes import PAGES
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from rules.files.employee_columns import COLUMNS as EMPLOYEES
from rules.files.vip_csv import COLUMNS as VIP_CALLERS
from tests.sample_company import arrive
from tests.third_language import OPENS, in_french, unmarked
from tests.unit.portal.conftest import jar
from tests.unit.portal.serving import Served, serving

NO_PAGE = re.compile(r"export|\.csv|\.xlsx|auswahl|/stand$|\{job\}|\{voice\}")
OF_THE_COMPANY = (
    *("Mustermann AG", "Beispiel, Erika", "Erika Beispiel", "Meier, Jens", "Jens Meier", "Hans Müller"),
    *("Haus Vogt", "Urlaub", "Art", "Neukunde", "Bestandskunde", "Anna Keller", "Ben Vogt", "anna", "ben"),
    *("Herzlich Willkommen bei der", "mein Name ist", "Vorname, Nachname", "Frage", "Ja."),
    *("erste@example.org", "zweite@example.org"),
)
"""What its people wrote, or who they are."""
OF_THE_LANGUAGE = ("lun–jeu",)
"""Days of the week, which no catalogue has to name: French."""
OF_FILES = {both[1] for columns in (EMPLOYEES, VIP_CALLERS) for both in columns.headers.values()}
"""Names of columns are those of the files, by which other programs know them: English, says the catalogue."""


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with in_french(tmp_path, monkeypatch):
        yield


async def addresses(served: Served, role: Role) -> list[str]:
    """Of all pages that this role may see, with something that exists in their gaps."""
    company = await served.company()
    async with served.db.write() as conn:
        call = await arrive(conn, served.house)
        await conn.execute(t.employee.update().values(hours="Mo–Do 08:00–17:00", ring_seconds=20))
    erika, jens = sorted(company.employees, key=lambda one: one.id != served.house.erika)
    ids = {
        "employee": erika.id, "appointment": jens.appointments[0].id, "vip": company.vip_callers[0].id,
        "entry": company.faq[0].id, "call": call, "account": served.house.anna_account,
    }  # fmt: skip
    paths = [
        re.sub(r"\{(\w+)\}", lambda gap: ids[gap[1]], route.path)
        for page in PAGES
        for route in page.ROUTES
        if route.method == "GET" and may(role, route.name) and not NO_PAGE.search(route.path)
    ]
    nobodys = {"/portal/textbausteine/" + ids["entry"]}  # it is a FAQ's
    if role is Role.SUBACCOUNT:
        nobodys.add("/portal/termine/" + ids["appointment"])
    return [path for path in paths if path not in nobodys]


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUBACCOUNT, Role.OPERATOR])
async def test_every_page_is_in_a_language_that_is_only_catalogues(
    french: None, sqlite_db: Database, role: Role
) -> None:
    async with serving(sqlite_db) as served:
        paths = await addresses(served, role)
        cookies = {"session": await served.cookie(role)}
        found, logins = {}, (*OF_THE_COMPANY, *OF_FILES, *OF_THE_LANGUAGE, f"{role}-de-2", f"{role}-de-3")
        async with ClientSession(cookies=cookies, cookie_jar=jar()) as session:
            for path in paths:
                async with session.get(served.address + path, allow_redirects=False) as answer:
                    page = await answer.text()
                assert answer.status in {200, 303}, path
                assert answer.status == 303 or OPENS in page, path
                found[path] = unmarked(page, logins)
    assert {path: words for path, words in found.items() if words} == {}
    assert len(paths) >= 5
