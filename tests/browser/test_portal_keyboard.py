"""Every page with the keyboard alone: all that can be used is reached, in its order, and is seen to be."""

from __future__ import annotations

import pytest

from pbx_bridge.storage.access.accounts import Role
from tests.browser.portal.fixtures import PHONE, OpenPortal, Visitor, open_portal
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
MOST_TABS = 120
USABLE = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const radios = new Set();
  return [...document.querySelectorAll(`main :is(${all})`)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
    .filter((one) => one.type !== "radio" || (!radios.has(one.name) && radios.add(one.name)))
    .forEach((one, at) => { one.dataset.stop = one.type === "radio" ? one.name : at; });
}"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return [one.closest("main") ? one.outerHTML.slice(0, 100) : "", one.dataset.stop ?? "", seen];
}"""


async def tabs_through(visitor: Visitor, where: str) -> None:
    """Tab from the top to the last thing of the page, meeting everything once."""
    page = visitor.page
    await page.evaluate(USABLE)
    wanted = await page.locator("main [data-stop]").evaluate_all("all => all.map(one => one.dataset.stop)")
    await page.evaluate("document.activeElement.blur()")
    met: list[str] = []
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        html, stop, seen = await page.evaluate(FOCUSED)
        if met and not html:
            break
        if html:
            assert seen, f"{where}: nobody sees the focus on {html}"
        if stop and stop not in met:
            met.append(stop)
    assert met == wanted, f"{where}: {set(wanted) - set(met)}"


@pytest.mark.parametrize(
    "path",
    [
        "/portal",
        "/portal/unternehmen",
        "/portal/mitarbeiter",
        "/portal/mitarbeiter/neu",
        "/portal/mitarbeiter/import",
        "/portal/subaccounts",
        "/portal/termine",
        "/portal/termine/neu",
        "/portal/kalender",
        "/portal/vip-kunden",
        "/portal/vip-kunden/neu",
        "/portal/vip-kunden/import",
        "/zugang",
        "/zugang/zweiter-faktor",
    ],
)
async def test_everything_on_a_page_is_reached_in_its_order(open_portal: OpenPortal, path: str) -> None:
    visitor = await open_portal("/portal/faq")
    if path == "/portal":
        await call_often(visitor.served.db, visitor.served.house, NOW)
    await visitor.opens(path)
    await tabs_through(visitor, path)


async def test_the_first_tab_skips_the_navigation(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal/faq")
    await visitor.opens("/portal")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Tab")
    assert await visitor.page.evaluate("Boolean(document.activeElement.closest('main'))")


async def test_a_call_of_the_dashboard_is_opened(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal/faq")
    await call_often(visitor.served.db, visitor.served.house, NOW)
    await visitor.opens("/portal")
    await visitor.page.locator("[data-calls] .name a").first.focus()
    await visitor.page.keyboard.press("Enter")
    await visitor.sees(".opened", "Angebot 4711, er nimmt es an.")


async def test_a_vip_is_entered(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal/vip-kunden/neu")
    keys = visitor.page.keyboard
    for name, text in (("pattern", "0171 3920011"), ("name", "Hans Müller")):
        await visitor.page.locator(f"#{name}").focus()
        await keys.type(text)
    await keys.press("Enter")
    await visitor.sees("[data-flash]")
    await visitor.sees(".list", "+49 171 3920011")


async def test_an_employee_is_invited(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal/subaccounts")
    keys = visitor.page.keyboard
    await visitor.page.get_by_label("Wen einladen?").focus()
    await keys.type("Beispiel")
    await keys.press("Tab")
    await keys.press("Enter")
    await visitor.sees("[data-flash], .flash", "Die Einladung ist unterwegs.")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
async def test_a_subaccount_s_pages(open_portal: OpenPortal, locale: str, viewport: dict[str, int]) -> None:
    visitor = await open_portal("/portal", role=Role.SUBACCOUNT, locale=locale, viewport=viewport)
    for path in ("/portal", "/portal/abwesenheitsinfo", "/portal/termine", "/portal/termine/neu"):
        await visitor.opens(path)
        await visitor.axe(path)
        await tabs_through(visitor, path)
