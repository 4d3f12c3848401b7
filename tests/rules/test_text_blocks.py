"""What becomes of a text block: a table, which the desk's page is held against as well."""

from __future__ import annotations

import pytest

from rules.customers.text_blocks import filled, unknown_gaps
from tests.rules.text_block_cases import CASES


@pytest.mark.parametrize("text, values, wanted", CASES)
def test_a_text_is_filled_from_the_call(text: str, values: dict[str, str], wanted: str) -> None:
    assert filled(text, values) == wanted


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("{anrufer} und {nummer}, {mitarbeiter}", []),
        ("{ANRUFER} { nummer }", []),
        ("{kunde} ruft {anrufer} an, {uhrzeit}", ["{kunde}", "{uhrzeit}"]),
        ("{} { } {a b} { anrufer", []),
        ("ohne Lücke", []),
    ],
)
def test_words_in_braces_that_no_call_fills_are_found(text: str, wanted: list[str]) -> None:
    assert list(unknown_gaps(text)) == wanted
