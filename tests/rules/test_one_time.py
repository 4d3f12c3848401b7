from __future__ import annotations

import pytest

from rules.access import one_time

SECRET = b"12345678901234567890"
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
RFC_4226 = [
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
]
NOW = one_time.step_of(2000000000)


@pytest.mark.parametrize("seconds", RFC_6238)
def test_codes_by_time_are_those_of_the_standard(seconds: int) -> None:
    assert one_time.code_at(SECRET, one_time.step_of(seconds), digits=8) == RFC_6238[seconds]


def test_codes_by_count_are_those_of_the_standard() -> None:
    assert [one_time.code_at(SECRET, count) for count in range(10)] == RFC_4226


@pytest.mark.parametrize("drift,taken", [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(drift: int, taken: bool) -> None:
    typed = one_time.code_at(SECRET, NOW + drift)
    assert one_time.matching_step(SECRET, typed, NOW, 0) == (NOW + drift if taken else None)


def test_a_code_and_those_before_it_are_taken_once() -> None:
    codes = {step: one_time.code_at(SECRET, step) for step in (NOW - 1, NOW, NOW + 1)}
    assert one_time.matching_step(SECRET, codes[NOW], NOW, NOW) is None
    assert one_time.matching_step(SECRET, codes[NOW - 1], NOW, NOW) is None
    assert one_time.matching_step(SECRET, codes[NOW + 1], NOW, NOW) == NOW + 1


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1}\n", "{0}\u00a0{1}"])
def test_blanks_and_hyphens_do_not_matter(typed: str) -> None:
    code = one_time.code_at(SECRET, NOW)
    assert one_time.matching_step(SECRET, typed.format(code[:3], code[3:]), NOW, 0) == NOW


@pytest.mark.parametrize("typed", ["", "0", "000000", "12345", "1234567", "ÀÉ½²34", "x" * 10_000, "\ud800"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert one_time.matching_step(SECRET, typed, NOW, 0) is None


def test_a_phone_is_told_in_words_and_by_an_address() -> None:
    assert one_time.secret_words(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    address = one_time.app_address(SECRET, "Sekretariat", "anna keller@example.org")
    assert address == (
        "otpauth://totp/Sekretariat:anna%20keller%40example.org"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sekretariat"
    )


def test_a_recovery_code_is_known_however_it_is_typed() -> None:
    words = one_time.recovery_words(bytes(range(10)))
    assert words == "AAAQ-EAYE-AUDA-OCAJ"
    kept = one_time.recovery_hash("anna", words)
    assert one_time.recovery_hash("anna", " aaaq eaye audaocaj ") == kept
    assert one_time.recovery_hash("ben", words) != kept
