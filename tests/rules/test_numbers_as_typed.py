"""Numbers that people type: what is missing, or too much, is said as it is."""

from __future__ import annotations

import pytest

from rules.text.phone_numbers import digits_too_many, lacks_area, to_e164


@pytest.mark.parametrize(
    ("raw", "region", "lacks"),
    [
        ("23125110", "DE", True),
        ("23125-110", "DE", True),
        ("2 31 25 11 0", "DE", True),
        ("7654321", "DE", True),
        ("030 23125110", "DE", False),
        ("+49 30 23125110", "DE", False),
        ("0049 30 23125110", "DE", False),
        ("3023125110", "DE", False),  # Excel takes the zero away
        ("493023125110", "DE", False),
        ("1713920042", "DE", False),
        ("17139200", "DE", False),  # no number at all
        ("101", "DE", False),
        ("anna", "DE", False),
        ("", "DE", False),
        ("1588580", "AT", True),
        ("446681800", "CH", False),
        ("33123456", "DK", False),  # no area codes there
        ("912345678", "ES", False),
    ],
)
def test_a_number_of_the_same_town_lacks_its_area_code(raw: str, region: str, lacks: bool) -> None:
    assert lacks_area(raw, region) is lacks


@pytest.mark.parametrize("raw", ["+491713920042 privat", "'+491713920042", "=+491713920042", "0171-3920042?"])
def test_what_is_no_number_has_no_digits_too_many(raw: str) -> None:
    assert (to_e164(raw), digits_too_many(raw)) == ("", 0)
