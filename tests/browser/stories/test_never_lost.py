"""Page, service and PBX end in the middle of a call: nothing that was typed is lost, nothing is done late.

What only a played server can do, to answer late or never or out of order, is in ../test_desk_certain.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from tests.browser.stories.secretariat import HANS, Secretariat
from tests.until import until

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]


def stored(secretariat: Secretariat, words: str) -> bool:
    """Whether the service has these words in a draft: asked of the database itself."""
    bodies = secretariat.house.ask("SELECT body FROM note_draft")
    return words in [json.loads(body)["concern"] for body in bodies]


async def test_a_reload_in_mid_sentence_keeps_each_letter(secretariat: Secretariat) -> None:
    anna = await secretariat.talking("anna")
    await anna.writes("Bittet um Rückruf wegen des Ange")
    await anna.page.reload()
    await anna.sees("#desk[data-phase=talking]")
    await anna.concern_becomes("Bittet um Rückruf wegen des Ange")
    await until(lambda: stored(secretariat, "Bittet um Rückruf wegen des Ange"), message="the draft")
    await anna.says("localStorage.clear()")  # as at another machine
    await anna.page.reload()
    await anna.concern_becomes("Bittet um Rückruf wegen des Ange")
    await secretariat.caller_talks_to("anna")


async def test_the_service_is_killed_in_mid_sentence_and_the_same_screen_is_back_with_it(
    secretariat: Secretariat, record_property: Callable[[str, object], None]
) -> None:
    anna = await secretariat.talking("anna", number=HANS)
    await anna.writes("Bittet um ")
    await anna.sees(".note-kept", "Entwurf gesichert")
    async with secretariat.killed():
        await anna.type("Rückruf weg")
        await anna.sees("desk-banner", "jeder getippte Buchstabe ist auf diesem Rechner gesichert")
        await anna.sees(".company-name", "Mustermann AG")
        await secretariat.caller_talks_to("anna")
    begun = time.monotonic()
    await anna.sees("#desk[data-connection=up][data-phase=talking]")
    record_property("seconds_until_the_screen_was_back", round(time.monotonic() - begun, 2))
    await anna.gone("desk-banner")
    await anna.concern_becomes("Bittet um Rückruf weg")
    await anna.type("en der Lieferung")
    await anna.concern_becomes("Bittet um Rückruf wegen der Lieferung")
    await until(lambda: stored(secretariat, "Bittet um Rückruf wegen der Lieferung"), message="the draft")
    await secretariat.caller_talks_to("anna")
    await anna.press("Escape", "1", "r")
    await secretariat.picks_up("Erika Beispiel")
    await anna.sees("[data-act=connect]")
    await anna.press("Space")
    await anna.sees(".steps", "Verbunden mit Erika Beispiel")
    await anna.press("Control+Enter")
    await anna.sees("desk-idle")
    assert "Rückruf wegen der Lieferung" in secretariat.house.ask("SELECT concern FROM call_note")[-1]


async def test_the_pbx_restarts_in_mid_call_and_the_banner_says_what_is_known(
    secretariat: Secretariat,
) -> None:
    anna = await secretariat.talking("anna")
    await anna.page.locator("[name=name]").fill("Sabine Krause")
    await anna.writes("Angebot, die Verbindung brach ab")
    async with secretariat.without_pbx():
        await anna.sees("desk-banner", "Die Telefonanlage antwortet nicht.")
        await anna.sees(".company-name", "Mustermann AG")
        await anna.concern_becomes("Angebot, die Verbindung brach ab")
    await anna.gone("desk-banner")
    await anna.sees("#desk[data-phase=ended]")
    await anna.concern_becomes("Angebot, die Verbindung brach ab")
    await anna.press("Control+Enter")
    await anna.sees("desk-idle")
    await secretariat.mail("die Verbindung brach ab")
    await anna.is_ready()
    await secretariat.call()
    await anna.picks_up()


async def test_a_key_pressed_while_the_service_is_away_is_refused_and_never_done_late(
    secretariat: Secretariat,
) -> None:
    ben = await secretariat.talking("ben")
    await ben.press("1")
    await ben.sees(".steps", "Erika Beispiel")
    rung = secretariat.far.phone(secretariat.extension("Erika Beispiel")).rings
    async with secretariat.killed():
        await ben.sees("desk-banner", "Ihr Gespräch läuft weiter")
        await ben.press("r")
        await ben.sees(".notice", "Rufen wurde nicht ausgeführt: keine Verbindung zum Server.")
    await ben.gone("desk-banner")
    await ben.press("h")
    await ben.sees(".company .chip[data-state=waiting]")  # a later key is done, so the earlier had its chance
    assert secretariat.far.phone(secretariat.extension("Erika Beispiel")).rings == rung
    await ben.press("Escape")
    await ben.sees("#desk[data-phase=talking]")
    await secretariat.caller_talks_to("ben")
