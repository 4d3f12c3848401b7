from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import FieldKind, NoteField
from rules.notes.note_fields import STANDARD_FIELDS, FieldError, FieldFault, Valid, validate

GOOD = {"name": "Hans Müller", "concern": "Angebot"}
OWN = (
    NoteField("customer_no", "Kundennummer", FieldKind.NUMBER, required=True),
    NoteField("due", "Termin", FieldKind.DATE),
    NoteField("topic", "Thema", FieldKind.CHOICE, choices=("Angebot", "Rechnung")),
    NoteField("known", "Bestandskunde", FieldKind.YESNO),
    NoteField("fax", "Fax", FieldKind.PHONE),
    NoteField("remark", "Bemerkung"),
)


def read(kind: FieldKind, text: str) -> object:
    """The value of one own field, or the fault found in it."""
    own = (NoteField("x", "X", kind, choices=("Angebot", "Rechnung")),)
    found = validate(own, {**GOOD, "x": text}, "DE")
    return found.values.get("x") if isinstance(found, Valid) else found[0].code


def test_name_and_concern_are_always_asked() -> None:
    assert validate((), {}) == (
        FieldError("name", FieldFault.REQUIRED),
        FieldError("concern", FieldFault.REQUIRED),
    )
    assert [field.key for field in STANDARD_FIELDS] == ["name", "company", "callback_number", "concern"]


def test_what_is_optional_may_be_empty() -> None:
    found = validate((), {**GOOD, "company": " ", "callback_number": ""})
    assert isinstance(found, Valid)
    assert found.values == GOOD
    assert found.text("company") == ""


@pytest.mark.parametrize(
    "kind, text, value",
    [
        (FieldKind.TEXT, "  zwei Worte ", "zwei Worte"),
        (FieldKind.NUMBER, "1.234,5", Decimal("1234.5")),
        (FieldKind.NUMBER, "1.234", Decimal(1234)),
        (FieldKind.NUMBER, "12.34", Decimal("12.34")),
        (FieldKind.NUMBER, "-7", Decimal(-7)),
        (FieldKind.NUMBER, "４２", Decimal(42)),
        (FieldKind.NUMBER, "zwölf", FieldFault.NOT_A_NUMBER),
        (FieldKind.NUMBER, "1e9", FieldFault.NOT_A_NUMBER),
        (FieldKind.NUMBER, "1,2,3", FieldFault.NOT_A_NUMBER),
        (FieldKind.NUMBER, "NaN", FieldFault.NOT_A_NUMBER),
        (FieldKind.DATE, "27.11.2026", date(2026, 11, 27)),
        (FieldKind.DATE, "7.1.26", date(2026, 1, 7)),
        (FieldKind.DATE, "2026-11-27", date(2026, 11, 27)),
        (FieldKind.DATE, "31.02.2026", FieldFault.NOT_A_DATE),
        (FieldKind.DATE, "morgen", FieldFault.NOT_A_DATE),
        (FieldKind.CHOICE, "angebot", "Angebot"),
        (FieldKind.CHOICE, "Lob", FieldFault.NOT_A_CHOICE),
        (FieldKind.YESNO, "Ja", True),
        (FieldKind.YESNO, "no", False),
        (FieldKind.YESNO, "vielleicht", FieldFault.NOT_YES_OR_NO),
        (FieldKind.PHONE, "030 / 23125-100", "+493023125100"),
        (FieldKind.PHONE, "im Büro", FieldFault.NOT_A_PHONE),
        (FieldKind.PHONE, "23125-110", FieldFault.NOT_A_PHONE),
        (FieldKind.PHONE, "030 23125110 oder 0171 3920050", FieldFault.TWO_PHONES),
    ],
)
def test_each_kind_reads_its_values(kind: FieldKind, text: str, value: object) -> None:
    assert read(kind, text) == value


def test_all_errors_come_at_once_by_name_of_field() -> None:
    found = validate(
        OWN, {"name": "x" * 121, "customer_no": "?", "due": "?", "topic": "?", "known": "?", "alien": "1"}
    )
    assert isinstance(found, tuple)
    assert [(error.field, error.code) for error in found] == [
        ("name", FieldFault.TOO_LONG),
        ("concern", FieldFault.REQUIRED),
        ("customer_no", FieldFault.NOT_A_NUMBER),
        ("due", FieldFault.NOT_A_DATE),
        ("topic", FieldFault.NOT_A_CHOICE),
        ("known", FieldFault.NOT_YES_OR_NO),
        ("alien", FieldFault.UNKNOWN_FIELD),
    ]
    assert found[0].params == {"max": "120", "length": "121"}
    assert found[4].params == {"choices": "Angebot, Rechnung"}


def test_a_required_field_of_the_customer_is_required() -> None:
    assert validate(OWN, GOOD) == (FieldError("customer_no", FieldFault.REQUIRED),)


def test_values_are_stored_as_text_in_one_form() -> None:
    typed = {
        "customer_no": "1.234,50",
        "due": "7.1.26",
        "known": "nein",
        "fax": "030 23125-101",
        "remark": "x",
    }
    found = validate(OWN, {**GOOD, **typed})
    assert isinstance(found, Valid)
    assert {key: found.text(key) for key in typed} == {
        "customer_no": "1234.50", "due": "2026-01-07", "known": "no", "fax": "+493023125101", "remark": "x"
    }  # fmt: skip


@given(st.sampled_from(FieldKind), st.text(max_size=600))
def test_whatever_is_typed_is_a_value_or_a_named_error(kind: FieldKind, text: str) -> None:
    value = read(kind, text)
    assert value is None or isinstance(value, str | Decimal | date | bool)
