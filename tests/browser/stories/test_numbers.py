"""A caller is put through to a number that is in no list, by key and by mouse; the mail says to whom."""

from __future__ import annotations

import pytest

from tests.browser.stories.secretariat import Secretariat

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]
OUTSIDE, SHOWN = "493023125790", "030 23125790"


async def test_a_typed_number_is_asked_first_and_takes_the_caller(secretariat: Secretariat) -> None:
    far = secretariat.far
    await far.behave(OUTSIDE, "ring")
    anna = await secretariat.talking("anna")
    caller = secretariat.house.callers[-1]
    await anna.press("d")
    await anna.type("0900 1234567")
    await anna.press("Enter")
    await anna.sees(".notice", "diese Rufnummer darf nicht angerufen werden")
    await anna.press("d")
    await anna.page.locator("desk-numbers input").fill("")
    await anna.type("030 / 23125-790")
    await anna.page.locator("desk-numbers button:text('rufen')").click()
    await anna.sees("desk-transfer", SHOWN)
    await far.rang(OUTSIDE)
    await far.pick_up(OUTSIDE)
    await anna.sees(".bar[data-step=consulting]")
    await far.converse(anna.phone, OUTSIDE)
    await far.hears(caller, "music", among=(caller, anna.phone, OUTSIDE))
    await anna.press(" ")
    await anna.sees("#desk[data-phase=joined]")
    await anna.sees("desk-transfer", f"Durchgestellt an {SHOWN}")
    await anna.sees("desk-speech", f"{SHOWN} spricht mit dem Anrufer. Im Unternehmen weiß noch niemand davon")
    await far.converse(caller, OUTSIDE)
    await far.hang_up(caller)
    await far.over(OUTSIDE)


async def test_under_professional_secrecy_there_is_no_field(secretariat: Secretariat) -> None:
    anna = await secretariat.talking("anna", "Kanzlei Brandt & Weiß")
    await anna.gone("desk-numbers")
    await anna.press("d")
    assert await anna.says("document.activeElement.closest('desk-numbers')") is None
