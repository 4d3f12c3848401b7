from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.dialling import DialRefusal, DialRules, may_dial, to_dial
from rules.text.phone_numbers import to_e164

GERMANY = DialRules()
EUROPE = DialRules(countries=("DE", "AT", "FR"))

REFUSED = {
    DialRefusal.UNREADABLE: ["", "hello", "+", "030 23125100,,1", "sip:anna@trunk.example", "23125100"],
    DialRefusal.SERVICE_CODE: ["*21*0171#", "#31#030 23125100", "＊21", "030 23125100#"],
    DialRefusal.EMERGENCY: ["110", "112", "+49110", "0049 112", "11 0", "١١٢", "019222", "116117", "911"],
    DialRefusal.SHORT: ["0", "12", "101", "030 1", "22333", "+4930"],
    DialRefusal.PREMIUM: [
        "0900 1234567", "+49900 1234567", "0049 900 1234567", "+49 (0)900 1234567", "490900 1234567",
        "٠٩٠٠1234567",
        "0137 7123456", "+491377123456", "0138 123456", "0180 5123456", "01805123456", "0190 123456",
        "11833", "+4911880", "118 99", "0118 33", "010 33 030 23125100", "01033", "012 34567", "+4912345678",
        "019 12345", "+491912345", "4990012345", "００４９９００１２３４５６７",
    ],
    DialRefusal.SATELLITE: [
        "+881 612345678", "00881612345678", "+88216 123456", "+883 510012345", "+870 773123456",
        "00870773123456",        "+979 123456789",
    ],
    DialRefusal.COUNTRY: ["+33142685300", "0033142685300", "+1 876 555 1234", "+43158858", "+442079460000"],
    DialRefusal.KIND: ["0800 1234567", "+4931112345678", "0700 12345678", "+4932212345678"],
}  # fmt: skip


@pytest.mark.parametrize(
    "code, number", [(code, number) for code, numbers in REFUSED.items() for number in numbers]
)
def test_such_a_number_is_never_dialled(code: DialRefusal, number: str) -> None:
    decision = may_dial(number, GERMANY)
    assert not decision
    assert decision.code == code


def test_every_reason_has_its_example() -> None:
    assert {*REFUSED, DialRefusal.INTERNAL} == set(DialRefusal)


@pytest.mark.parametrize(
    "number", ["030 23125-100", "+493023125999", "0171 3920042", "00491713920099", "(030) 23125 100"]
)
def test_german_telephones_may_be_dialled(number: str) -> None:
    assert may_dial(number, GERMANY)


def test_the_list_of_countries_opens_telephones_but_nothing_else() -> None:
    assert may_dial("+33142685300", EUROPE)
    assert may_dial("+43158858", EUROPE)
    for number in ["+33 899 123456", "+43 900 123456", "+881612345678", "+49900123456", "+33112"]:
        assert not may_dial(number, EUROPE), number


def test_the_list_of_kinds_narrows_and_widens() -> None:
    assert may_dial("+4932212345678", DialRules(kinds=("voip",)))
    assert not may_dial("+493023125100", DialRules(kinds=("voip", "mobile")))
    assert not may_dial("0171 3920042", DialRules(kinds=("geographic",)))


INTERNAL = DialRules(internal="[1-8][0-9]{1,3}|23[0-9]{3}")


@pytest.mark.parametrize(
    "typed, number", [("12", "12"), ("8999", "8999"), (" 23-100", "23100"), ("٢٣", "23")]
)
def test_internal_extensions_of_the_operator_are_dialled_as_they_are(typed: str, number: str) -> None:
    assert may_dial(typed, INTERNAL)
    assert to_dial(typed, INTERNAL) == number
    assert may_dial(typed, GERMANY).code == DialRefusal.SHORT  # type: ignore[union-attr]
    assert to_dial(typed, GERMANY) == ""


@pytest.mark.parametrize(
    "number, code",
    [
        ("9000", DialRefusal.INTERNAL),
        ("24100", DialRefusal.INTERNAL),
        ("9", DialRefusal.SHORT),
        ("012", DialRefusal.PREMIUM),
        ("0123", DialRefusal.PREMIUM),
        ("110", DialRefusal.EMERGENCY),
        ("112", DialRefusal.EMERGENCY),
        ("11833", DialRefusal.PREMIUM),
        ("*23", DialRefusal.SERVICE_CODE),
        ("+4923", DialRefusal.SHORT),
    ],
)
def test_an_extension_outside_the_rule_is_not_dialled(number: str, code: DialRefusal) -> None:
    for rules in (INTERNAL, DialRules(internal=".*")):
        decision = may_dial(number, rules)
        if rules is INTERNAL or code is not DialRefusal.INTERNAL:
            assert not decision
            assert decision.code == code


def test_the_operators_own_rule_changes_nothing_for_telephones() -> None:
    assert may_dial("030 23125-100", INTERNAL)
    assert to_dial("030 23125-100", INTERNAL) == "+493023125100"
    assert to_dial("493023125100", INTERNAL) == "+493023125100"


PREFIXES = ["+", "00", "+49", "0049", "0", "", "+490", "49", "٠"]
NEVER = ["900", "137", "180", "190", "118", "881", "882", "883", "870", "979", "010", "012", "019"]


@given(st.sampled_from(PREFIXES), st.sampled_from(NEVER), st.text("0123456789 -/", max_size=12))
def test_no_spelling_gets_round_the_wall(prefix: str, special: str, rest: str) -> None:
    decision = may_dial(prefix + special + rest, GERMANY)
    number = to_e164(prefix + special + rest, "DE")
    forbidden = tuple("+49" + kind for kind in ("900", "137", "180", "190", "118", "10", "12", "19"))
    satellite = ("+881", "+882", "+883", "+870", "+979")
    if decision:
        assert number.startswith("+49")
        assert not number.startswith(forbidden + satellite)
