"""Every form of the portal is saved with the button that stands there, by mouse and by thumb."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal
from tests.browser.test_portal_for_everybody import PAGES

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
FORMS = "form[data-form]"
FIELDS = ':is(input:not([type="hidden"], [type="file"]), textarea, select):not(:disabled)'
CHOOSE = """one => {
  one.selectedIndex = one.selectedIndex ? 0 : 1;
  one.dispatchEvent(new Event("change", {bubbles: true}));
}"""
ON_TOP = """one => {
  one.scrollIntoView({block: "nearest"});
  const box = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


async def _changes(field: Locator) -> None:
    """Something else than what stands there, as somebody would do it."""
    kind = await field.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
    if kind in ("checkbox", "radio"):
        await field.evaluate("one => (one.closest('label') ?? one).scrollIntoView()")
        await field.click(force=True)
    elif kind == "select":
        await field.evaluate(CHOOSE)
    else:
        texts = {"date": "2027-01-02", "time": "07:35", "number": "21", "email": "neu@example.org"}
        await field.fill({**texts, "url": "https://kalender.example/neu.ics"}.get(kind, "Neues"))


@pytest.mark.parametrize("hand", ["mouse", "thumb"])
async def test_what_was_changed_can_be_saved(open_portal: OpenPortal, hand: str) -> None:
    touch = {"viewport": PHONE, "has_touch": True} if hand == "thumb" else {}
    visitor = await open_portal("/portal", **touch)
    house, page, pressed = visitor.served.house, visitor.page, 0
    for path in PAGES:
        where = path.format(erika=house.erika, jens=house.jens)
        await visitor.opens(where)
        for number in range(await page.locator(f"{FORMS}:visible").count()):
            await visitor.opens(where)
            form = page.locator(f"{FORMS}:visible").nth(number)
            fields = form.locator(FIELDS)
            seen = [one for one in await fields.all() if await one.is_visible()]
            if not seen:
                continue
            await _changes(seen[0])
            save = form.locator(".save-bar button[type=submit]").first
            await save.wait_for(state="visible", timeout=30_000)
            assert await save.evaluate(ON_TOP), f"{where}: something lies over the button"
            async with page.expect_request(lambda sent: sent.method == "POST", timeout=30_000):
                await (save.tap() if hand == "thumb" else save.click())
            await page.wait_for_load_state()
            pressed += 1
    assert pressed >= 8
