"""An agent who prefers English says so in the sheet of keys, and the same call is there in English."""

from __future__ import annotations

import pytest
from playwright.async_api import Route

from tests.browser.conftest import OpenDesk
from tests.desk_face import scenes

pytestmark = pytest.mark.browser


async def test_the_desk_changes_its_language_in_mid_call_and_keeps_every_letter(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    sent: list[str] = []

    async def take(route: Route) -> None:
        sent.append(route.request.post_data or "")
        desk.stage.locale = "en"
        await route.fulfill(status=303, headers={"Location": desk.address})

    await desk.page.route("**/desk/language", take)
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Angebot")
    await desk.press("Escape", "?")
    await desk.page.select_option("#language", "en")
    await desk.sees(".company .chip", "on the line")
    assert "locale=en" in sent[0]
    await desk.becomes("document.querySelector('[name=concern]').value === 'Angebot'")
