"""Which companies lack something: of those that calls can reach, each checked once until it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx_bridge.admin import company_checks
from pbx_bridge.admin.company_checks import CompanyChecks
from pbx_bridge.directory.index import Index
from rules.customers.completeness import Finding
from rules.model import Customer, Line, Tariff
from rules.text.dialling import DialRules
from tests.sample_company import NOW

GREETING = "Guten Tag, mein Name ist [Vorname, Nachname]."
GOOD = Customer("good", "Mustermann AG", Tariff("t", "Premium", put_through=True), GREETING, version=1)
GOOD = replace(GOOD, default_email="zentrale@example.org")
BAD = replace(GOOD, id="bad", name="Praxis Dr. Sommer", default_email="", version=2)
SHARED = replace(BAD, id="shared", name="Kanzlei Brandt & Weiß", public_numbers=("+4930231251",), version=3)
UNREACHED = replace(BAD, id="unreached", name="Noch ohne Rufnummer", version=4)
LINES = (Line("1", "+493023125100", customer_id="good"), Line("2", "+493023125200", customer_id="bad"))


class Counted(CompanyChecks):
    """Remembers whom it has looked at."""

    looked: tuple[str, ...] = ()

    async def findings(self, customer: Customer) -> tuple[Finding, ...]:
        self.looked = (*self.looked, customer.id)
        return await super().findings(customer)


@pytest.fixture
def index() -> Index:
    return Index((GOOD, BAD, SHARED, UNREACHED), LINES)


async def test_those_that_calls_can_reach_and_that_lack_something(index: Index) -> None:
    found = await CompanyChecks(index, DialRules(), lambda: NOW).incomplete()
    assert (found.count, set(found.ids), found.unchecked) == (2, {"bad", "shared"}, 0)
    assert set(found.names) == {"Praxis Dr. Sommer", "Kanzlei Brandt & Weiß"}


async def test_only_what_has_changed_is_checked_again_and_who_left_is_forgotten(index: Index) -> None:
    checks = Counted(index, DialRules(), lambda: NOW)
    await checks.incomplete()
    assert sorted(checks.looked) == ["bad", "good", "shared", "unreached"]
    index.replace(replace(BAD, default_email="sommer@example.org", version=9))
    index.remove("shared")
    assert (await checks.incomplete()).count == 0
    assert checks.looked[4:] == ("bad",)
    index.replace(replace(SHARED, version=1))  # came back from an old backup
    assert (await checks.incomplete()).ids == ("shared",)


async def test_of_very_many_nobody_waits_for_the_first_round(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company_checks, "AT_ONCE", 1)
    checks = CompanyChecks(index, DialRules(), lambda: NOW)
    first = await checks.incomplete()
    assert (first.count, first.unchecked) == (0, 4)
    await checks.background.settle(30)
    assert (await checks.incomplete()).count == 2


async def test_a_company_that_cannot_be_checked_is_shown_and_keeps_nobody_from_the_first_page(
    index: Index,
) -> None:
    class Odd(CompanyChecks):
        async def findings(self, customer: Customer) -> tuple[Finding, ...]:
            if customer.id == "good":
                raise ValueError("of a kind that nobody thought of")
            return await super().findings(customer)

    found = await Odd(index, DialRules(), lambda: NOW).incomplete()
    assert set(found.ids) == {"good", "bad", "shared"}
