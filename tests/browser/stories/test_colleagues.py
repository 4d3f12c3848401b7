"""An agent asks a colleague by key, and hands the call over; another time at once, by mouse."""

from __future__ import annotations

import pytest

from tests.browser.stories.secretariat import HANS, Secretariat

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]


async def test_a_colleague_is_asked_by_key_and_gets_the_call_with_every_letter(
    secretariat: Secretariat,
) -> None:
    anna = await secretariat.talking("anna", number=HANS)
    caller = secretariat.house.callers[-1]
    await anna.sees("desk-colleagues", "Niemand ist frei.")
    await anna.writes("Es geht um Rechnung 4711")
    ben = await secretariat.ready("ben")
    await anna.sees("desk-colleagues .row", "frei")
    await anna.press("Escape", "c")
    assert await anna.says("document.activeElement.getAttribute('aria-label')") == (
        "Ben Vogt fragen, Anrufer hört Musik"
    )
    await anna.press("Enter")
    await ben.sees("#desk[data-phase=asked]")
    await ben.sees(".company-name", "Mustermann AG")
    await ben.sees("desk-speech", "Anna Keller fragt an.")
    await secretariat.far.rang(ben.phone)
    await anna.sees("desk-colleagues .row", "wird gerufen")
    await secretariat.far.hears(caller, "music", among=(caller, anna.phone, ben.phone))
    await secretariat.far.pick_up(ben.phone)
    await anna.sees("desk-transfer .steps", "Rücksprache mit Ben Vogt")
    await secretariat.far.converse(anna.phone, ben.phone)
    await anna.press("Space")
    await ben.sees("#desk[data-phase=talking]")
    await secretariat.far.converse(caller, ben.phone)
    await ben.concern_becomes("Es geht um Rechnung 4711")
    await anna.sees("#desk[data-phase=idle]")
    await anna.sees("desk-notices", "Ben Vogt hat diesen Anruf übernommen.")
    await anna.gone("desk-colleagues")


async def test_handed_over_at_once_in_vain_the_agent_reads_why(secretariat: Secretariat) -> None:
    ben = await secretariat.agent("ben")
    anna = await secretariat.talking("anna")
    caller = secretariat.house.callers[-1]
    await ben.is_ready()
    await secretariat.far.behave(ben.phone, "busy")
    button = anna.page.get_by_role("button", name="Anruf an Ben Vogt übergeben")
    await button.click()
    await anna.sees(
        "desk-notices", "Ben Vogt hat gerade einen anderen Anruf. Sie sprechen wieder mit dem Anrufer."
    )
    await anna.sees("#desk[data-phase=talking]")
    await secretariat.far.converse(caller, anna.phone)
    await ben.sees("#desk[data-phase=idle]")
    await secretariat.far.behave(ben.phone, "ring")
    await button.click()
    await ben.sees("desk-speech", "Anna Keller übergibt Ihnen diesen Anruf.")
    await secretariat.far.rang(ben.phone)
    await anna.sees("desk-transfer .steps", "Ben Vogt klingelt und übernimmt")
    await secretariat.far.pick_up(ben.phone)
    await ben.sees("#desk[data-phase=talking]")
    await secretariat.far.converse(caller, ben.phone)
