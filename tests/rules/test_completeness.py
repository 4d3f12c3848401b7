from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.customers.completeness import Finding, Gap, Severity, check, date_gone_by
from rules.model import Appointment, Customer, PutThrough, VipCaller
from rules.text.dialling import DialRules
from tests.rules.sample_facts import (
    ERIKA,
    HANS_NUMBER,
    JENS,
    MONDAY_TEN,
    MUSTERMANN,
    WITHOUT_PUT_THROUGH,
    company,
    local,
)

AWAY = Appointment("urlaub", "im Urlaub", local(2026, 11, 23), local(2026, 11, 28), all_day=True)
VIP_ONLY = replace(ERIKA, put_through=PutThrough.VIP)

CASES: list[tuple[Customer, Gap, str, str | None]] = [
    (replace(MUSTERMANN, greeting="Guten Tag, [Anna]"), Gap.GREETING, "greeting", None),
    (replace(MUSTERMANN, default_email=""), Gap.NO_DEFAULT_ADDRESS, "default_email", None),
    (company(), Gap.NO_EMPLOYEES, "employees", None),
    (replace(MUSTERMANN, instruction="Notdienst bis 18.10.2026."), Gap.DATE_GONE_BY, "instruction", None),
    (company(replace(ERIKA, email=""), JENS), Gap.NO_EMAIL, "email", "erika"),
    (company(replace(ERIKA, sms=True, mobile=""), JENS), Gap.SMS_WITHOUT_MOBILE, "mobile", "erika"),
    (
        company(replace(ERIKA, vip_sms=True, mobile="+493023125100"), JENS),
        Gap.SMS_WITHOUT_MOBILE,
        "mobile",
        "erika",
    ),
    (company(replace(ERIKA, deputy_id="gone")), Gap.DEPUTY_GONE, "deputy", "erika"),
    (
        replace(company(ERIKA), tariff=WITHOUT_PUT_THROUGH),
        Gap.TARIFF_WITHOUT_PUT_THROUGH,
        "put_through",
        "erika",
    ),
    (company(replace(ERIKA, extension=""), JENS), Gap.NO_EXTENSION, "extension", "erika"),
    (company(replace(ERIKA, extension="0900 1234567"), JENS), Gap.NUMBER_NOT_ALLOWED, "extension", "erika"),
    (
        replace(company(replace(ERIKA, extension="+493023125000"), JENS), public_numbers=("030 23125-000",)),
        Gap.COMES_BACK,
        "extension",
        "erika",
    ),
    (company(VIP_ONLY, JENS), Gap.VIP_ONLY_WITHOUT_VIPS, "put_through", "erika"),
    (
        company(replace(ERIKA, extension=""), replace(JENS, extension="")),
        Gap.NOBODY_REACHABLE,
        "deputy",
        "erika",
    ),
    (
        company(ERIKA, replace(JENS, put_through=PutThrough.NONE)),
        Gap.DEPUTY_TAKES_NO_CALLS,
        "deputy",
        "erika",
    ),
    (company(ERIKA, replace(JENS, extension="")), Gap.DEPUTY_TAKES_NO_CALLS, "deputy", "erika"),
    (
        company(replace(ERIKA, appointments=(AWAY,)), replace(JENS, appointments=(AWAY,))),
        Gap.BOTH_AWAY,
        "deputy",
        "erika",
    ),
    (
        company(replace(ERIKA, absence_info="im Urlaub bis 20.11."), JENS),
        Gap.DATE_GONE_BY,
        "absence_info",
        "erika",
    ),
]


@pytest.mark.parametrize("customer, gap, field, employee", CASES)
def test_what_was_forgotten_is_found_with_its_place(
    customer: Customer, gap: Gap, field: str, employee: str | None
) -> None:
    found = check(customer, MONDAY_TEN, DialRules())
    assert (gap, field, employee) in [(f.code, f.field, f.employee_id) for f in found]


def test_every_gap_has_its_case() -> None:
    assert {gap for _, gap, _, _ in CASES} == set(Gap)


def test_a_complete_customer_has_no_gaps() -> None:
    assert check(MUSTERMANN, MONDAY_TEN, DialRules()) == ()
    with_vip = replace(company(VIP_ONLY, JENS), vip_callers=(VipCaller("v", HANS_NUMBER, "Hans"),))
    assert check(with_vip, MONDAY_TEN, DialRules()) == ()


def test_errors_come_first_and_say_what_is_wrong() -> None:
    house = replace(
        company(replace(ERIKA, email="", deputy_id=None, extension="0900 1")), greeting="Guten Tag"
    )
    found = check(house, MONDAY_TEN, DialRules())
    assert [f.severity for f in found] == [Severity.ERROR, Severity.ERROR, Severity.WARNING]
    assert found[0] == Finding(Severity.ERROR, Gap.GREETING, "greeting", None, {"fault": "no_placeholder"})
    assert found[1].params == {"reason": "premium"}


@pytest.mark.parametrize(
    "extension, internal, reason",
    [
        ("23", "[1-8][0-9]", ""),
        ("90", "[1-8][0-9]", "internal"),
        ("23", "", "short"),
    ],
)
def test_internal_extensions_are_measured_by_the_operators_rule(
    extension: str, internal: str, reason: str
) -> None:
    house = company(replace(ERIKA, extension=extension, deputy_id=None))
    found = check(house, MONDAY_TEN, DialRules(internal=internal))
    assert [(one.code, one.params["reason"]) for one in found] == (
        [(Gap.NUMBER_NOT_ALLOWED, reason)] if reason else []
    )


@pytest.mark.parametrize(
    "extension, wish, severity",
    [
        ("+493023125900", PutThrough.ALL, Severity.ERROR),  # a line of ours
        ("+493023125000", PutThrough.ALL, Severity.WARNING),  # on the letterhead: forwarded to us
        ("+493023125900", PutThrough.NONE, None),
        ("+493023125110", PutThrough.ALL, None),
    ],
)
def test_an_extension_that_leads_back_to_us_is_found(
    extension: str, wish: PutThrough, severity: Severity | None
) -> None:
    person = replace(ERIKA, extension=extension, put_through=wish, deputy_id=None)
    house = replace(company(person), public_numbers=("+493023125000",))
    found = check(house, MONDAY_TEN, DialRules(), {"+493023125900": "ours"}.get)
    severities = [one.severity for one in found if one.code is Gap.COMES_BACK]
    assert severities == ([severity] if severity else [])


@pytest.mark.parametrize(
    "text, gone",
    [
        ("im Urlaub bis 18.10.", "bis 18.10."),
        ("bis zum 18.10.26 nicht da", "bis zum 18.10.26"),
        ("bis Fr 18.10.", "bis Fr 18.10."),
        ("away until 18.10.2026", "until 18.10.2026"),
        ("bis 20.10.", ""),  # the last day itself still holds
        ("bis 18.10.2027", ""),
        ("bis 10.01.", ""),
        ("bis 31.02.", ""),
        ("nur vormittags im Hause", ""),
        ("Rückrufe ab dem 18.10.", ""),
        ("01.10.-17.10.26 im Urlaub, wieder da ab dem 18.10.26", "01.10.-17.10.26"),
        ("Urlaub 01.10.2026 – 17.10.2026", "01.10.2026 – 17.10.2026"),
        ("Urlaub 1.-17.10.", "1.-17.10."),
        ("Urlaub 01.10.-20.10.26", ""),
        ("bis 18. Oktober", "bis 18. Oktober"),
        ("bis einschließlich 18. Okt. 2026", "bis einschließlich 18. Okt. 2026"),
        ("bis 18. November", ""),
        ("Zimmer 3.-4. Stock", ""),
    ],
)
def test_a_date_that_has_gone_by_is_noticed(text: str, gone: str) -> None:
    assert date_gone_by(text, date(2026, 10, 20)) == gone
