"""A third language is catalogues: log-in, desk, floor, demo, mails and SMS come up in it and in no other.

The portal's pages: tests/unit/portal/test_third_language.py; the desk with calls on it: tests/browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx_bridge.demo.cast import log_ins
from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.floor import undelivered
from pbx_bridge.outbox.composing import account_mail
from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, compose
from pbx_bridge.storage import tables
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox.notifications import Notification as StoredMessage
from pbx_bridge.web import i18n
from pbx_bridge.web.kit.money import money
from pbx_bridge.web.language import language
from rules.model import (
    CallNote,
    Channel,
    Customer,
    Employee,
    FieldKind,
    MessageKind,
    NoteField,
    Tariff,
    VipCaller,
)
from rules.notes.field_text import answers
from rules.outbox.notification import who_is_told
from rules.text.holidays import STATES, listed
from rules.vocabulary import AttemptResult
from tests.every_route import FOREIGN, OWN, ids, street
from tests.third_language import CLOSES, CODE, FACTS, OPENS, bare, bare_sms, in_french, unmarked

TEXTS = re.compile(r'<script type="application/json" id="texts">(.*?)</script>', re.DOTALL)
NO_PAGE = re.compile(r"socket|/static/|/media/|\.(js|css|svg)|metrics|healthz|readyz|/kalender/|qr")
OF_PEOPLE = (
    OWN,
    "PJSIP/",
    "localhost",  # where mail goes
    *(f"{role}@example.org" for role in Role),
    *(word for one in log_ins() for word in (one.login, one.password, one.name)),
)
"""Names, log-ins and telephones of whoever is planted, and of the demo's cast."""
BY_LAW = tuple({one.name for land in STATES for one in listed(datetime.now(UTC).year, land, (), "de")})
"""Names of holidays come from a library that knows some languages only; else they are as the law has them."""
PLANTED = tuple(
    text
    for mark in (OWN, FOREIGN)
    for text in (
        mark,
        f"{mark}@example.org",
        f"{mark}, mein Name ist [Vorname, Nachname].",
        *(
            f"{mark} {table.name} {column.name}"
            for table in tables.metadata.tables.values()
            for column in table.columns
        ),
    )
)
"""What stands in the rows of both companies; whoever belongs to none sees them."""
ADDRESS = re.compile(r"sip:.*")
"""A line of the demo's telephones, beside a PBX that is played."""


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with in_french(tmp_path, monkeypatch):
        yield


# ---- pages


def unmarked_texts(texts: Mapping[str, object]) -> list[str]:
    """Sentences that a page brings along for its scripts, without marks."""
    found = []
    for key, text in texts.items():
        if isinstance(text, dict):
            found += unmarked_texts(text)
        elif isinstance(text, str) and not text.startswith(OPENS) and not key.startswith(f"{FACTS}."):
            found.append(f"{key}: {text}")
    return found


async def test_every_page_outside_the_portal_comes_up_in_it(french: None, sqlite_db: Database) -> None:
    found, seen, wordless = dict[str, list[str]](), list[str](), list[str]()
    async with street(sqlite_db) as walked:
        values = ids(walked.own)
        for way in walked.ways:
            if way.method != "GET" or way.name.startswith("portal.") or NO_PAGE.search(way.path):
                continue
            for who in ("nobody", *Role):
                page = await walked.asks(who, "GET", way.filled(values), headers={"Accept-Language": CODE})
                if "<html" not in page.text:
                    continue
                seen.append(page.where)
                found[page.where] = unmarked(ADDRESS.sub("", page.text), (*OF_PEOPLE, *PLANTED, *BY_LAW))
                wordless += [page.where] if OPENS not in page.text else []
                scripts = TEXTS.search(page.text)
                texts = json.loads(scripts[1]) if scripts else {}
                found[page.where] += unmarked_texts(texts)
    assert {where: words for where, words in found.items() if words} == {}
    assert wordless == []
    assert len(seen) > 20


# ---- what is sent

ERIKA = Employee("erika", "Erika Beispiel", "Erika", "Beispiel", email="erika@mustermann.example", sms=True,
                 mobile="+491713920099", vip_sms=True)  # fmt: skip
JENS = Employee("jens", "Herr Jens Meier", "Jens", "Meier", email="jens@mustermann.example")
WEISS = Employee("weiss", "Dr. Jörg Weiß", "Jörg", "Weiß")
VIP = VipCaller("v", "+491713920042", "Hans Müller")
HOUSE = Customer(
    "c1",
    "Mustermann AG",
    Tariff("t1", "Vermittlung", put_through=True, sms_parts=4),
    "Mustermann AG, [Vorname, Nachname].",
    default_email="zentrale@mustermann.example",
    employees=(ERIKA, JENS, WEISS),
    note_fields=tuple(NoteField(kind, kind.upper(), kind) for kind in FieldKind),
)
OWN_WORDS = (
    *("Mustermann AG", "Müller GmbH", "Hans Müller", "Herr Jens Meier", "Herr Meier", "Jens Meier", "Meier"),
    *("Erika Beispiel", "Dr. Jörg Weiß", "Jörg Weiß", "Anna Keller", "Angebot", "GELB"),
    *(kind.upper() for kind in FieldKind),
)
AT = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
NOTE = CallNote(
    "n1", "Hans Müller", "Angebot", caller_company="Müller GmbH", callback_number="+491713920042",
    recipients=("erika",), callback_by=datetime(2026, 12, 1, 14),  # noqa: DTZ001 - wall time of the customer
    fields=(("date", "2026-12-01"), ("number", "1234.50"), ("yesno", "yes"), ("choice", "GELB")),
)  # fmt: skip
NOTES = {
    "plain": NOTE,
    "today": replace(NOTE, callback_by=datetime(2026, 11, 23, 14, 30)),  # noqa: DTZ001 - same reason
    "urgent": replace(NOTE, urgent=True, callback_by=None),
    "nobody known": replace(NOTE, caller_name="", caller_company="", callback_number=""),
    "no call": replace(NOTE, callback_wanted=False),
    "the company": replace(NOTE, recipients=()),
    "passed on": replace(NOTE, recipients=("weiss", "jens")),
    "asked for": replace(NOTE, recipients=("jens",), asked_for="erika"),
    "put through": replace(NOTE, put_through_to="erika", asked_for="erika", concern=""),
    "by the deputy": replace(NOTE, put_through_to="jens", asked_for="erika", concern=""),
}


@pytest.mark.parametrize("kind", ["short", "note", "vip", "correction"])
@pytest.mark.parametrize("confidential", [False, True])
def test_mails_and_sms_come_up_in_it(french: None, kind: str, confidential: bool) -> None:
    words, house, wrong, count = words_of(CODE), replace(HOUSE, confidential=confidential), [], 0
    for name, note in NOTES.items():
        tried = tuple(("Erika Beispiel", result) for result in AttemptResult) if note.put_through_to else ()
        facts = MessageFacts(note, house, "Anna Keller", AT, tried, VIP, "+49 30 23125 100")
        for one in who_is_told(house, note, (VIP,)):
            text = compose(replace(one, kind=MessageKind(kind)), facts, words)
            read = bare_sms if one.channel is Channel.SMS else bare
            found = [*read(f"{text.subject}\n{text.text}", OWN_WORDS), *unmarked(text.html, OWN_WORDS)]
            wrong += [f"{name}, {one.channel}: {line}" for line in found]
            count += 1
    assert wrong == []
    assert count > len(NOTES)


def test_mails_about_a_log_in_come_up_in_it(french: None) -> None:
    words = words_of(CODE)
    account = Account("a", "anna", Role.AGENT, CODE)
    mail = StoredMessage(
        "m", None, "", Channel.EMAIL, MessageKind.SECURITY, "a@example.org", "{}", due_at=AT, created_at=AT
    )
    deeds = [
        key.partition(".")[2] for key in i18n.catalogue("outbox", CODE) if key.startswith("account_subject.")
    ]
    assert len(deeds) > 3
    for deed in deeds:
        for by in ("", "office"):
            facts = {"deed": deed, "done_by": by, "device": "Firefox", "network": "192.0.2.0/24"}
            text = account_mail._text(words, mail, account, facts, "Anna Keller")
            assert (
                bare(f"{words(f'account_subject.{deed}')}\n{text}", ("Anna Keller", "anna", "Firefox")) == []
            )


# ---- what is no sentence


def test_days_figures_prices_and_plurals_are_those_of_the_language(french: None) -> None:
    assert undelivered._date(CODE, AT) == f"{OPENS}23 nov 2026{CLOSES}"
    news = CompanyNews(lambda locale, key, **params: i18n.translate("desk", locale, key, **params))
    assert news._day(CODE, AT.date()) == f"{OPENS}lun 23 nov{CLOSES}"
    assert money(95_000, CODE) == "0,095\N{NO-BREAK SPACE}€"
    said = dict(answers(HOUSE.note_fields, NOTE.fields, i18n.writing(CODE)))
    assert said["DATE"] == f"{OPENS}01 déc 2026{CLOSES}"
    assert said["YESNO"] == f"{OPENS}yes{CLOSES}"
    assert said["NUMBER"] == "1\N{NARROW NO-BREAK SPACE}234,50"
    assert [language(CODE).form(number) for number in (0, 1, 2)] == ["one", "one", "many"]
    assert [language("pl").form(number) for number in (1, 3, 5)] == ["one", "few", "many"]


def test_the_list_of_languages_is_the_list_of_catalogues(french: None) -> None:
    assert i18n.languages() == ("de", "en", CODE)
    assert i18n.names_of_languages() == {"de": "Deutsch", "en": "English", CODE: "Français"}
    assert i18n.best_locale("fr-CA, en;q=0.5") == CODE
    assert i18n.known("xx") == "de"
