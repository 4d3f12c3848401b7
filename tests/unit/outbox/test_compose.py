"""What an employee reads: subject, first line, text, HTML and SMS, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, compose
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
from rules.outbox.notification import Notification
from rules.outbox.notification import Told as Reason
from rules.outbox.sms_text import fits_one_sms

ERIKA = Employee("e1", "Erika Beispiel", "Erika", "Beispiel", email="erika@mustermann.example")
MUSTERMANN = Customer(
    "c1",
    "Mustermann AG",
    Tariff("t1", "Vermittlung", put_through=True),
    "Herzlich Willkommen bei der Mustermann AG, mein Name ist [Vorname, Nachname].",
    employees=(ERIKA,),
    note_fields=(NoteField("number", "Kundennummer"),),
)
NOTE = CallNote(
    "n1",
    "Hans Müller",
    "Angebot vom Montag:\nbitte noch einmal durchsprechen.",
    caller_company="Müller GmbH",
    callback_number="+491713920042",
    fields=(("number", "4711"),),
    recipients=("e1",),
)
URGENT = replace(NOTE, urgent=True)
AT = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
DE, EN = words_of("de"), words_of("en")


def told(note: CallNote = NOTE, **changes: Any) -> MessageFacts:
    values: dict[str, Any] = {"note": note, "customer": MUSTERMANN, "agent": "Anna Keller", "at": AT}
    return MessageFacts(**(values | changes))


def mail(kind: MessageKind = MessageKind.NOTE, employee: str | None = "e1", **changes: Any) -> Notification:
    return Notification(
        employee, Channel.EMAIL, kind, "erika@mustermann.example", (), Reason.RECIPIENT, **changes
    )


def sms(kind: MessageKind = MessageKind.NOTE, *, discreet: bool = False) -> Notification:
    return Notification("e1", Channel.SMS, kind, "+491713920001", (), Reason.SMS_WISH, discreet)


@pytest.mark.parametrize(
    "notification,note,subject",
    [
        (mail(), NOTE, "Anruf für Sie: Hans Müller (Müller GmbH), bitte zurückrufen"),
        (mail(), replace(NOTE, callback_number=""), "Anruf für Sie: Hans Müller (Müller GmbH)"),
        (mail(), replace(NOTE, caller_company=""), "Anruf für Sie: Hans Müller, bitte zurückrufen"),
        (
            mail(),
            replace(NOTE, urgent=True, caller_company=""),
            "Dringend: Anruf für Sie: Hans Müller, bitte zurückrufen",
        ),
        (mail(employee=None), NOTE, "Anruf für Mustermann AG: Hans Müller (Müller GmbH), bitte zurückrufen"),
        (mail(MessageKind.SHORT), NOTE, "Zu Ihnen durchgestellt: Hans Müller (Müller GmbH)"),
        (mail(discreet=True), NOTE, "Neue Anrufnotiz für Sie"),
        (mail(MessageKind.SHORT, discreet=True), NOTE, "Ein Anruf wurde zu Ihnen durchgestellt"),
        (mail(MessageKind.CORRECTION, discreet=True), NOTE, "Berichtigung zu einem Anruf für Sie"),
    ],
)
def test_subject_says_all_that_a_busy_person_needs(
    notification: Notification, note: CallNote, subject: str
) -> None:
    assert compose(notification, told(note), DE).subject == subject


def test_line_break_in_a_name_does_not_reach_the_subject() -> None:
    crooked = replace(NOTE, caller_name="Hans\r\nBcc: fremd@example.org")

    assert "\n" not in compose(mail(), told(crooked), DE).subject


def test_text_begins_with_the_number_to_call_and_ends_with_who_took_it_in_the_customers_time() -> None:
    lines = compose(mail(), told(tried=(("Jens Meier", "busy"),)), DE).text.splitlines()

    assert lines[0] == "Rückruf: +49 171 3920042"
    assert lines[2] == "Guten Tag Erika Beispiel,"
    assert lines[6:9] == ["Anliegen:", "Angebot vom Montag:", "bitte noch einmal durchsprechen."]
    assert "Kundennummer: 4711" in lines
    assert "Durchstellversuche: Jens Meier (besetzt)" in lines
    assert lines[-1] == "Aufgenommen am Montag, 23.11.2026, um 10:42 Uhr von Anna Keller für Mustermann AG."


def test_english_reader_gets_english_words() -> None:
    text = compose(mail(), told(), EN)

    assert text.subject == "Call for you: Hans Müller (Müller GmbH), please call back"
    assert (
        text.text.splitlines()[-1] == "Taken on Monday 23 Nov 2026 at 10:42 by Anna Keller for Mustermann AG."
    )


def test_html_links_the_number_and_escapes_what_was_typed() -> None:
    html = compose(mail(), told(replace(NOTE, concern="<script>alert(1)</script>")), DE).html

    assert re.search(r'<a href="tel:\+491713920042"[^>]*>\+49 171 3920042</a>', html)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_employee_who_had_the_caller_gets_only_name_and_number() -> None:
    text = compose(mail(MessageKind.SHORT), told(), DE).text

    assert "Hans Müller (Müller GmbH)" in text
    assert "+49 171 3920042" in text
    assert "Angebot" not in text


def test_correction_says_so_first_in_the_subject_and_in_the_text() -> None:
    text = compose(mail(MessageKind.CORRECTION), told(), DE)

    assert text.subject == "Berichtigung: Anruf für Sie: Hans Müller (Müller GmbH), bitte zurückrufen"
    assert text.text.startswith("Diese Nachricht ersetzt eine frühere zum selben Anruf.\n\nRückruf: +49 171")


def test_correction_for_who_took_the_call_tells_what_was_written_and_asks_for_no_call() -> None:
    took_it = told(replace(NOTE, put_through_to="e1", recipients=()))
    text = compose(mail(MessageKind.CORRECTION), took_it, DE)

    assert text.subject == "Berichtigung: Zu Ihnen durchgestellt: Hans Müller (Müller GmbH)"
    assert text.text.splitlines() == [
        "Diese Nachricht ersetzt eine frühere zum selben Anruf.",
        "",
        "Rufnummer: +49 171 3920042",
        "",
        "Guten Tag Erika Beispiel,",
        "",
        "zur Information: Wir haben Hans Müller (Müller GmbH)"
        " am Montag, 23.11.2026, um 10:42 Uhr zu Ihnen durchgestellt.",
        "",
        "Anliegen:",
        "Angebot vom Montag:",
        "bitte noch einmal durchsprechen.",
        "",
        "Kundennummer: 4711",
        "",
        "Angenommen von Anna Keller für Mustermann AG.",
    ]
    assert "bitte noch einmal" in text.html


def test_sms_is_one_sms_with_who_number_concern_wish_and_time() -> None:
    text = compose(sms(), told(replace(NOTE, concern="Angebot")), DE).text

    assert text == "Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR. 10:42"


@pytest.mark.parametrize("concern", ["Angebot " * 60, "€uro und 🙂 " * 30, "ohne Leerzeichen" * 20])
def test_sms_of_a_long_note_still_is_one_sms(concern: str) -> None:
    assert fits_one_sms(compose(sms(), told(replace(NOTE, concern=concern)), DE).text)


VIP = VipCaller("v1", "+491713920042", "Hans Müller, Großkunde")


def test_vip_sms_names_the_vip_and_the_matter() -> None:
    text = compose(sms(MessageKind.VIP), told(replace(NOTE, concern="Angebot"), vip=VIP), DE).text

    assert text == "VIP-Anruf: Hans Müller, Großkunde +491713920042: Angebot, bitte RR. 10:42"


def test_vip_sms_beside_a_summary_or_to_who_took_the_call_repeats_nothing() -> None:
    both = replace(MUSTERMANN, employees=(replace(ERIKA, sms=True),))
    beside = compose(sms(MessageKind.VIP), told(vip=VIP, customer=both), DE).text
    took_it = compose(sms(MessageKind.VIP), told(replace(NOTE, put_through_to="e1"), vip=VIP), DE).text

    assert beside == took_it == "VIP-Anruf: Hans Müller, Großkunde +491713920042. 10:42"


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"urgent": True}, "Dringend: Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR. 10:42"),
        ({"callback_by": datetime(2026, 11, 23, 14)},  # noqa: DTZ001 - wall time
         "Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR bis 14 Uhr. 10:42"),
        ({"callback_by": datetime(2026, 11, 30, 14, 30)},  # noqa: DTZ001 - wall time
         "Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR bis Mo 30.11., 14:30 Uhr. 10:42"),
        ({"callback_wanted": False}, "Müller GmbH, Hans Müller +491713920042: Angebot. 10:42"),
        ({"callback_number": ""}, "Müller GmbH, Hans Müller: Angebot. 10:42"),
        ({"caller_name": "María Gómez", "caller_company": "Gómez SL"},
         "Gomez SL, Maria Gomez +491713920042: Angebot, bitte RR. 10:42"),
        ({"concern": "Angebot 👍 – „dringend“´"},
         'Müller GmbH, Hans Müller +491713920042: Angebot - "dringend"\', bitte RR. 10:42'),
        ({"caller_name": "Herrn Müller"}, "Müller GmbH, Herr Müller +491713920042: Angebot, bitte RR. 10:42"),
    ],
)  # fmt: skip
def test_sms_says_what_matters_first_and_only_what_is_wanted(changes: dict[str, Any], text: str) -> None:
    note = replace(NOTE, concern="Angebot")

    assert compose(sms(), told(replace(note, **changes)), DE).text == text


def test_own_fields_are_read_as_people_write_them_in_text_and_html() -> None:
    kinds = {
        "neu": FieldKind.YESNO,
        "wann": FieldKind.DATE,
        "summe": FieldKind.NUMBER,
        "fax": FieldKind.PHONE,
    }
    asked = tuple(NoteField(key, key, kind) for key, kind in kinds.items())
    stored = (("neu", "yes"), ("wann", "2026-12-03"), ("summe", "1234.50"), ("fax", "+4989123456"))
    house = replace(MUSTERMANN, note_fields=asked)
    text = compose(mail(), told(replace(NOTE, fields=stored), customer=house), DE)

    for shown in ("ja", "03.12.2026", "1.234,50", "+49 89 123456"):
        assert f": {shown}\n" in text.text
        assert f">{shown}<" in text.html
    assert not any(raw in text.text + text.html for raw in ("yes", "2026-12-03", "1234.50", "+4989123456"))


def test_a_practice_without_an_address_for_somebody_does_not_send_them_to_their_mail() -> None:
    house = replace(MUSTERMANN, employees=(replace(ERIKA, email=""),))

    assert compose(sms(discreet=True), told(customer=house), DE).text == "Neue Anrufnotiz für Sie. 10:42"


@pytest.mark.parametrize("kind", [MessageKind.NOTE, MessageKind.VIP])
def test_sms_of_a_practice_says_nothing_of_the_patient(kind: MessageKind) -> None:
    text = compose(sms(kind, discreet=True), told(), DE).text

    assert not any(word in text for word in ("Müller", "3920042", "Angebot"))
