"""Whether a company can do without an address of its own."""

from __future__ import annotations

import pytest

from rules.customers.company import left_without
from rules.model import Customer, Employee, Tariff
from rules.stepwise import at_once


@pytest.mark.parametrize(
    ("has", "typed", "without", "said"),
    [
        ("info@example.org", "neu@example.org", 9, []),
        ("", "", 9, []),
        ("info@example.org", " ", 0, [("default_email_needed", {})]),
        ("info@example.org", "", 1, [("default_email_needed_for", {"names": "Nr 0"})]),
        ("info@example.org", "", 3, [("default_email_needed_for", {"names": "Nr 0, Nr 1, Nr 2"})]),
        ("info@example.org", "", 4, [("default_email_needed_for_many", {"n": "4"})]),
    ],
)
def test_it_is_not_taken_from_those_who_need_it(
    has: str, typed: str, without: int, said: list[tuple[str, dict[str, str]]]
) -> None:
    people = tuple(Employee(str(n), f"Nr {n}", "Nr", str(n)) for n in range(without))
    reached = Employee("r", "Erika Beispiel", "Erika", "Beispiel", email="erika@example.org")
    company = Customer("c", "Mustermann AG", Tariff("t", "Basis", True), "", default_email=has,
                       employees=(*people, reached))  # fmt: skip
    found = at_once(left_without({"default_email": typed}, company))
    assert [(fault.code, fault.params) for fault in found] == said
