"""Dashboard: how today stands, and the way to the rest."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser


async def test_today_first_then_the_last_calls(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal")
    await visitor.sees(".today", "Heute noch kein Anruf.")
    await visitor.sees(".nothing", "Hier stehen Ihre letzten Anrufe")
    await call_often(visitor.served.db, visitor.served.house, NOW)
    await visitor.opens("/portal")
    await visitor.sees(".today", "6 Anrufe heute, zuletzt 09:40 Uhr.")
    await visitor.page.locator("[data-calls] .name a").first.click()
    await visitor.sees(".opened", "Angebot 4711, er nimmt es an.")
    await visitor.clicks("2 Angaben fehlen noch, damit Anrufe richtig ankommen.")
    await visitor.sees("h1", "Vollständigkeit")


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_nobody_is_kept_out(open_portal: OpenPortal, locale: str) -> None:
    visitor = await open_portal("/portal", locale=locale)
    await visitor.axe("without calls")
    await call_often(visitor.served.db, visitor.served.house, NOW)
    await visitor.opens("/portal")
    await visitor.axe("with calls")
    await visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await visitor.axe("on a phone")
