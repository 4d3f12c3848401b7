"""No text is too odd or too long for any rule that reads what people type: the work grows with the text and
no faster.

Ten thousand letters are more than a text may have anywhere; what grows with their square takes seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

import pytest

from pbx_bridge.web.i18n import writing
from pbx_bridge.web.kit.table_reading import SMALL
from rules.calls import blocking, greeting, redirecting
from rules.customers import directory, employee, own_order, vip_entries
from rules.files import csv_text, employee_columns
from rules.model import Agent, Employee, FieldKind, NoteField
from rules.notes import callback, callback_time, field_text, note_fields
from rules.outbox import sms_answers, sms_text
from rules.outbox.mail_answers import SmtpStep, judge
from rules.presence import appointment_form
from rules.text import (
    dialling,
    email,
    foreign_text,
    full_stops,
    names,
    phone_numbers,
    salutation,
    typed_text,
    working_hours,
)
from rules.text.dialling import DialRules
from tests.loop_watch import Watch

LETTERS = 10_000
TRIES = 3
"""A crowded machine may be slow once; a pattern is slow each time."""
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PIECES = {
    "letters": "a", "spaces": " ", "breaks": "\n", "digits": "1", "strokes": "a/", "parts": "1/ ",
    "commas": ",", "points": ".", "stops": "x.  ", "brackets": "[", "a gap without end": "[Vorname ",
    "words": "a ", "titles": "Dr. ", "particles": "von ", "nobles": "Graf von ", "people": "Herr und ",
    "addresses": "a@b.de, ", "half addresses": "a@", "numbers": "+49 30 23125100 ", "signs": "@;:-(=+",
    "quotes": '";', "days": "Mo ", "hours": "Mo 8-9, ", "moments": "am 1.1. um 8 Uhr ", "for now": "am ",
    "marks": "e\u0301", "umlauts": "üße", "digits of elsewhere": "٣", "full width": "１＠",
    "halves": "\ud83d", "emojis": "😀", "zeros": "\0", "unseen": "\u200b", "escapes": "%41",
    "angles": "<sip:",
    "extensions": "1x 1",
}  # fmt: skip
ENDS = ("", "]", " rückruf nicht nötig")
"""What a pattern looks for at the end, and does not find at the beginning."""
TEXTS = (
    "[" + " " * LETTERS,
    *((piece * LETTERS)[: LETTERS - len(end)] + end for piece in PIECES.values() for end in ENDS),
)

FIELDS = tuple(NoteField(kind.value, kind.value, kind, choices=("a", "b")) for kind in FieldKind)
BLANK = Employee("e", "Erika Beispiel", "Erika", "Beispiel")


def _form(keys: tuple[str, ...], read: Callable[[Mapping[str, str]], object]) -> Callable[[str], object]:
    """Each field alone, the others as usual."""

    def each(text: str) -> None:
        for key in keys:
            read(dict.fromkeys(keys, "") | {key: text})

    return each


def _delimiter(text: str) -> object:
    return csv_text.delimiter_of(text, lambda header: bool(employee_columns.column_of(header)))


READERS: dict[str, Callable[[str], object]] = {
    "address.declined": lambda text: salutation.declined(text, "acc"),
    "address.salutation": salutation.salutation,
    "address.spoken": salutation.spoken,
    "appointment": _form(
        appointment_form.KEYS, lambda form: appointment_form.read(form, "Europe/Berlin", now=NOW)
    ),
    "blocking": _form(("number", "reason", "remark"), lambda form: blocking.read(form, "DE")),
    "callback.says_no": callback.says_no,
    "csv.arm": csv_text.arm,
    "csv.delimiter": _delimiter,
    "csv.disarm": csv_text.disarm,
    "csv.table": lambda text: csv_text.table(text[:SMALL], ";"),
    "dialling.may_dial": lambda text: dialling.may_dial(text, DialRules()),
    "dialling.to_dial": lambda text: dialling.to_dial(text, DialRules()),
    "directory.parts_of": directory.parts_of,
    "email.is_email": email.is_email,
    "email.split_emails": email.split_emails,
    "email.bare_email": email.bare_email,
    "employee": _form(
        tuple(employee.all_texts_of(BLANK)), lambda form: employee.read_employee(form, BLANK, (), DialRules())
    ),
    "field_text.shown": lambda text: [
        field_text.shown(kind, text, writing("de")) for kind in (None, *FieldKind)
    ],
    "foreign_text.discreet": lambda text: foreign_text.discreet(text, ["erika@example.org"]),
    "greeting.check": greeting.check_greeting,
    "greeting.spoken": lambda text: greeting.spoken_greeting(text, Agent("", "Anna", "Keller", "")),
    "mail_answers.judge": lambda text: judge(SmtpStep.DATA, 550, text[:2_000]),
    "names.fold": names.fold,
    "names.is_found": lambda text: names.is_found("müller", text),
    "names.person_key": names.person_key,
    "names.sort_key": names.sort_key,
    "names.split_name": names.split_name,
    "note": _form(
        tuple(field.key for field in (*note_fields.STANDARD_FIELDS, *FIELDS)),
        lambda form: note_fields.validate(FIELDS, form),
    ),
    "note_fields.is_key": note_fields.is_key,
    "numbers.digits_too_few": phone_numbers.digits_too_few,
    "numbers.digits_too_many": phone_numbers.digits_too_many,
    "numbers.is_two": phone_numbers.is_two,
    "numbers.is_withheld": phone_numbers.is_withheld,
    "numbers.pattern": phone_numbers.normalise_pattern,
    "numbers.to_e164": phone_numbers.to_e164,
    "own_order": _form(
        tuple(own_order.TEXT_BLOCKS.longest), lambda form: list(own_order.TEXT_BLOCKS.faults(form))
    ),
    "redirecting.diverted_from": redirecting.diverted_from,
    "redirecting.history": redirecting.history,
    "sms.kannel": sms_answers.judge_kannel,
    "sms.summary": lambda text: sms_text.summary(text, text, "+4930231250", text, "10:42", lead="Dringend"),
    "stops": full_stops.without_stop,
    "typed.line": typed_text.line,
    "vip": _form(vip_entries.KEYS, lambda form: vip_entries.read(form, "DE", ())),
    "when": partial(callback_time.understand, now=NOW, zone="Europe/Berlin"),
    "working_hours": working_hours.read_week,
}
"""Whatever comes from outside passes one of these."""


@pytest.mark.parametrize("name", READERS)
async def test_no_text_takes_long(loop_watch: Watch, name: str) -> None:
    """One step of the loop for each reading, as the service would take it."""

    async def read(text: str) -> None:
        READERS[name](text)

    for text in TEXTS:
        for _ in range(TRIES):
            loop_watch.clear()
            await asyncio.create_task(read(text))
            if not loop_watch.too_long():
                break
        loop_watch.check()
