"""Whole calls at the desk on the real PBX, told by what the person does.

States into which no PBX can be brought at will are played in ../test_desk_calls.py.
"""

from __future__ import annotations

import pytest

from tests.browser.stories.secretariat import HANS, Secretariat

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]


async def test_anna_answers_reads_the_greeting_and_puts_the_caller_through_without_the_mouse(
    secretariat: Secretariat,
) -> None:
    anna = await secretariat.ready("anna")
    await secretariat.call("Mustermann AG", HANS)
    await anna.sees(".say", "Herzlich Willkommen bei der Mustermann AG, mein Name ist Anna Keller.")
    await anna.picks_up()
    await anna.press("/")
    await anna.type("beisp")
    await anna.press("Enter", "r")
    await anna.sees(".steps [aria-current]", "Erika Beispiel klingelt")
    await secretariat.picks_up("Erika Beispiel")
    await anna.sees("[data-act=connect]")
    await anna.sees(".say", "In der Leitung ist Hans Müller.")
    await anna.press("Space")
    await anna.sees(".steps", "Verbunden mit Erika Beispiel")
    await secretariat.far.over(anna.phone)
    await anna.becomes("document.activeElement.name === 'concern'")
    await anna.type("Angebot über vierzig Regale")
    await anna.press("Control+Enter")
    await anna.sees("desk-idle")
    await anna.sees("desk-notes .row", "Hans Müller → Erika Beispiel")
    assert anna.strokes <= 12, f"{anna.strokes} keystrokes"
    await secretariat.caller_talks_to("Erika Beispiel")
    assert "Zu Ihnen durchgestellt" in await secretariat.mail("Wir haben Hans Müller")
    assert "@" not in await anna.page.content()


async def test_the_company_its_colour_and_the_greeting_are_there_before_the_phone_is_picked_up(
    secretariat: Secretariat,
) -> None:
    anna = await secretariat.ready("anna")
    await secretariat.call("Praxis Dr. Sommer")
    shown = await anna.rings()
    assert shown.shown_name == "Praxis Dr. Sommer"
    await anna.sees(".company .chip[data-state=ringing]", "klingelt")
    await anna.sees(".company-name", "Praxis Dr. Sommer")
    await anna.sees(".spoken", "Praxis Doktor Sommer")
    await anna.sees(".secret", "Berufsgeheimnis")
    await anna.sees(".say", "Praxis Dr. Sommer, guten Tag, Sie sprechen mit Anna Keller.")
    await anna.sees("#desk[data-hue='4']")
    assert await anna.page.title() == "klingelt: Praxis Dr. Sommer"
    await anna.picks_up()
    await anna.sees("#desk[data-hue='4'] .company-name", "Praxis Dr. Sommer")
    await anna.sees(".hint", "Für dieses Unternehmen wird nicht durchgestellt.")


async def test_ben_rings_an_employee_while_he_talks_and_switches_over_with_one_key(
    secretariat: Secretariat,
) -> None:
    ben = await secretariat.talking("ben")
    await ben.press("1", "Shift+R")
    await ben.sees(".steps [aria-current]", "Erika Beispiel klingelt")
    await ben.sees(".company .chip[data-state=talking]")  # the caller does not wait
    await secretariat.picks_up("Erika Beispiel")
    await ben.sees("[data-act=switch]", "Sprechen")
    await ben.sees(".company .chip[data-state=talking]")
    await ben.press("Space")
    await ben.sees(".company .chip[data-state=waiting]")
    await ben.sees("[data-act=connect]")
    await ben.press("Space")
    await ben.sees(".steps", "Verbunden mit Erika Beispiel")
    await secretariat.far.over(ben.phone)
    await secretariat.caller_talks_to("Erika Beispiel")
    assert ben.strokes == 4


async def test_the_deputy_is_rung_by_itself_and_the_screen_says_who_was_not_reached(
    secretariat: Secretariat,
) -> None:
    await secretariat.is_busy("Erika Beispiel")
    anna = await secretariat.talking("anna")
    await anna.press("1")
    await anna.sees(".steps", "Vertretung Jens Meier")  # the whole way before she walks it
    await anna.press("r")
    await anna.sees(".steps", "Erika Beispiel: besetzt")
    await anna.sees(".steps [aria-current]", "Jens Meier klingelt")
    await secretariat.rings("Jens Meier")
    await secretariat.far.reject(secretariat.extension("Jens Meier"))
    await anna.sees(".say", "Erika Beispiel und Jens Meier sind im Moment leider nicht zu erreichen.")
    await anna.sees("#desk[data-phase=talking]")
    await secretariat.caller_talks_to("anna")


async def test_anna_breaks_off_and_has_the_caller_back(secretariat: Secretariat) -> None:
    anna = await secretariat.talking("anna")
    await anna.press("1", "r")
    await anna.sees(".steps [aria-current]", "Erika Beispiel klingelt")
    await secretariat.rings("Erika Beispiel")
    await anna.sees(".company .chip[data-state=waiting]")
    await anna.press("Escape")
    await secretariat.far.over(secretariat.extension("Erika Beispiel"))
    await anna.sees("#desk[data-phase=talking]")
    await anna.sees(".company .chip[data-state=talking]")
    await anna.sees("desk-speech .say", "Erika Beispiel ist im Moment leider nicht zu erreichen.")
    await secretariat.caller_talks_to("anna")


async def test_a_promised_call_back_is_understood_and_stands_in_the_mail(secretariat: Secretariat) -> None:
    anna = await secretariat.talking("anna")
    await secretariat.house.hang_up()
    await anna.sees("#desk[data-phase=ended]")
    await anna.page.locator("[name=name]").fill("Sabine Krause")
    await anna.page.locator("[name=concern]").fill("Fragt nach der Lieferung 4711.")
    await anna.page.locator("[name=callback_by]").focus()
    await anna.type("ruft morgen 14 Uhr zurück")
    await anna.sees("[data-name=callback_by] .field-reading", "14:00 Uhr")
    await anna.press("Control+Enter")
    await anna.sees("desk-idle")
    await anna.sees("desk-notes .row", "Sabine Krause")
    assert "14:00 Uhr" in await secretariat.mail("Lieferung 4711.")
    await anna.press("l")
    await anna.sees(".note-versions li", "Anna Keller: Fragt nach der Lieferung 4711.")
    await anna.page.locator("[name=concern]").fill("Fragt nach der Lieferung 4712.")
    await anna.press("Control+Enter")
    await anna.sees(".notice", "Die Berichtigung ist unterwegs.")
    assert "Berichtigung" in await secretariat.mail("Lieferung 4712.")
