"""The frame of every page: whose pages these are, and where one can go."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from pbx_bridge.portal.navigation import ENTRIES, navigation
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.i18n import catalogue
from pbx_bridge.web.kit.navigation import FEW
from pbx_bridge.web.rendering import Rendering
from pbx_bridge.web.static_files import StaticFiles
from tests.unit.portal.conftest import jar
from tests.unit.portal.serving import serving

PAGES = [entry.path for entry in ENTRIES if entry.path != "/portal/abwesend"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_says_whose_it_is(sqlite_db: Database, path: str) -> None:
    async with (
        serving(sqlite_db) as served,
        ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session,
        session.get(f"{served.address}{path}") as answer,
    ):
        page = await answer.text()
    assert answer.status == 200
    assert page.count("<strong>Mustermann AG</strong>") >= 2, "at the top of a phone, and beside the page"
    assert "· Mustermann AG</title>" in page


@pytest.mark.parametrize("path", ["/portal/unternehmen", "/portal/mitarbeiter/neu", "/zugang"])
async def test_no_browser_rewrites_an_address(sqlite_db: Database, path: str) -> None:
    """A field of type email makes "xn--mller-kva.de" of "müller.de", and refuses "Anna <anna@…>"."""
    async with (
        serving(sqlite_db) as served,
        ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session,
        session.get(f"{served.address}{path}") as answer,
    ):
        page = await answer.text()
    assert 'type="email"' not in page
    assert 'inputmode="email"' in page


def test_every_group_has_a_heading_in_both_languages() -> None:
    groups = {entry.group for entry in ENTRIES} - {""}
    for locale in ("de", "en"):
        assert {f"nav.group.{group}" for group in groups} <= {*catalogue("portal", locale)}


def test_who_sees_few_pages_needs_no_headings() -> None:
    (only,) = navigation("/portal/abwesend", Role.SUBACCOUNT)
    assert only.key == ""
    assert len(only.entries) <= FEW
    assert len(navigation("/portal", Role.CUSTOMER)) > 3


def test_a_page_is_found_under_one_heading_and_stands_alone_as_current() -> None:
    for entry in ENTRIES:
        groups = navigation(f"{entry.path}/neu" if entry.key != "start" else entry.path, Role.CUSTOMER)
        current = [one.entry for group in groups for one in group.entries if one.current]
        assert len(current) == 1
        keys = [group.key for group in groups]
        assert len(keys) == len(set(keys)), "entries of a group stand together"


@pytest.mark.parametrize("brand, shown", [("", "Sekretariat"), ("Büro am Markt", "Büro am Markt")])
def test_the_secretariat_is_called_what_it_calls_itself(brand: str, shown: str) -> None:
    assert Rendering(StaticFiles(), brand=brand).brand("de") == shown
