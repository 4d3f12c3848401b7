from __future__ import annotations

from dataclasses import replace

import pytest

from rules.customers.employee import Ties, is_mutual, read_employee, texts_of, ties
from rules.model import Employee, PutThrough, VipCaller
from rules.stepwise import at_once
from rules.text.dialling import DialRules
from rules.text.email import is_email
from tests.rules.sample_facts import ERIKA, JENS, LENA, MUSTERMANN, company

STAFF = {"erika", "jens", "lena"}


def read(**typed: str) -> Employee | tuple[tuple[str, str], ...]:
    """Erika with some texts typed anew: the employee, or field and code of each fault."""
    result = read_employee(texts_of(ERIKA) | typed, ERIKA, STAFF, DialRules())
    return result if isinstance(result, Employee) else tuple((one.field, one.code) for one in result)


def test_what_is_shown_reads_back_as_it_was() -> None:
    for person in (ERIKA, JENS, replace(LENA, cc=("a@example.org", "b@example.org"), ring_seconds=15)):
        assert read_employee(texts_of(person), person, STAFF, DialRules()) == person


@pytest.mark.parametrize("name", ["Erika Beispiel", "Beispiel, Erika"])
def test_both_name_forms_are_kept_as_typed_and_understood(name: str) -> None:
    person = read(name=f"  {name} ")
    assert isinstance(person, Employee)
    assert (person.name, person.given_name, person.family_name) == (name, "Erika", "Beispiel")


def test_numbers_are_stored_in_e164_however_typed() -> None:
    person = read(mobile="0171 / 39200-01", extension="030 23125-110", put_through="vip", ring_seconds="15")
    assert isinstance(person, Employee)
    assert (person.mobile, person.extension) == ("+491713920001", "+493023125110")
    assert (person.put_through, person.ring_seconds) == (PutThrough.VIP, 15)


@pytest.mark.parametrize(
    "typed, fault",
    [
        ({"name": " "}, ("name", "name_missing")),
        ({"name": "4711"}, ("name", "name_unreadable")),
        ({"name": "Erika\tBeispiel"}, ("name", "one_line")),
        ({"position": "x" * 121}, ("position", "too_long")),
        ({"email": "erika@"}, ("email", "email")),
        ({"email": "a@example.org, b@example.org"}, ("email", "email_two")),
        ({"email": "a@example.org ::: b@example.org"}, ("email", "email_two")),
        ({"extension": "030 23125-"}, ("extension", "extension_open")),
        ({"extension": "030 23125110 (Zentrale)"}, ("extension", "extension_words")),
        ({"cc": "a@example.org, b@"}, ("cc", "cc")),
        ({"cc": " ".join(f"a{n}@example.org" for n in range(21))}, ("cc", "cc_too_many")),
        ({"mobile": "drei"}, ("mobile", "mobile_unreadable")),
        ({"mobile": "+49170123456789"}, ("mobile", "mobile_too_long")),
        ({"sms": "yes", "mobile": "+491713920"}, ("mobile", "mobile_too_short")),
        ({"mobile": "0171 3920042/-43"}, ("mobile", "mobile_two")),
        ({"mobile": "0171 3920042, 0171 3920043"}, ("mobile", "mobile_two")),
        ({"mobile": "0171 3920042 oder 030 23125110"}, ("mobile", "mobile_two")),
        ({"mobile": "0171 39200"}, ("mobile", "mobile_too_short")),
        ({"mobile": "0171 392004"}, ("mobile", "mobile_too_short")),
        ({"mobile": "+491713920042 privat"}, ("mobile", "mobile_words")),
        ({"mobile": "Handy: 0171/39 200-42"}, ("mobile", "mobile_words")),
        ({"mobile": "'+491713920042"}, ("mobile", "mobile_unreadable")),
        ({"sms": "yes", "mobile": ""}, ("mobile", "mobile_missing")),
        ({"vip_sms": "yes", "mobile": ""}, ("mobile", "mobile_missing")),
        ({"sms": "yes", "mobile": "030 23125110"}, ("mobile", "mobile_not_mobile")),
        ({"deputy": "erika"}, ("deputy", "deputy_self")),
        ({"deputy": "stranger"}, ("deputy", "deputy_unknown")),
        ({"extension": ""}, ("extension", "extension_missing")),
        ({"extension": "17"}, ("extension", "extension_short")),
        ({"extension": "23125-110"}, ("extension", "extension_unreadable")),
        ({"extension": "030 23125110, 030 23125111"}, ("extension", "extension_unreadable")),
        ({"extension": "*21#"}, ("extension", "extension_service_code")),
        ({"extension": "0900 123456"}, ("extension", "extension_premium")),
        ({"extension": "+1 212 5550100"}, ("extension", "extension_country")),
        ({"put_through": "sometimes"}, ("put_through", "put_through_unknown")),
        ({"ring_seconds": "4"}, ("ring_seconds", "ring_seconds")),
        ({"ring_seconds": "²"}, ("ring_seconds", "ring_seconds")),
    ],
)
def test_each_fault_is_the_one_meant(typed: dict[str, str], fault: tuple[str, str]) -> None:
    assert read(**typed) == (fault,)


def test_faults_come_in_the_order_of_the_form() -> None:
    assert read(ring_seconds="x", name="", email="?") == (
        ("name", "name_missing"), ("email", "email"), ("ring_seconds", "ring_seconds"),
    )  # fmt: skip


def test_who_is_still_counted_on() -> None:
    vip = VipCaller("v", "+491713920042", "Hans Müller", employee_id="erika")
    staff = company(ERIKA, JENS, replace(LENA, cc=("Erika@mustermann.example",)))
    mustermann = replace(staff, vip_callers=(vip,), default_email="erika@mustermann.example")

    assert at_once(ties(mustermann, ERIKA)) == Ties(("Jens Meier",), ("Lena Vogel",), True, ("Hans Müller",))
    assert not at_once(ties(MUSTERMANN, LENA))
    assert is_mutual(MUSTERMANN, ERIKA)
    assert not is_mutual(MUSTERMANN, LENA)


@pytest.mark.parametrize(
    "text, fine",
    [
        ("erika@mustermann.example", True),
        ("erika.beispiel+anrufe@büro.mustermann.example", True),
        ("erika@localhost", False),
        ("erika@@example.org", False),
        ("erika@example.org\nBcc: x@example.org", False),
        ("Erika <erika@example.org>", False),
        (".erika@example.org", False),
        ("e" * 250 + "@example.org", False),
    ],
)
def test_addresses(text: str, fine: bool) -> None:
    assert is_email(text) is fine
