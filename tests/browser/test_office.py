"""Every page of the operator's office, full and empty: for everybody, for a thumb, in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from sqlalchemy import select

from pbx_bridge.storage import tables
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import teams
from rules.model import Answering
from tests.browser.portal.fixtures import PHONE, WIDE
from tests.browser.test_portal_for_everybody import SMALL
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite, office_site
from tests.unit.admin.test_start import everything
from tests.unit.portal.serving import serving

pytestmark = pytest.mark.browser

PAGES = (
    "/admin",
    "/admin/zustellungen?art=all",
    "/admin/zustellungen/{message}",
    "/admin/anrufe?art=unnoted",
    "/admin/anrufe?art=untold",
    "/admin/rueckrufe?art=all",
    "/admin/rueckrufe/{back}",
    "/admin/technik",
    "/admin/anrufsuche?von=2026-11-01T00:00",
    "/admin/anrufsuche?von=gestern&nummer=x",
    "/admin/anrufsuche/{call}",
    "/admin/berichte?by=day&period=month",
    "/admin/berichte?by=company&period=custom&first=x&firma=x",
    "/admin/unternehmen",
    "/admin/unternehmen/{company}",
    "/admin/unternehmen/{company}/bearbeiten",
    "/admin/unternehmen/{company}/korrekturen",
    "/admin/unternehmen/{company}/person",
    "/admin/unternehmen/{company}/aufbewahrung",
    "/admin/unternehmen/{company}/niemand-frei",
    "/admin/unternehmen/{company}/abfragefelder",
    "/admin/unternehmen/{company}/abfragefelder/art",
    "/admin/unternehmen/{company}/abfragefelder/neu",
    "/admin/unternehmen/{company}/stand?zu=ended",
    "/admin/unternehmen/{company}/tarif",
    "/admin/unternehmen/neu",
    "/admin/agenten",
    "/admin/agenten/neu",
    "/admin/agenten/{agent}",
    "/admin/agenten/{agent}/telefon",
    "/admin/feiertage?land=BY&jahr=2027",
    "/admin/feiertage/neu",
    "/admin/pausengruende",
    "/admin/pausengruende/neu",
    "/admin/pausengruende/lunch",
    "/admin/agenten/{agent}/anrufe",
    "/admin/unternehmen/{company}/annahme",
    "/admin/unternehmen/{company}/berufsgeheimnis",
    "/admin/rufnummern",
    "/admin/rufnummern/neu",
    "/admin/rufnummern/{line}",
    "/admin/teams",
    "/admin/teams/neu",
    "/admin/teams/{team}",
    "/admin/teams/{team}/bearbeiten",
    "/admin/tarife",
    "/admin/tarife/{tariff}",
    "/admin/tarife/{tariff}/neu",
    "/admin/loeschprotokoll",
    "/admin/auftragsverarbeitung",
    "/admin/tarife/{tariff}/bearbeiten",
    "/admin/tarife/neu",
)

TEAM = "north"


async def opened(browser: Browser, office: OfficeSite, login: str, phone: bool) -> Page:
    context = await browser.new_context(viewport=PHONE if phone else WIDE)  # type: ignore[arg-type]
    await context.add_cookies([{"name": "session", "value": office.tokens[login], "url": office.address}])
    return await context.new_page()


async def wrong_with(page: Page, *, phone: bool) -> list[object]:
    """What keeps somebody out, is wider than the window, or too low for a thumb."""
    found: list[object] = [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in (await Axe().run(page)).response["violations"]
    ]
    over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found += [f"{over} px too wide"] if over > 0 else []
    return [*found, *(await page.evaluate(SMALL))] if phone else found


async def test_nobody_is_kept_out(browser: Browser, sqlite_db: Database) -> None:
    async with office_site(sqlite_db) as office:
        english = await opened(browser, office, "english", phone=False)
        wrong = {}
        for path in (
            "/admin",
            "/admin/zustellungen",
            "/admin/anrufe",
            "/admin/rueckrufe",
            "/admin/anrufsuche",
            "/admin/berichte",
        ):
            await english.goto(office.address + path)
            wrong[f"{path}, empty"] = await wrong_with(english, phone=False)
        message = (await everything(office))["address"].id
        call = (await call_often(sqlite_db, office.house, NOW, 5))[0]
        phone = await opened(browser, office, "office", phone=True)
        async with sqlite_db.write() as conn:
            await teams.insert(conn, TEAM, "Team Nord")
            await teams.set_members(conn, TEAM, [office.house.anna])
            await teams.set_answering(conn, office.house.customer_id, Answering(TEAM, 20))
            tariff = (await conn.execute(select(tables.tariff.c.id))).scalar_one()
            back = (await conn.execute(select(tables.call_back.c.id))).scalars().first()
            line = (await conn.execute(select(tables.line.c.id))).scalars().first()
        for page in PAGES:
            house = office.house
            ids = {"company": house.customer_id, "agent": house.anna, "tariff": tariff, "team": TEAM}
            path = page.format(**ids, message=message, call=call, line=line, back=back)
            await phone.goto(office.address + path)
            wrong[path] = await wrong_with(phone, phone=True)
    assert {path: found for path, found in wrong.items() if found} == {}


async def test_a_customers_view_says_whose_eyes_these_are(browser: Browser, sqlite_db: Database) -> None:
    async with serving(sqlite_db) as served:
        token = await served.cookie(Role.OPERATOR)
        async with sqlite_db.write() as conn:
            await conn.execute(tables.session.update().values(viewed_id=served.house.customer_id))
            await conn.execute(tables.customer.update().values(service="suspended"))
        context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        await context.add_cookies([{"name": "session", "value": token, "url": served.address}])
        page = await context.new_page()
        await page.goto(f"{served.address}/portal/mitarbeiter")
        assert await page.get_by_role("button", name="Zurück zum Betrieb").is_visible()
        assert await page.get_by_text("Ansicht des Kunden: Mustermann AG").is_visible()
        assert await wrong_with(page, phone=True) == []
