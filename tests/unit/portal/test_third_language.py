"""A third language is catalogues: with them every page comes up in it, and nothing of another one is left."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

import pbx_bridge
from pbx_bridge.auth.permissions import may
from pbx_bridge.auth.sessions import Session, Sessions
from pbx_bridge.portal.routes import PAGES
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web import i18n
from rules.files.employee_columns import COLUMNS as EMPLOYEES
from rules.files.vip_csv import COLUMNS as VIP_CALLERS
from tests.sample_company import arrive
from tests.unit.portal.conftest import jar
from tests.unit.portal.serving import Served, serving

ROOMS = Path(pbx_bridge.__file__).parent
OPENS, CLOSES = "⟦", "⟧"
SAID = ("title", "placeholder", "aria-label", "alt")
"""Attributes that people read or hear."""
IDS = ("employee", "appointment", "vip", "entry", "call")
NO_PAGE = re.compile(r"export|\.csv|\.xlsx|auswahl|/stand$|\{job\}")
OF_THE_COMPANY = (
    *("Mustermann AG", "Beispiel, Erika", "Erika Beispiel", "Meier, Jens", "Jens Meier", "Hans Müller"),
    *("Haus Vogt", "Urlaub", "Art", "Neukunde", "Bestandskunde", "Anna Keller", "Ben Vogt", "anna", "ben"),
    *("Herzlich Willkommen bei der", "mein Name ist", "Vorname, Nachname", "Frage", "Ja."),
    *("erste@example.org", "zweite@example.org"),
)
"""What its people wrote, or who they are."""
OF_RULES = ("Mo–Do",)
"""Working hours are written only in a language in which they can be read again (rules.text.working_hours)."""
OF_FILES = {both[0] for columns in (EMPLOYEES, VIP_CALLERS) for both in columns.headers.values()}
"""Names of columns are those of the files, which we read in two languages."""


def marked(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """A catalogue as TOML, each sentence between the marks."""
    for key, value in table.items():
        name = prefix + json.dumps(key)
        if isinstance(value, dict):
            yield from marked(value, f"{name}.")
        else:
            yield f"{name} = {json.dumps(f'{OPENS}{value}{CLOSES}')}"


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All catalogues in one more language, in which everybody reads."""
    for folder in ROOMS.glob("*/locale"):
        own = tmp_path / folder.parent.name / "locale"
        (own / "fr").mkdir(parents=True)
        for known in (one for one in folder.iterdir() if one.stem in ("de", "en")):
            (own / known.name).symlink_to(known)
        for file in (folder / "de.toml", *(folder / "de").glob("*.toml")):
            copy = own / "fr.toml" if file.parent == folder else own / "fr" / file.name
            copy.write_text("\n".join(marked(tomllib.loads(file.read_text("utf-8")))), "utf-8")
    monkeypatch.setattr(i18n, "_ROOMS", tmp_path)
    i18n.catalogue.cache_clear()
    find = Sessions.find

    async def in_french(self: Sessions, token: str) -> Session | None:
        session = await find(self, token)
        if session is None:
            return None
        return dataclasses.replace(session, account=dataclasses.replace(session.account, locale="fr"))

    monkeypatch.setattr(Sessions, "find", in_french)
    yield
    i18n.catalogue.cache_clear()


class Words(HTMLParser):
    """What people read or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def unmarked(page: str, own: tuple[str, ...]) -> list[str]:
    """Words that stand between no marks and are not the company's."""
    words = Words()
    words.feed(page)
    text, shorter = "", "\n".join(words.found)
    while text != shorter:
        text, shorter = shorter, re.sub(rf"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}", "", shorter)
    for known in sorted((*own, *OF_FILES, *OF_RULES), key=len, reverse=True):
        text = text.replace(known, "")
    return [line.strip() for line in text.splitlines() if re.search(r"[^\W\d_]{2}", line)]


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
        found, logins = {}, (*OF_THE_COMPANY, f"{role}-de-2", f"{role}-de-3")
        async with ClientSession(cookies=cookies, cookie_jar=jar()) as session:
            for path in paths:
                async with session.get(served.address + path, allow_redirects=False) as answer:
                    page = await answer.text()
                assert answer.status in {200, 303}, path
                assert answer.status == 303 or OPENS in page, path
                found[path] = unmarked(page, logins)
    assert {path: words for path, words in found.items() if words} == {}
    assert len(paths) >= 5
