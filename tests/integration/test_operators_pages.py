"""What the operator sees of all who log in, and of what happened at the door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.retention import Retention
from pbx_bridge.web.i18n import catalogue
from tests.house_door import PASSWORD, PEOPLE, Door, house_door


@pytest.fixture
async def door(db: Database) -> AsyncIterator[Door]:
    async with house_door(db) as door:
        yield door


async def test_everybody_is_there_and_found(door: Door) -> None:
    async with door.browser("office") as office:
        page = (await office.get("/zugaenge")).text
        assert [login for login in (*PEOPLE, "ben") if f">{login}<" not in page] == []
        for query, found in (("keller", "anna"), ("MUSTERMANN", "kunde"), ("jens mei", "jens@example.org")):
            page = (await office.get(f"/zugaenge?q={query}")).text
            assert f">{found}<" in page
            assert ">office<" not in page.partition("<table")[2]
        assert "gibt es hier niemanden" in (await office.get("/zugaenge?q=%25_")).text


@pytest.mark.parametrize("login", [login for login in PEOPLE if login != "office"])
async def test_the_operator_logs_somebody_out_and_locks_them(door: Door, login: str) -> None:
    account = await door.account(login)
    async with door.browser("office") as office, door.browser(login) as one, door.browser(login) as two:
        said = await office.post(f"/zugaenge/{account.id}/abmelden")
        assert "Alle Anmeldungen sind beendet." in said.text
        assert [await one.is_in(), await two.is_in(), await office.is_in()] == [False, False, True]
        assert (await one.log_in(login)).status == 303
        await office.post(f"/zugaenge/{account.id}/sperren", locked="yes")
        assert not await one.is_in()
        assert (await one.log_in(login)).status == 401
        assert "gesperrt" in (await office.get(f"/zugaenge?q={login}")).text
        await office.post(f"/zugaenge/{account.id}/sperren", locked="")
        door.clock.wind(minutes=2)
        assert (await one.log_in(login)).status == 303


ASKED = {"abmelden": "Begonnene Notizen", "zweiter-faktor": "nicht zurücknehmen", "sperren": "entsperren"}


@pytest.mark.parametrize("deed", ASKED)
async def test_what_hits_somebody_else_is_asked_once_more(door: Door, deed: str) -> None:
    """One click, or a browser that fetches pages ahead, does nothing yet."""
    account = await door.account("anna")
    path = f"/zugaenge/{account.id}/{deed}"
    async with door.browser("office") as office, door.browser("anna") as anna:
        listed = (await office.get("/zugaenge?q=anna")).text
        assert f'action="{path}"' not in listed
        if deed != "zweiter-faktor":
            assert f'href="{path}"' in listed
        asked = await office.get(path)
        assert (asked.status, asked.headers["Cache-Control"]) == (200, "no-store")
        assert ASKED[deed] in asked.text
        assert f'<form class="actions" method="post" action="{path}">' in asked.text
        assert 'href="/zugaenge">Abbrechen' in asked.text
        assert await anna.is_in()
        assert (await office.get(f"/zugaenge/nobody/{deed}")).status == 404
        if deed == "sperren":
            assert 'name="locked" value="yes"' in asked.text


async def test_all_other_sessions_of_ones_own_are_asked_for_once_more(door: Door) -> None:
    path = "/zugang/anmeldungen/andere-beenden"
    async with door.browser("anna") as here, door.browser("anna") as there:
        assert f'href="{path}"' in (await here.get("/zugang")).text
        asked = await here.get(path)
        assert f'action="{path}"' in asked.text
        assert await there.is_in()


async def test_nobody_locks_themselves_out(door: Door) -> None:
    async with door.browser("office") as office:
        account = await door.account("office")
        said = await office.post(f"/zugaenge/{account.id}/sperren", locked="yes")
        assert "Den eigenen Zugang können Sie nicht sperren." in said.text
        assert await office.is_in()
        assert (await office.post("/zugaenge/nobody/abmelden")).status == 404


@pytest.mark.parametrize("login", [login for login in PEOPLE if login != "office"])
async def test_to_others_these_pages_do_not_exist(door: Door, login: str) -> None:
    account = await door.account("office")
    async with door.browser(login) as browser, door.browser("office") as office:
        for path in ("/zugaenge", "/anmeldeprotokoll"):
            assert (await browser.get(path)).status == 404
        for deed in ("abmelden", "sperren", "zweiter-faktor"):
            assert (await browser.post(f"/zugaenge/{account.id}/{deed}", locked="yes")).status == 404
        assert await office.is_in()


async def test_what_happens_at_the_door_is_noted_without_secrets(door: Door) -> None:
    async with door.browser() as browser:
        await browser.log_in("anna", "ein falsches Kennwort")
        await browser.log_in("ein Kennwort im falschen Feld", "x")
        await browser.log_in("anna")
        await browser.post("/zugang/kennwort", password_old="falsch", password_new="y" * 12)
        await browser.post("/logout")
    assert await door.deeds() == [
        ("wrong_password", "anna"),
        ("wrong_password", ""),
        ("log_in", "anna"),
        ("log_out", "anna"),
    ]
    async with door.browser("office", **{"User-Agent": "Firefox/145.0 (Windows NT 10.0)"}) as office:
        page = (await office.get("/anmeldeprotokoll")).text
    for words in (
        "Falsches Kennwort",
        "unbekannter Benutzername",
        "Abmeldung",
        "127.0.0.0/24",
        "Firefox · Windows",
    ):
        assert words in page
    for secret in ("ein falsches Kennwort", "ein Kennwort im falschen Feld", PASSWORD, "127.0.0.1"):
        assert secret not in page


async def test_it_is_searched_and_turned_page_by_page(door: Door) -> None:
    account = await door.account("anna")
    async with door.db.write() as conn:
        for n in range(250):
            await access_log.write(conn, AccessEvent.LOG_OUT, account, door.clock() + timedelta(seconds=n))
        await access_log.write(conn, AccessEvent.LOCKED, account, door.clock(), done_by="office")
    async with door.browser("office") as office:
        first = (await office.get("/anmeldeprotokoll?q=ann")).text
        assert "251 Einträge" in first
        assert "Seite 1 von 3" in first
        last = (await office.get("/anmeldeprotokoll?q=ann&page=3")).text
        assert "Zugang gesperrt" in last
        assert "durch office" in last
        assert "1 Eintrag" in (await office.get("/anmeldeprotokoll?art=locked")).text
        for odd in ("page=0", "page=99999", "page=x", "art=nonsense", "q=%00%25", "page=-1"):
            assert (await office.get(f"/anmeldeprotokoll?{odd}")).status == 200, odd


async def test_it_has_its_time(door: Door) -> None:
    async with door.browser("anna"):
        pass
    keep = RetentionSettings(access_days=30)
    for days, left in ((29, 1), (31, 0)):
        await Retention(door.db, keep, lambda days=days: door.clock() + timedelta(days=days)).round()  # type: ignore[misc]
        assert len([one for one in await door.deeds() if one[0] == "log_in"]) == left
    assert [one[0] for one in await door.deeds()] == ["entries_forgotten"], "so the chain holds"


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_deed_has_its_words(locale: str) -> None:
    assert {f"access.deed.{deed}" for deed in AccessEvent} <= catalogue("portal", locale).keys()
