"""Every page of the portal in every state it can be in: for everybody, for a thumb, in both languages."""

from __future__ import annotations

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from tests.browser.portal.fixtures import PHONE, OpenPortal, Visitor, open_portal
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW
from tests.stuck_messages import all_kinds

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("locale", ["de", "en"])

SMALL = """() => [...document.querySelectorAll(":is(main, .top) :is(a, button, input, select, textarea)")]
  .concat(...document.querySelectorAll("main summary"))
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest("label.tick, .segments"))
  .map((one) => [one.outerHTML.slice(0, 100), one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 1 && box.height < 43.5).map(([html, box]) => `${box.height} ${html}`)"""
"""What is lower than a thumb; boxes to tick and choices have a label around them that is not."""

PAGES = (
    "/portal",
    "/portal/unternehmen",
    "/portal/mitarbeiter",
    "/portal/mitarbeiter/neu",
    "/portal/mitarbeiter/{erika}",
    "/portal/mitarbeiter/{jens}/loeschen",
    "/portal/mitarbeiter/import",
    "/portal/subaccounts",
    "/portal/abwesenheitsinfo",
    "/portal/termine",
    "/portal/termine/monat",
    "/portal/termine/neu",
    "/portal/kalender",
    "/portal/vip-kunden",
    "/portal/vip-kunden/neu",
    "/portal/vip-kunden/import",
    "/portal/gesperrte-rufnummern",
    "/portal/gesperrte-rufnummern/neu",
    "/portal/faq",
    "/portal/faq/neu",
    "/portal/statistik?period=week",
    "/portal/statistik/nicht-zugestellt",
    "/portal/abrechnung",
    "/portal/vollstaendigkeit",
    "/portal/letzte-aenderungen",
    "/portal/probeanruf",
    "/zugang",
    "/zugang/zweiter-faktor",
)
WIDTHS = (320, 360, 640, 810, 1001, 1280, 1920)
EMPTY = (
    "/portal/mitarbeiter",
    "/portal/abwesenheitsinfo",
    "/portal/termine",
    "/portal/kalender",
    "/portal/vip-kunden",
    "/portal/gesperrte-rufnummern",
    "/portal/faq",
    "/portal/statistik?period=week",
    "/portal/abrechnung",
    "/portal/vollstaendigkeit",
    "/portal/probeanruf",
)


async def thumb(visitor: Visitor, where: str) -> None:
    """Nothing is too low for a thumb."""
    assert await visitor.page.evaluate(SMALL) == [], where


async def everybody(visitor: Visitor, where: str) -> None:
    """Nothing keeps anybody out, nothing is wider than the window or too low for a thumb."""
    await visitor.axe(where)
    await thumb(visitor, where)


@BOTH
async def test_every_page_with_all_that_stands_on_it(open_portal: OpenPortal, locale: str) -> None:
    phone = await open_portal("/portal/faq", locale=locale, viewport=PHONE)
    house = phone.served.house
    for path in PAGES:
        await phone.opens(path.format(erika=house.erika, jens=house.jens))
        await everybody(phone, path)


async def test_every_page_fits_a_thumb_and_windows_of_any_width(open_portal: OpenPortal) -> None:
    """Also with texts that cannot be broken, and at 400 %, which makes 320 px of 1280."""
    phone = await open_portal("/portal/faq", viewport=PHONE)
    house = phone.served.house
    await call_often(phone.served.db, house, NOW, 20)
    long = {
        "given_name": "A" * 59,
        "family_name": "B" * 59,
        "position": "P" * 119,
        "responsibility": "R" * 199,
    }
    row = {"id": new_id(), "customer_id": house.customer_id, "name": "A" * 59 + " " + "B" * 59} | long
    async with phone.served.db.write() as conn:
        await insert_all(conn, t.employee, [row | {"absence_info": "Z" * 900, "put_through": "all"}])
    for path in PAGES:
        await phone.opens(path.format(erika=house.erika, jens=house.jens))
        await thumb(phone, path)
        for width in WIDTHS:
            await phone.page.set_viewport_size({"width": width, "height": 700})
            over = await phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{path}: {over} px too wide at {width}"
        await phone.page.set_viewport_size({"width": 360, "height": 740})


@BOTH
async def test_every_page_of_a_company_that_begins(
    open_portal: OpenPortal, sqlite_db: Database, locale: str
) -> None:
    phone = await open_portal("/portal/faq", locale=locale, viewport=PHONE)
    async with sqlite_db.write() as conn:
        await conn.execute(t.employee.update().values(deputy_id=None))
        for table in (t.appointment, t.employee_cc, t.vip_caller, t.faq_entry, t.employee, t.line):
            await conn.execute(table.delete())
    for path in EMPTY:
        await phone.opens(path)
        await everybody(phone, path)


@BOTH
async def test_whatever_opens_on_a_page(open_portal: OpenPortal, locale: str) -> None:
    phone = await open_portal("/portal/faq", locale=locale, viewport=PHONE)
    for deed in (calls_open, calendars, choices, mutual, leaving, faults, overtaken, no_put_through):
        await deed(phone)
        await everybody(phone, deed.__name__)


async def calls_open(visitor: Visitor) -> None:
    """Two calls in full below their rows, and every chart as a table."""
    await call_often(visitor.served.db, visitor.served.house, NOW, 20)
    await visitor.opens("/portal/statistik?period=month")
    for at in range(2):
        await visitor.page.locator("[data-calls] .name a").nth(at).click()
    await visitor.page.locator(".opened").nth(1).wait_for()
    await visitor.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


async def calendars(visitor: Visitor) -> None:
    """An address for the calendar program just made; another one refused."""
    await visitor.opens("/portal/kalender")
    await visitor.page.locator("form[action$=adresse] button").first.click()
    await visitor.sees("#address")
    await everybody(visitor, "an address")
    erika = visitor.served.house.erika
    await visitor.page.locator(f"#url-{erika}").fill("gar keine Adresse")
    await visitor.page.locator(f"#url-{erika}").press("Enter")
    await visitor.sees(".fault")


async def choices(visitor: Visitor) -> None:
    """What can be done with an employee."""
    await visitor.opens("/portal/mitarbeiter")
    await visitor.page.locator(".deeds summary").first.click()
    await visitor.sees(".deeds a")


async def mutual(visitor: Visitor) -> None:
    """Each other's deputies."""
    house = visitor.served.house
    hers = t.employee.update().where(t.employee.c.id == house.jens).values(deputy_id=house.erika)
    async with visitor.served.db.write() as conn:
        await conn.execute(hers)
    await visitor.opens(f"/portal/mitarbeiter/{house.erika}")
    await visitor.sees(".note")


async def leaving(visitor: Visitor) -> None:
    """Before somebody goes who is still counted on."""
    await visitor.opens(f"/portal/mitarbeiter/{visitor.served.house.erika}/loeschen")
    await visitor.sees(".is-warning")


async def faults(visitor: Visitor) -> None:
    """A form with a mistake wherever there can be one."""
    await visitor.opens("/portal/mitarbeiter/neu")
    await visitor.page.evaluate(
        "document.querySelectorAll('details.fold').forEach(one => { one.open = true; })"
    )
    for name in ("name", "email", "cc", "mobile", "hours", "extension", "ring_seconds"):
        await visitor.page.locator(f"#{name}").fill("[@")
    await visitor.page.locator(".save-bar .is-primary").click()
    await visitor.sees("#ring_seconds-fault")


async def overtaken(visitor: Visitor) -> None:
    """Somebody else was faster."""
    await visitor.opens("/portal/unternehmen")
    async with visitor.served.db.write() as conn:
        await conn.execute(t.customer.update().values(instruction="Von jemand anderem."))
    await visitor.page.locator("#instruction").fill("Von mir.")
    await visitor.page.locator(".save-bar .is-primary").click()
    await visitor.sees(".theirs")


async def no_put_through(visitor: Visitor) -> None:
    """A tariff without it."""
    async with visitor.served.db.write() as conn:
        await conn.execute(t.tariff.update().values(put_through=False))
    await visitor.opens(f"/portal/mitarbeiter/{visitor.served.house.erika}")


@BOTH
async def test_a_session_that_ends_while_somebody_types(open_portal: OpenPortal, locale: str) -> None:
    language = {"Accept-Language": locale}
    phone = await open_portal("/portal/faq/neu", locale=locale, viewport=PHONE, extra_http_headers=language)
    await phone.page.locator("#question").fill("Wo?")
    await phone.page.context.clear_cookies()
    await phone.page.locator(".save-bar .is-primary").click()
    await phone.sees("[name=password]")
    await everybody(phone, "log-in")
    phone.faults.clear()  # the browser names the 401 that we wanted


@BOTH
async def test_a_page_from_an_earlier_log_in_is_sent_with_one_more_click(
    open_portal: OpenPortal, locale: str
) -> None:
    phone = await open_portal("/portal/faq/neu", locale=locale, viewport=PHONE)
    for name in ("question", "answer"):
        await phone.page.locator(f"#{name}").fill("Wo?\nHier." if name == "answer" else "Wo?")
    await phone.page.evaluate("document.querySelector('main [name=csrf]').value = 'of yesterday'")
    await phone.page.locator(".save-bar .is-primary").click()
    await phone.sees("main form .is-primary")
    await everybody(phone, "once more")
    await phone.page.keyboard.press("Enter")
    await phone.sees("[data-flash]")
    assert [entry.answer for entry in (await phone.served.company()).faq][-1] == "Wo?\nHier."
    phone.faults.clear()  # the browser names the 403 that we wanted


@BOTH
async def test_messages_that_did_not_arrive(open_portal: OpenPortal, locale: str) -> None:
    """The page itself, the start page that leads there, at any width."""
    path = "/portal/statistik/nicht-zugestellt"
    visitor = await open_portal("/portal/faq", locale=locale, viewport=PHONE)
    await all_kinds(visitor.served.db, visitor.served.house)
    for where in (path, "/portal"):
        for width in WIDTHS:
            await visitor.page.set_viewport_size({"width": width, "height": 740})
            await visitor.opens(where)
            over = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{where}: {over} px too wide at {width}"
        await visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        await visitor.opens(where)
        await everybody(visitor, where)
    await visitor.page.locator(f'a[href="{path}"]').first.click()
    assert visitor.page.url.endswith(path)
