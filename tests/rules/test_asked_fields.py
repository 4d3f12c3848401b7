"""What a company has asked, as the office types it; and what becomes of what is asked no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.customers import asked_fields as rule
from rules.customers.asked_fields import MOST, brought_back, key_of, left_of, moved, read_field, with_field
from rules.fault import Fault
from rules.model import FieldKind, NoteField
from rules.notes import field_text, note_fields
from rules.notes.note_fields import FieldError, FieldFault, Valid, validate

NUMBER = NoteField("kundennummer", "Kundennummer", FieldKind.NUMBER, required=True)
TOPIC = NoteField("art", "Art", FieldKind.CHOICE, choices=("neu", "alt"))
OLD = NoteField("fax", "Fax", FieldKind.PHONE, required=True, retired=True)
FIELDS = (NUMBER, TOPIC, OLD)
TYPED = {"label": "Aktenzeichen", "kind": "text", "choices": "", "required": "", "help": ""}
NOTE = {"name": "Hans Müller", "concern": "Angebot"}
PLAIN = field_text.Writing("ja", "nein", str, str)


def test_a_field_is_read_and_its_key_is_of_its_first_label() -> None:
    typed = TYPED | {
        "label": " Ihr  Zeichen ",
        "kind": "long",
        "required": "yes",
        "help": "steht auf dem Brief",
    }
    read = read_field(typed, FIELDS, None)
    assert read == NoteField("ihr_zeichen", "Ihr Zeichen", FieldKind.LONG, True, (), "steht auf dem Brief")
    renamed = read_field(rule.texts_of(read) | {"label": "Zeichen"}, (*FIELDS, read), read)
    assert renamed == replace(read, label="Zeichen")


@pytest.mark.parametrize("field", FIELDS, ids=lambda one: one.key)
def test_what_the_form_shows_is_read_as_it_is(field: NoteField) -> None:
    assert read_field(rule.texts_of(field), FIELDS, field) == field


def test_choices_stand_in_lines() -> None:
    read = read_field(TYPED | {"kind": "choice", "choices": " neu \n\nalt, aber treu\n"}, FIELDS, None)
    assert isinstance(read, NoteField)
    assert read.choices == ("neu", "alt, aber treu")


@pytest.mark.parametrize(
    "typed, field, code",
    [
        ({"label": " "}, "label", "required"),
        ({"label": "x" * 61}, "label", "too_long"),
        ({"help": "x" * 201}, "help", "too_long"),
        ({"label": "KUNDENNUMMER"}, "label", "note_field_twice"),
        ({"kind": "colour"}, "kind", "note_field_kind"),
        ({"kind": "choice"}, "choices", "note_field_no_choices"),
        ({"choices": "neu"}, "choices", "note_field_choices"),
        ({"kind": "choice", "choices": "neu\nNEU"}, "choices", "note_field_same"),
        ({"kind": "choice", "choices": "x" * 81}, "choices", "note_field_long"),
        ({"kind": "choice", "choices": "\n".join(map(str, range(51)))}, "choices", "note_field_many"),
    ],
)
def test_each_fault_names_its_field(typed: dict[str, str], field: str, code: str) -> None:
    found = read_field(TYPED | typed, FIELDS, None)
    assert isinstance(found, tuple)
    assert [(one.field, one.code) for one in found] == [(field, code)]


def test_a_retired_name_may_be_used_again_but_not_its_key() -> None:
    read = read_field(TYPED | {"label": "Fax"}, FIELDS, None)
    assert isinstance(read, NoteField)
    assert read.key == "fax_2"


@pytest.mark.parametrize(
    "kind, may_become",
    [("text", {"text", "long"}), ("long", {"text", "long"}), ("date", {"date"}), ("choice", {"choice"})],
)
def test_a_kind_stays_as_answers_are_read_by_it(kind: str, may_become: set[str]) -> None:
    stored = NoteField("x", "X", FieldKind(kind), choices=("a",) if kind == "choice" else ())
    for other in FieldKind:
        choices = "a" if other is FieldKind.CHOICE else ""
        read = read_field(TYPED | {"kind": other.value, "choices": choices}, (stored,), stored)
        assert isinstance(read, NoteField) == (other.value in may_become), other


def test_no_more_are_asked_than_anybody_asks() -> None:
    many = tuple(NoteField(f"f{number}", f"F{number}") for number in range(MOST))
    full = Fault("label", "note_field_full", {"max": str(MOST)})
    assert read_field(TYPED, many, None) == (full,)
    assert isinstance(read_field(rule.texts_of(many[0]) | {"help": "x"}, many, many[0]), NoteField)
    assert brought_back((*many, OLD), "fax") == full


@pytest.mark.parametrize(
    "label, key",
    [
        ("Größe der Straße", "groesse_der_strasse"),
        ("Kundennummer", "kundennummer_2"),
        ("Name", "field_name"),
        ("Callback", "field_callback"),
        ("2. Telefon", "field_2_telefon"),
        ("Ελλάδα", "field"),
        ("é" * 60, "e" * 40),
    ],
)
def test_every_label_has_a_key_that_a_note_can_keep(label: str, key: str) -> None:
    assert key_of(label, {"kundennummer"}) == key
    assert note_fields.is_key(key)


def test_a_field_is_moved_among_those_that_are_asked() -> None:
    assert moved(FIELDS, "art", up=True) == moved(FIELDS, "kundennummer", up=False) == (TOPIC, NUMBER, OLD)
    for key, up in (("kundennummer", True), ("art", False), ("fax", True), ("none", True)):
        assert moved(FIELDS, key, up=up) == FIELDS


def test_who_is_retired_stays_at_the_end_and_comes_back_last() -> None:
    gone = rule.retired(FIELDS, "kundennummer")
    assert [(one.key, one.retired) for one in gone] == [("art", False), ("kundennummer", True), ("fax", True)]
    back = brought_back(gone, "kundennummer")
    assert back == (TOPIC, NUMBER, OLD)
    assert with_field(gone, NoteField("neu", "Neu"))[1].key == "neu"


def test_nobody_is_asked_the_same_twice_when_one_comes_back() -> None:
    fields = (*FIELDS, NoteField("fax_2", "fax"))
    assert brought_back(fields, "fax") == Fault("label", "note_field_twice", {"name": "Fax"})


def test_what_a_file_leaves_out_is_retired() -> None:
    wanted = (replace(TOPIC, required=True), NoteField("neu", "Neu"))
    assert left_of(FIELDS, wanted) == (*wanted, replace(NUMBER, retired=True), OLD)


def test_a_retired_field_is_never_demanded_and_keeps_its_answer() -> None:
    assert validate(FIELDS, NOTE) == (FieldError("kundennummer", FieldFault.REQUIRED),)
    found = validate(FIELDS, NOTE | {"kundennummer": "7", "fax": "030 23125-101"})
    assert isinstance(found, Valid)
    assert found.text("fax") == "+493023125101"
    assert note_fields.fits(OLD, "030 23125-101")
    assert not note_fields.fits(OLD, "im Büro")


def test_answers_to_a_retired_question_stand_last_under_its_name() -> None:
    stored = [("alien", "x"), ("fax", "+493023125101"), ("kundennummer", "7")]
    told = [*field_text.answers((OLD, NUMBER), stored, PLAIN)]
    assert told == [("Kundennummer", "7"), ("Fax", "+49 30 23125101"), ("alien", "x")]


def test_a_long_text_may_be_long() -> None:
    asked = (NoteField("x", "X", FieldKind.LONG),)
    assert isinstance(validate(asked, NOTE | {"x": "a\n" * 1900}), Valid)
    assert validate(asked, NOTE | {"x": "a" * 4001}) != validate(asked, NOTE)
    assert not isinstance(validate((replace(asked[0], kind=FieldKind.TEXT),), NOTE | {"x": "a" * 501}), Valid)
