"""A house that grows: nothing but pages and telephones, no file, no restart, no look into a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from pbx_bridge.asterisk.ports import free_port
from tests.browser.stories.people import AtForms
from tests.browser.stories.secretariat import STRANGER, Secretariat
from tests.pbx.raw_sip import raw_sip
from tests.pbx.sip_message import rings
from tests.until import eventually, until

pytestmark = [pytest.mark.browser, pytest.mark.asterisk]

COMPANY, TARIFF = "Mustermann Logistik GmbH", "Annahme"
LINE, CONTACT, CENTRAL = "+49 30 23125400", "petra.lange@logistik.example", "lager@logistik.example"
CLARA = "clara.roth@sekretariat.example"
PASSWORD = "drei Birnen am alten Baum"
ELSEWHERE = "127.0.0.2"
"""Where a telephone is that nobody takes for the trunk."""
HEARD = 20_000  # bytes of a recording: a word


async def prices_are_made(office: AtForms) -> None:
    """A tariff in which a call costs 1.50 EUR from today on."""
    await office.follows("Tarife")
    await office.follows("Neuer Tarif")
    await office.fills(name=TARIFF)
    await office.presses("Speichern")
    await office.is_told("Legen Sie jetzt seine Preise fest.")
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    await office.fills(first_day=today.isoformat(), call_micros="1,50")
    await office.presses("Speichern")
    await office.sees("dl", "1,50 €")


async def company_is_signed(office: AtForms) -> None:
    """With a new number of the pool, which the empty form offers by itself; and it goes live."""
    await office.follows("Rufnummern")
    await office.follows("Rufnummern aufnehmen")
    await office.fills(numbers=LINE)
    await office.presses("Aufnehmen")
    await office.sees("h1", LINE)
    await office.follows("Unternehmen")
    await office.follows("Neues Unternehmen")
    await expect(office.page.locator("[name=line]")).to_have_value(LINE)
    await office.fills(name=COMPANY, contact="Petra Lange", contact_email=CONTACT, default_email=CENTRAL)
    await office.page.select_option("[name=tariff]", label=TARIFF)
    await office.presses("Anlegen")
    await office.is_told("die Einladung geht hinaus")
    await office.follows("Freigeben")
    await office.presses("Freigeben")
    await office.sees("#service", "freigegeben")


async def test_a_company_from_the_empty_form_to_its_first_call_note_and_line_of_the_statement(
    secretariat: Secretariat,
) -> None:
    anna = await secretariat.ready("anna")
    office = await secretariat.operator()
    await prices_are_made(office)
    await company_is_signed(office)
    customer = await secretariat.invited(CONTACT, PASSWORD)
    await customer.follows("Vollständigkeit")
    await customer.sees(".target", LINE)

    caller = await secretariat.far.call(LINE.replace(" ", "").lstrip("+"), STRANGER)
    secretariat.house.callers.append(caller)
    assert (await anna.rings()).shown_name == COMPANY
    await anna.sees(".say", f"{COMPANY}, guten Tag, mein Name ist Anna Keller.")
    await anna.picks_up()
    await secretariat.caller_talks_to("anna")
    await anna.writes("Zwölf Paletten stehen an der falschen Rampe.")
    await anna.page.locator("[name=name]").fill("Sabine Krause")
    await secretariat.house.hang_up()
    await anna.sees("#desk[data-phase=ended]")
    await anna.press("Control+Enter")
    await anna.sees("desk-idle")
    await secretariat.mail("Zwölf Paletten")
    assert secretariat.house.arrived("Zwölf Paletten")[0]["To"] == CENTRAL

    await customer.follows("Abrechnung")
    await customer.sees_after_a_while("table.billing tr:has-text('1 Anruf')", "1,50 €")
    await customer.follows("Anrufe")
    await customer.page.get_by_role("link", name="Anruf vom").first.click()
    await customer.sees("[data-note]", "Zwölf Paletten")
    for person in (customer, office):
        await person.leaves()


async def test_an_agent_from_the_empty_form_to_a_telephone_that_rings_and_is_answered(
    secretariat: Secretariat,
) -> None:
    office = await secretariat.operator()
    await office.follows("Agenten")
    await office.follows("Neuer Agent")
    await office.fills(name="Clara Roth", email=CLARA)
    await office.presses("Anlegen")
    await office.sees("[role=alert]", "nur einmal gezeigt")
    server, user, password = [
        await office.page.locator(f"dt:text-is('{said}') + dd").inner_text()
        for said in ("Server", "Benutzer", "Kennwort")
    ]
    await office.follows("Eingetragen, weiter")
    await office.sees("h1", "Clara Roth")
    assert password not in await office.page.content()
    await office.leaves()

    host, _, port = server.partition(":")
    async with raw_sip((ELSEWHERE, free_port()), (host, int(port))) as phone:
        phone.phones[user.encode()] = rings

        async def taken() -> bool:
            return await phone.register(user, password) == 200

        await eventually(taken, "the telephone is logged in")
        clara = await secretariat.invited(CLARA, PASSWORD)
        await clara.sees("#desk[data-connection=up]")
        await clara.press("b")
        await clara.sees("desk-me .chip[data-state=talking]", "bereit")
        await secretariat.call("Mustermann AG")
        await clara.sees("#desk[data-phase=offered] .say", "mein Name ist Clara Roth.")
        await until(lambda: phone.rung, message="the telephone rings")
        assert b"Mustermann AG" in phone.rung[-1].headers[b"from"]
        phone.pick_up(phone.rung[-1])
        await clara.sees("#desk[data-phase=talking]")
        await secretariat.house.hang_up()
        await clara.sees("#desk[data-phase=ended]")
        await clara.press("Escape", "o")
        await clara.page.get_by_role("menuitem", name="falsch verbunden").click()
        await clara.sees("desk-idle")
        await clara.press("p")
        await clara.page.get_by_role("menuitem", name="Feierabend").click()
        await clara.sees("desk-idle", "Sie sind nicht in der Warteschlange.")
        await clara.leaves()


PRACTICE = "Praxis Dr. Sommer"


@pytest.fixture
async def practice(secretariat: Secretariat) -> AsyncIterator[str]:
    """Its callers may leave a message after ten seconds; afterwards it is with them as with everybody's."""
    office = await secretariat.operator()
    await when_nobody_is_free(office, after="10", ending="Sprachnachricht aufnehmen")
    yield PRACTICE
    await when_nobody_is_free(office)
    await office.leaves()


async def when_nobody_is_free(office: AtForms, after: str = "", ending: str = "") -> None:
    """What becomes of the practice's callers then; nothing said: as in all of the house."""
    await office.follows("Unternehmen")
    await office.follows(PRACTICE)
    await office.follows("Wenn niemand frei ist")
    await office.page.set_checked("[name=house]", not after)
    if after:
        await office.fills(after=after)
        await office.page.select_option("[name=ending]", label=ending)
    await office.presses("Speichern")
    await office.is_told("Gespeichert.")


async def test_everybody_is_busy_and_what_the_caller_says_is_mailed_and_played(
    secretariat: Secretariat, practice: str
) -> None:
    anna = await secretariat.talking("anna")
    caller = await secretariat.call(practice, "493023125777")
    await anna.sees("desk-waiting .row", practice)
    folder = secretariat.recordings
    await until(
        lambda: any(file.stat().st_size > HEARD for file in folder.glob("*.wav")), message="what is said"
    )
    await secretariat.far.hang_up(caller)
    await secretariat.mail("Sprachnachricht (")
    (mail,) = secretariat.house.arrived("Sprachnachricht (")
    (sound,) = mail.iter_attachments()
    assert (mail["To"], sound.get_content_type()) == ("praxis@dr-sommer.example", "audio/wav")
    assert len(sound.get_content()) > HEARD

    customer = await secretariat.customer("sommer")
    await customer.sees("[data-calls] tr:has-text('23125777') .outcome", "Sprachnachricht")
    await customer.presses("030 23125777")  # with scripts the call opens in its place
    await customer.sees("[data-note]", "Sprachnachricht (")
    audio = customer.page.locator("[data-voice] audio")
    await audio.click(position={"x": 28, "y": 27})  # the button that the browser draws
    await customer.becomes("document.querySelector('audio').currentTime > 0.2")
    await customer.leaves()
