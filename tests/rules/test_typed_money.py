"""Money as people type it, exact to the millionth; what can be read in two ways is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.fault import Fault
from rules.text.typed_money import read_money, written_money

EURO = 1_000_000


@pytest.mark.parametrize(
    ("typed", "micros"),
    [
        ("0,10", EURO // 10),
        ("0.10", EURO // 10),
        ("12,50 €", 12_500_000),
        ("12,50\N{NO-BREAK SPACE}€", 12_500_000),
        ("€ 12.50", 12_500_000),
        ("EUR 12", 12 * EURO),
        ("12 Euro", 12 * EURO),
        ("12,- €", 12 * EURO),
        ("12,\N{EN DASH}", 12 * EURO),
        ("1.234,50", 1_234_500_000),
        ("1,234.50", 1_234_500_000),
        ("1 234,5", 1_234_500_000),
        ("1'234'567", 1_234_567 * EURO),
        ("1.234.567", 1_234_567 * EURO),
        ("1234,567", 1_234_567_000),
        ("0,125", 125_000),
        (",5", EURO // 2),
        ("10 ct", EURO // 10),
        ("9,5 Cent", 95_000),
        ("-12,50", -12_500_000),
        ("\N{MINUS SIGN}12,50 €", -12_500_000),
        ("€ -5", -5 * EURO),
        ("- 10 ct", -EURO // 10),
        ("0,000001", 1),
        ("  ", 0),
    ],
)
def test_it_is_read_as_it_is_meant(typed: str, micros: int) -> None:
    assert read_money("sms_micros", typed) == micros


@pytest.mark.parametrize(
    "typed",
    [
        "zehn",
        "€",
        "-",
        "1,2,3",
        "1.23.456",
        "1..5",
        "--5",
        "5-",
        "0,1234567",
        "0,00001 ct",
        "1e5",
        "٣",
        "9" * 41,
    ],
)
def test_what_is_no_amount_is_named_with_its_field(typed: str) -> None:
    assert read_money("sms_micros", typed) == Fault("sms_micros", "money_unreadable")


@pytest.mark.parametrize(("typed", "exact"), [("1.250", "1.2500"), ("1,250 €", "1,2500")])
def test_three_places_may_be_thousands_and_are_asked(typed: str, exact: str) -> None:
    fault = read_money("base_micros", typed)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.params) == ("money_unclear", {"whole": "1250", "exact": exact})
    assert read_money("base_micros", exact) == 1_250_000
    assert read_money("base_micros", fault.params["whole"]) == 1_250 * EURO


@given(st.integers(-(10**13), 10**13), st.sampled_from([",", "."]))
def test_what_is_written_is_read_as_the_same(micros: int, point: str) -> None:
    assert read_money("any", written_money(micros, point)) == micros


def test_it_is_written_with_cents() -> None:
    assert [written_money(one, ",") for one in (0, 100_000, 1_250_500, 1_125_000, 125_000, -5 * EURO)] == [
        "0,00",
        "0,10",
        "1,2505",
        "1,1250",
        "0,125",
        "-5,00",
    ]
