"""Each mail about a call as its reader sees it: on a phone and wide, light and dark, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, Text, compose
from rules.model import CallNote, Channel, Customer, Employee, NoteField, Tariff
from rules.outbox.notification import who_is_told
from tests.browser.geometry import faults

pytestmark = pytest.mark.browser

ERIKA = Employee("erika", "Frau Erika Beispiel", "Erika", "Beispiel", email="erika@example.org")
JENS = Employee("jens", "Meier, Herr Jens", "Jens", "Meier", email="jens@example.org")
LONG = "Dr. Karl-Theodor Freiherr von und zu Brüggemann-Österreicher"
KARL = Employee("karl", LONG, "Karl-Theodor", "Brüggemann-Österreicher", email="karl@example.org")
WEISS = Employee("weiss", "Weiß, Dr.-Ing. Jörg", "Jörg", "Weiß")
HOUSE = Customer(
    "c1",
    "Mustermann AG",
    Tariff("t1", "Vermittlung", put_through=True),
    "Mustermann AG, [Vorname, Nachname].",
    default_email="zentrale@example.org",
    employees=(ERIKA, JENS, KARL, WEISS),
    note_fields=(NoteField("number", "Kundennummer"),),
)
AT = datetime(2026, 6, 5, 8, 42, tzinfo=UTC)
BY = datetime(2026, 6, 5, 14)  # noqa: DTZ001 - wall time of the customer
NOTE = CallNote(
    "n1",
    "Herr Hans Müller",
    "Er hätte gern das Angebot noch einmal.\nBitte vor 14 Uhr.",
    caller_company="Müller GmbH",
    callback_number="+491713920042",
    recipients=("erika",),
    fields=(("number", "4711"),),
)
THROUGH = replace(NOTE, put_through_to="jens", asked_for="erika")
NOTES = {
    "note": NOTE,
    "urgent": replace(NOTE, urgent=True, callback_by=BY),
    "no call-back": replace(NOTE, callback_wanted=False),
    "no number": replace(NOTE, callback_number=""),
    "put through": replace(THROUGH, put_through_to="erika"),
    "deputy": THROUGH,
    "deputy, and call back": replace(THROUGH, callback_wanted=True),
    "pass on": replace(NOTE, recipients=("weiss",)),
    "central": replace(NOTE, recipients=()),
    "long": replace(NOTE, recipients=("karl",), caller_name=LONG, caller_company="Ż" * 60),
}
VIEWS = [(320, "light"), (390, "light"), (390, "dark"), (1280, "light")]
TARGETS = """() => [...document.querySelectorAll("a")].map((one) => one.getBoundingClientRect().height)
  .filter((height) => height < 43.5)"""
BESIDE = """() => [...document.querySelectorAll("p")].filter((one) => {
  const [first, next] = one.children.length > 1 ? [one.children[0], one.lastElementChild] : [];
  return next && Math.abs(first.getBoundingClientRect().left - next.getBoundingClientRect().left) > 1;
}).map((one) => one.textContent)"""
"""A label beside what it names takes the width from it."""


def mails(locale: str) -> Iterator[tuple[str, Text]]:
    for name, note in NOTES.items():
        tried = (("Erika Beispiel", "no_answer"),) if note.put_through_to else ()
        facts = MessageFacts(note, HOUSE, "Anna Keller", AT, tried=tried)
        for one in who_is_told(HOUSE, note):
            if one.channel is Channel.EMAIL:
                yield f"{name} to {one.address}", compose(one, facts, words_of(locale))


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("width, scheme", VIEWS)
async def test_every_mail_can_be_read_and_pressed(
    browser: Browser, width: int, scheme: str, locale: str
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
    page = await context.new_page()
    for name, mail in mails(locale):
        await page.set_content(mail.html)
        assert await faults(page) == [], name
        assert await page.evaluate(TARGETS) == [], f"{name}: too low for a thumb"
        assert await page.evaluate(BESIDE) == [], name
        if width == 390:
            await page.add_style_tag(content="html { background: Canvas; }")  # what shows through, for Axe
            result = await Axe().run(page, options={"runOnly": ["color-contrast", "document-title"]})
            assert result.response["violations"] == [], name
    await context.close()


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_text_and_html_say_the_same(browser: Browser, locale: str) -> None:
    page = await browser.new_page()
    for name, mail in mails(locale):
        await page.set_content(mail.html)
        shown = _plain(await page.locator("body").inner_text())
        missing = [word for word in _plain(mail.text).split() if word.strip(":") not in shown]
        assert missing == [], name


@pytest.mark.parametrize("locale", ["de", "en"])
def test_the_day_is_a_word_and_said_once_beside_until_when_to_call(locale: str) -> None:
    """Nobody has to know whether 05/06 is in May or in June."""
    day = {"de": "Freitag, 05.06.2026", "en": "Friday 05 Jun 2026"}[locale]
    for name, mail in mails(locale):
        assert mail.text.count(day) == (3 if name.startswith("urgent") else 1), (name, mail.text)
        assert len(re.findall("2026", mail.text)) == mail.text.count(day)


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
