"""Own fields are read as people write them, whatever form they are stored in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.web.i18n import writing
from rules.model import FieldKind, NoteField
from rules.notes.field_text import answers, shown, typed
from rules.notes.note_fields import Valid, validate


@pytest.mark.parametrize(
    "kind, stored, german, english",
    [
        (FieldKind.YESNO, "yes", "ja", "yes"),
        (FieldKind.YESNO, "no", "nein", "no"),
        (FieldKind.DATE, "2026-12-03", "03.12.2026", "03 Dec 2026"),
        (FieldKind.NUMBER, "1234.50", "1.234,50", "1,234.50"),
        (FieldKind.NUMBER, "0.5", "0,5", "0.5"),
        (FieldKind.NUMBER, "123" * 6 + ".50", "123" + ".123" * 5 + ",50", "123" + ",123" * 5 + ".50"),
        (FieldKind.NUMBER, "4711", "4711", "4711"),
        (FieldKind.NUMBER, "250000", "250000", "250000"),
        (FieldKind.NUMBER, "0815", "0815", "0815"),
        (FieldKind.PHONE, "+4989123456", "+49 89 123456", "+49 89 123456"),
        (FieldKind.CHOICE, "Neukunde", "Neukunde", "Neukunde"),
        (FieldKind.TEXT, "yes", "yes", "yes"),
        (FieldKind.TEXT, "2026-12-03", "2026-12-03", "2026-12-03"),
        (None, "yes", "ja", "yes"),
        (None, "2026-12-03", "03.12.2026", "03 Dec 2026"),
        (None, "1234.50", "1234.50", "1234.50"),
        (FieldKind.YESNO, "vielleicht", "vielleicht", "vielleicht"),
        (FieldKind.DATE, "bald", "bald", "bald"),
        (FieldKind.NUMBER, "viele", "viele", "viele"),
        (FieldKind.PHONE, "", "", ""),
    ],
)
def test_an_answer_is_shown_as_people_write_it(
    kind: FieldKind | None, stored: str, german: str, english: str
) -> None:
    assert (shown(kind, stored, writing("de")), shown(kind, stored, writing("en"))) == (german, english)


def test_answers_come_in_the_order_of_asking_and_former_ones_last() -> None:
    asked = (NoteField("wann", "Termin", FieldKind.DATE), NoteField("neu", "Neukunde", FieldKind.YESNO))
    stored = (("alt", "no"), ("neu", "yes"), ("wann", "2026-12-03"), ("leer", ""))
    assert list(answers(asked, stored, writing("de"))) == [
        ("Termin", "03.12.2026"),
        ("Neukunde", "ja"),
        ("alt", "nein"),
    ]


values = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
    st.integers(0, 20_000).map(lambda days: date(2000, 1, 1) + timedelta(days)),
    st.booleans(),
)


@given(values)
def test_what_is_shown_for_typing_is_read_as_the_same_again(value: Decimal | date | bool) -> None:
    kind = {bool: FieldKind.YESNO, date: FieldKind.DATE}.get(type(value), FieldKind.NUMBER)
    stored = Valid({"own": value}).text("own")
    again = validate(
        (NoteField("own", "Own", kind),), {"name": "x", "concern": "y", "own": typed(kind, stored)}
    )
    assert isinstance(again, Valid)
    assert again.values["own"] == value
