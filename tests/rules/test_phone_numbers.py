from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.phone_numbers import (
    dial_digits,
    digits_off,
    digits_too_few,
    digits_too_many,
    international,
    is_block,
    is_mobile,
    is_two,
    is_withheld,
    matches,
    national,
    normalise_pattern,
    signalled,
    to_e164,
)

OFFICE = "+493023125100"
MOBILE = "+491713920042"


@pytest.mark.parametrize(
    "raw",
    [
        "+493023125100",
        "030 23125-100",
        "030/23125-100",
        "(030) 23125100",
        "(0)30 23125100",
        "+49 (0)30 23125-100",
        "+49(0)30/23125 100",
        "0049 30 23125100",
        "0049 (0) 30 23125100",
        "493023125100",  # bare country code, as carriers signal it
        "3023125100",  # national number without its zero, as ISDN trunks signal it
        "030 23125100 ext. 12",
        "030 23125100 x12",
        "030 23125100 Durchwahl 5",
        "030\u00a023125\u2011100",
        "０３０２３１２５１００",
        "٠٣٠٢٣١٢٥١٠٠",
        "sip:+493023125100@trunk.example;user=phone",
        '"Mustermann AG" <sip:%2B493023125100@trunk.example>;tag=1',
        "tel:+49-30-23125-100",
        "tel:23125100;phone-context=+4930",
        "+493023125100@trunk.example",
    ],
)
def test_every_way_to_write_a_number_means_the_same(raw: str) -> None:
    assert to_e164(raw, "DE") == OFFICE


@pytest.mark.parametrize(
    "raw, region, number",
    [
        ("0171 3920042", "DE", MOBILE),
        ("491713920042", "DE", MOBILE),
        (
            "4941 12345",
            "DE",
            "+49494112345",
        ),  # area code 04941: a number with country code would be too short
        ("14155552671", "DE", "+14155552671"),
        ("0033 1 42 68 53 00", "DE", "+33142685300"),
        ("+39 (0)6 69812345", "DE", "+390669812345"),  # Italy keeps its zero
        ("01 58858", "AT", "+43158858"),
        ("044 668 18 00", "CH", "+41446681800"),
        ("020 7946 0000", "GB", "+442079460000"),
    ],
)
def test_national_numbers_follow_the_region(raw: str, region: str, number: str) -> None:
    assert to_e164(raw, region) == number


@pytest.mark.parametrize(
    "raw",
    ["", " ", "anna", "101", "110", "*31#030", "+", "+49", "+4930+23", "2" * 40, "anonymous", "0800FLOWERS"],
)
def test_what_is_no_number_becomes_nothing(raw: str) -> None:
    assert to_e164(raw, "DE") == ""


@pytest.mark.parametrize(
    "raw",
    [
        "030 23125-110/-111",
        "030 23125-110 / -111",
        "030/23125-110/-111",
        "030 23125110/111",
        "030 23125110 / 0171 3920042",
        "+49 30 23125110/+49 30 23125111",
        "030 23125110 // 030 23125111",
        "030 23125110, 030 23125111",
        "0171-3920042;0171-3920043",
        "0171 3920042 oder 0171 3920043",
        "030 23125110 or 030 23125111",
        "030 23125110 u. 030 23125111",
        "030 23125110\n030 23125111",
        "+49 30 23125110 bzw. 0171 3920042",
        "030 23125110 + 0171 3920042",
    ],
)
def test_two_numbers_are_none(raw: str) -> None:
    assert to_e164(raw, "DE") == ""
    assert is_two(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "030/23125-100",
        "+49(0)30/23125 100",
        "0049 (0)30 / 23125100",
        "030, 23125100",
        "030 23125, DW 100",
        "030 23125100 + 5",
        "+49 + 30",
        "",
        "anna",
        "oder",
        ",;",
    ],
)
def test_one_number_is_not_two(raw: str) -> None:
    assert not is_two(raw)


@pytest.mark.parametrize(
    "raw, number",
    [
        ("\u202a+49 171 3920042\u202c", MOBILE),
        ("\u2066+49 171 3920042\u2069", MOBILE),
        ("\ufeff0171\u200b3920042\u200e", MOBILE),
        ("030 23125 Durchwahl 117", "+493023125117"),
        ("030 23125-0 Durchwahl 117", "+493023125117"),
        ("030 / 23125, DW -117", "+493023125117"),
        ("+49 (0)30 23125 App. 117", "+493023125117"),
        ("0049 30 23125 Nst 117", "+493023125117"),
        ("04941 12345 ext. 12", "+49494112345"),
    ],
)
def test_marks_that_nobody_sees_and_direct_lines_are_read(raw: str, number: str) -> None:
    assert to_e164(raw, "DE") == number


@pytest.mark.parametrize(
    "number, off",
    [
        ("+49170123456789", 1),
        ("+491761234567890", 2),
        ("+491713920", -3),
        (MOBILE, 0),
        (OFFICE, 0),
        ("+4930231251001234", 0),
    ],
)
def test_a_number_plainly_meant_as_a_mobile_one_says_how_many_digits_it_is_off(number: str, off: int) -> None:
    assert digits_off(number) == off


@pytest.mark.parametrize(
    "typed, few",
    [
        ("0171 392000", 1),
        ("0171 39200", 2),
        ("0171/392", 4),
        ("171 392000", 1),
        ("0171 3920001", 0),
        ("030 23125", 0),
        ("110", 0),
        ("0171", 0),
        ("0171 392000 privat", 0),
        ("", 0),
    ],
)
def test_digits_that_a_mobile_number_lacks_are_counted_without_its_country_too(typed: str, few: int) -> None:
    assert digits_too_few(typed) == few


def test_digits_beyond_the_longest_number_are_counted() -> None:
    assert digits_too_many("+4930231251001234567") == 4
    assert digits_too_many("030 23125100") == digits_too_many("anna") == 0


@given(st.text(max_size=300))
def test_no_text_whatever_breaks_it(raw: str) -> None:
    number = to_e164(raw, "DE")
    assert number == "" or (number[0] == "+" and number[1:].isascii() and number[1:].isdigit())
    assert to_e164(number, "DE") == number
    is_withheld(raw)
    normalise_pattern(raw, "DE")


@given(
    st.integers(0, 999),
    st.sampled_from(["+49 30 23125-{}", "030 23125 {}", "0049(0)30/23125{}", "493023125{}"]),
)
def test_our_whole_number_range_is_read(extension: int, form: str) -> None:
    assert to_e164(form.format(f"{extension:03}"), "DE") == f"+493023125{extension:03}"


@pytest.mark.parametrize(
    "raw",
    ["", "anonymous", "Anonymous", "sip:anonymous@anonymous.invalid", '"Anonymous" <sip:anonymous@x.invalid>',
     "Unbekannt", "unavailable", "Restricted", "<unknown>"],
)  # fmt: skip
def test_withheld_numbers_are_recognised(raw: str) -> None:
    assert is_withheld(raw)


@pytest.mark.parametrize("raw", [OFFICE, "0171 3920042", "anna", "Anonymus GmbH"])
def test_other_callers_are_not_withheld(raw: str) -> None:
    assert not is_withheld(raw)


def test_numbers_are_shown_the_way_people_write_them() -> None:
    assert international(OFFICE) == "+49 30 23125100"
    assert international(OFFICE, "+493023125*") == "+49 30 23125-100"
    assert international(OFFICE, "+4940*") == "+49 30 23125100"
    assert international("+493023125", "+493023125*") == "+49 30 23125"
    assert international(MOBILE) == "+49 171 3920042"
    assert national(OFFICE, "DE") == "030 23125100"
    assert national(OFFICE, "AT") == "+49 30 23125100"
    assert international("unreadable") == national("unreadable") == "unreadable"
    assert dial_digits(OFFICE) == "493023125100"


def test_only_mobile_numbers_take_an_sms() -> None:
    assert is_mobile(MOBILE)
    assert not is_mobile(OFFICE)
    assert not is_mobile("")


@pytest.mark.parametrize(
    "raw, pattern",
    [
        ("+4930123*", "+4930123*"),
        ("030 / 123*", "+4930123*"),
        ("0049 30 123 *", "+4930123*"),
        ("4930123*", "+4930123*"),
        ("+881*", "+881*"),
        ("+1*", "+1*"),
        ("030 23125-100", OFFICE),
        ("*", ""),
        ("+*", ""),
        ("+999*", ""),
        ("abc*", ""),
        ("030*123*", ""),
        ("101", ""),
    ],
)
def test_blocks_are_stored_in_one_form(raw: str, pattern: str) -> None:
    assert normalise_pattern(raw, "DE") == pattern


def test_a_block_holds_what_begins_like_it() -> None:
    assert is_block("+493023125*")
    assert not is_block(OFFICE)
    assert matches("+493023125*", OFFICE)
    assert matches(OFFICE, OFFICE)
    assert not matches("+493023126*", OFFICE)
    assert not matches("+49302312510", OFFICE)
    assert not matches("*", "")


@pytest.mark.parametrize(
    "raw,number",
    [
        ("+493023125123456", "+493023125123456"),  # fifteen digits, as many as there can be
        ("+4930231251234567", ""),
        ("004930231251234567", ""),
        ("030231251234567", ""),
        ("4930231251234567", ""),
        ("tel:+4930231251234567", ""),
        ("+4917139200421234", ""),
        ("1234567890123456", ""),
        ("+4930231251234567*", ""),
        ("+49302312512345*", "+49302312512345*"),
    ],
)
def test_no_number_is_longer_than_numbers_are(raw: str, number: str) -> None:
    assert normalise_pattern(raw) == number
    if "*" not in raw:
        assert to_e164(raw) == signalled(raw, "493023125100") == number


def test_how_many_digits_are_too_many() -> None:
    assert digits_too_many("+4930231251234567") == 1
    assert digits_too_many("+493023125123456") == 0
