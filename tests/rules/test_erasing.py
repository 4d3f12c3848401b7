"""How somebody may be written in a text, and what is not theirs alone."""

from __future__ import annotations

from typing import Any

import pytest

from rules.model import Employee
from rules.office.erasing import is_shared, meant_by, number_spellings, words_of
from rules.text.names import split_name


def somebody(name: str, **more: Any) -> Employee:
    split = split_name(name)
    return Employee(name, name, split.given, split.family, **more)


ERIKA = somebody(
    "Beispiel, Dr. Erika", email="erika@example.org", mobile="+491713920042", extension="+493023125110"
)


def test_a_name_is_looked_for_in_each_order_with_address_and_mobile_number() -> None:
    words = words_of(ERIKA)
    assert {"Beispiel, Dr. Erika", "Erika Beispiel", "Beispiel, Erika", "Dr. Erika Beispiel"} <= set(words)
    assert {"erika@example.org", "+491713920042", "0171 3920042"} <= set(words)
    assert "+493023125110" not in words, "an extension may be everybody's"


@pytest.mark.parametrize("name", ["Labor", "Meier", "Empfang"])
def test_a_name_of_one_word_is_looked_for_in_no_text(name: str) -> None:
    assert words_of(somebody(name)) == ()


def test_what_a_colleague_has_too_is_not_theirs_alone() -> None:
    assert is_shared("erika@example.org", somebody("Jens Meier", email="Erika@example.org"))
    assert is_shared("Beispiel, Dr. Erika", somebody("Beispiel, Dr. Erika"))
    assert not is_shared("erika@example.org", somebody("Jens Meier"))


def test_a_number_is_looked_for_by_its_digits_at_home_and_from_abroad() -> None:
    assert number_spellings(["+491713920042"], "DE") == ("491713920042", "01713920042")
    assert number_spellings(["+4930"], "DE") == ()


def test_whoever_is_meant_has_all_words_in_the_name() -> None:
    assert meant_by("erika beisp", ERIKA)
    assert not meant_by("erika meier", ERIKA)
