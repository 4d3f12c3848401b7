"""No password that is easy to guess is taken, and none that is hard to."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access.passwords import LONGEST, weakness

NAMES = ("anna", "anna.keller@example.org", "Anna", "Keller", "Mustermann AG")
WEAK = {
    "kurz": "password_too_short",
    "neun Zeic": "password_too_short",
    "": "password_too_short",
    "x" * (LONGEST + 1): "password_too_long",
    "passwort1234": "password_common",
    "Passwort2026!": "password_common",
    "P4ssw0rt2026": "password_common",
    "PasswortPasswort": "password_common",
    "Kennwort-Geheim-1": "password_common",
    "willkommen2026": "password_common",
    "Sekretariat!!": "password_common",
    "Sommer2026!!": "password_common",
    "hallohallohallo": "password_common",
    "1234567890": "password_common",
    "0987654321": "password_common",
    "qwertzuiop": "password_common",
    "qwertz123456": "password_common",
    "abcdefghijkl": "password_common",
    "aaaaaaaaaaaa": "password_common",
    "abababababab": "password_common",
    "annakeller": "password_names_you",
    "Anna.Keller1": "password_names_you",
    "KELLER2026!!": "password_names_you",
    "anna.keller@example.org": "password_names_you",
    "MustermannAG1": "password_names_you",
    "Mustermann-Mustermann": "password_names_you",
}
GOOD = (
    "ein Satz den nur Erika kennt",
    "nur-zum-ausprobieren",
    "Zwölf Äpfel im Korb",
    "Drei Birnen am Baum",
    "r7Kq0vPz2mXw",
    "Annas Katze mag keinen Lärm",
    "pferd batterie heftklammer richtig",
    "密码是一只红色的小猫在跑步呢",
    "x1" + "äöü" * 60 + "ganz anders",
    "            leer davor",
)


@pytest.mark.parametrize("password", WEAK)
def test_what_is_easy_to_guess_is_refused(password: str) -> None:
    refused = weakness(password, NAMES)
    assert refused is not None, password
    assert refused.code == WEAK[password]


@pytest.mark.parametrize("password", GOOD)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    assert weakness(password, NAMES, staff=True) is None


def test_signs_of_one_letter_are_counted_as_one() -> None:
    """Nine letters are too few, two hundred of four hundred signs not too many."""
    short = weakness(unicodedata.normalize("NFD", "Ötztäl-üß"))
    assert short is not None
    assert short.code == "password_too_short"
    assert weakness(unicodedata.normalize("NFD", "äöü" * 60 + "ganz anders")) is None


def test_whoever_sees_many_companies_needs_a_longer_one() -> None:
    assert weakness("r7Kq0vPz2m") is None
    refused = weakness("r7Kq0vPz2m", staff=True)
    assert refused is not None
    assert (refused.code, refused.params["least"]) == ("password_too_short", "12")


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_gets_an_answer(password: str, names: list[str]) -> None:
    refused = weakness(password, names)
    assert refused is None or refused.code.startswith("password_")
    if not 10 <= len(password) <= LONGEST:
        assert refused is not None
