"""An agent takes a caller out of the waiting list, by key and by mouse."""

from __future__ import annotations

import pytest

from tests.browser.stories.secretariat import HANS, Secretariat

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]


async def test_the_second_in_line_is_taken_by_key_and_the_third_by_mouse(secretariat: Secretariat) -> None:
    anna = await secretariat.ready("anna")
    first = await secretariat.call("Mustermann AG")
    await anna.rings()
    second = await secretariat.call("Kanzlei Brandt & Weiß")
    await anna.sees("desk-waiting .row:nth-child(2) .pick")
    await anna.press("a")
    assert await anna.says("document.activeElement.getAttribute('aria-label')") == (
        "Kanzlei Brandt & Weiß: diesen Anruf holen"
    )
    await anna.press("Enter")
    await anna.sees(".company-name", "Kanzlei Brandt & Weiß")
    await anna.sees("desk-waiting .pick-by", "Anna Keller holt diesen Anruf")
    await anna.rings()
    await secretariat.far.pick_up(anna.phone)
    await anna.sees("#desk[data-phase=talking]")
    await secretariat.far.converse(second, anna.phone)
    await anna.sees("desk-waiting .row", "Mustermann AG")
    await anna.writes("Aus der Warteliste, a wie Anton")
    await anna.concern_becomes("Aus der Warteliste, a wie Anton")
    await secretariat.far.hears(first, "music", among=(first, second, anna.phone))

    await secretariat.far.hang_up(second)
    await anna.press("Escape")
    third = await secretariat.call("Praxis Dr. Sommer", HANS)
    button = anna.page.get_by_role("button", name="Praxis Dr. Sommer: diesen Anruf holen")
    await button.click()
    await anna.sees(".company-name", "Praxis Dr. Sommer")
    await secretariat.far.rang(anna.phone)
    await secretariat.far.pick_up(anna.phone)
    await anna.sees("#desk[data-phase=talking]")
    await secretariat.far.converse(third, anna.phone)
