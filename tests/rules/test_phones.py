"""What a given phone may be called, and what is kept of its password."""

from __future__ import annotations

import hashlib
import re

import pytest

from rules.access.phones import PASSWORD_BYTES, password_digest, password_words, phone_name

NAMES = {
    "PJSIP/anna": "anna",
    "PJSIP/101": "101",
    "PJSIP/Anna-Keller_2": "Anna-Keller_2",
    "PJSIP/" + "a" * 40: "a" * 40,
    "PJSIP/" + "a" * 41: None,
    "PJSIP/": None,
    "PJSIP/-anna": None,
    "PJSIP/ann a": None,
    "PJSIP/anna\n": None,
    "PJSIP/anna/ben": None,
    "PJSIP/anna,ben": None,
    "PJSIP/änne": None,
    "PJSIP/a)${SHELL(x)}": None,
    "PJSIP/trunk": None,
    "PJSIP/Trunk": None,
    "PJSIP/anonymous": None,
    "SIP/anna": None,
    "Local/anna": None,
    "anna": None,
    "": None,
}


@pytest.mark.parametrize("interface", NAMES)
def test_only_a_plain_name_is_a_phone(interface: str) -> None:
    assert phone_name(interface) == NAMES[interface]


def test_the_password_can_be_typed_and_no_two_are_alike() -> None:
    assert password_words(bytes(range(PASSWORD_BYTES))) == "aaaq-eaye-auda-ocaj"
    words = {password_words(bytes([n]) * PASSWORD_BYTES) for n in range(256)}
    assert len(words) == 256
    assert all(re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", one) for one in words)


def test_the_digest_is_that_of_sip() -> None:
    expected = hashlib.md5(b"anna:asterisk:aaaq-eayd", usedforsecurity=False).hexdigest()
    assert password_digest("anna", "aaaq-eayd") == expected
    assert password_digest("ben", "aaaq-eayd") != expected
