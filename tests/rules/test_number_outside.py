"""Numbers that a text names or an agent types: which are rung, and why the others are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.calls.number_outside import (
    MOST,
    MOST_LOOKED_AT,
    MOST_TEXTS,
    NamedNumber,
    OutsideRefusal,
    named_numbers,
    numbers_in,
    plan_outside,
)
from rules.calls.transfer import RingStep
from rules.decision import Refused
from rules.model import Caller, Customer, Employee, FaqEntry, PutThrough, Tariff
from rules.stepwise import at_once
from rules.text.dialling import DialRules

RULES = DialRules(internal="[1-8][0-9]{1,2}")
WITH, WITHOUT = Tariff("t", "Komfort", put_through=True), Tariff("b", "Basis", put_through=False)
ERIKA = Employee(
    "e", "Erika Beispiel", "Erika", "Beispiel", extension="030 23125-201", mobile="+491713920001",
    put_through=PutThrough.NONE,
)  # fmt: skip
COMPANY = Customer("m", "Mustermann AG", WITH, "", employees=(ERIKA,))
LINE, PUBLIC, CALLER = "+493023125100", "+493023125900", "+491713920077"


def is_ours(number: str) -> bool:
    return number in {LINE, PUBLIC}


@pytest.mark.parametrize(
    "typed, dialled",
    [
        ("030 23125 190", "+493023125190"),
        ("+49 (0)30 / 23125-190", "+493023125190"),
        ("0171 3920042", "+491713920042"),
        ("42", "42"),  # an internal extension that the operator opened
    ],
)
def test_what_may_be_rung(typed: str, dialled: str) -> None:
    plan = at_once(plan_outside(COMPANY, typed, Caller(CALLER), RULES, is_ours, 20))
    assert (plan.steps, plan.refusal) == ((RingStep("", dialled, 20),), None)


@pytest.mark.parametrize(
    "typed, reason",
    [
        ("0900 1234567", "premium"),
        ("01805 123456", "premium"),
        ("+43 1 5321234", "country"),
        ("+881 612345678", "satellite"),
        ("110", "emergency"),
        ("*21*0301234567#", "service_code"),
        ("", "unreadable"),
        ("Herr Meier", "unreadable"),
        ("030 23125190" * 9, "unreadable"),
        ("030 23125190, 0900 1234567", "unreadable"),
        ("999", "emergency"),
        ("912", "internal"),
    ],
)
def test_the_wall_against_toll_fraud_holds_for_typed_numbers(typed: str, reason: str) -> None:
    plan = at_once(plan_outside(COMPANY, typed, Caller(CALLER), RULES, is_ours, 20))
    known = {"unreadable": Refused(OutsideRefusal.UNREADABLE)}
    assert plan.refusal == known.get(reason, Refused(OutsideRefusal.NOT_ALLOWED, {"reason": reason}))
    assert plan.steps == ()


@pytest.mark.parametrize(
    "changes, typed, reason",
    [
        ({"tariff": WITHOUT}, "030 23125190", OutsideRefusal.TARIFF),
        ({"confidential": True}, "030 23125190", OutsideRefusal.CONFIDENTIAL),
        ({"tariff": WITHOUT, "confidential": True}, "0900 1234567", OutsideRefusal.TARIFF),
        ({}, "030 23125100", OutsideRefusal.OWN_LINE),
        ({}, "+49 30 23125 900", OutsideRefusal.OWN_LINE),
        ({}, "0171 3920077", OutsideRefusal.OF_THE_CALLER),
        # nobody's wish not to be put through to is got round
        ({}, "030 23125201", OutsideRefusal.OF_AN_EMPLOYEE),
        ({}, "0171 3920001", OutsideRefusal.OF_AN_EMPLOYEE),
    ],
)
def test_all_else_is_refused_in_words(changes: dict[str, Any], typed: str, reason: OutsideRefusal) -> None:
    plan = at_once(plan_outside(replace(COMPANY, **changes), typed, Caller(CALLER), RULES, is_ours, 20))
    assert plan.refusal == Refused(reason)
    assert plan.steps == ()


@pytest.mark.parametrize(
    "text, found",
    [
        ("Bei Wasserschaden: 030 23125 190.", [("030 23125 190", "Bei Wasserschaden")]),
        (
            "Notdienst 030/23125-190, nachts +49 171 3920042 anrufen",
            [("030/23125-190", "Notdienst"), ("+49 171 3920042", "nachts")],
        ),
        ("Immer freundlich. Notdienst: (030) 23125190", [("(030) 23125190", "Notdienst")]),
        ("Kundennummer 4711-0815, IBAN DE12 5001 0517 5407 3249 31", []),
        ("Geschlossen am 24.12.2026 und 01.01.2027, Beleg 2026/0012345", []),
        ("Preis 1.000.000,00 Euro; Uhrzeit 08:00-17:00", []),
        ("kein Wort", []),
    ],
)
def test_numbers_in_a_text(text: str, found: list[tuple[str, str]]) -> None:
    assert numbers_in(text) == found


def test_what_the_texts_of_a_company_offer() -> None:
    text = (
        "Notdienst: 030 23125190. Zentrale: 030 23125100. Frau Beispiel: 030 23125201. Teuer: 0900 1234567."
    )
    faq = (FaqEntry("1", "Hausmeister?", "Herr Vogt, 0171 3920042"), FaqEntry("2", "Not?", "030 23125-190"))
    company = replace(COMPANY, instruction=text, faq=faq)
    assert at_once(named_numbers(company, RULES, is_ours)) == (
        NamedNumber("+493023125190", "Notdienst"),
        NamedNumber("+491713920042", "Herr Vogt"),
    )
    assert at_once(named_numbers(replace(company, confidential=True), RULES, is_ours)) == ()
    assert at_once(named_numbers(replace(company, tariff=WITHOUT), RULES, is_ours)) == ()


def test_a_long_text_and_many_numbers_stay_few() -> None:
    many = " ".join(f"Nr. {n}: 030 231251{n:02}." for n in range(99)) + "0 " * 50_000
    found = at_once(named_numbers(replace(COMPANY, instruction=many), RULES, is_ours))
    assert len(found) == MOST


def test_each_step_is_small_and_their_number_has_a_limit() -> None:
    """A pop may have to wait for all of them."""
    many = " ".join(f"030 9{n:07}," for n in range(400))
    faq = tuple(FaqEntry(str(n), "Not?", many) for n in range(100))
    steps = named_numbers(replace(COMPANY, instruction=many, faq=faq), DialRules(countries=("AT",)), is_ours)
    assert MOST_LOOKED_AT <= sum(1 for _ in steps) <= MOST_LOOKED_AT + MOST_TEXTS + 2
