"""A new company's form: what is stored of it, and what can be wrong with it, named at its field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.model import Customer, Employee, Tariff
from rules.office.new_company import FIELDS, NewCompany, NewCompanyFacts, read_new_company

TARIFF = Tariff("t", "Premium", put_through=True)
FACTS = NewCompanyFacts(tariffs={"t": TARIFF})
BASE = Customer("c", "", Tariff("", "", put_through=False), "")
GREETING = "Mustermann AG, guten Tag, mein Name ist [Vorname, Nachname]."
GOOD = dict.fromkeys(FIELDS, "") | {
    "name": " Mustermann AG ",
    "tariff": "t",
    "line": "030 / 23125-104",
    "greeting": GREETING,
    "contact": "Beispiel, Erika",
    "contact_email": "Erika <erika@example.org>",
}


def read(facts: NewCompanyFacts = FACTS, **typed: str) -> object:
    """What comes of the good form with these fields typed otherwise: what is stored, or field and code."""
    found = read_new_company(GOOD | typed, BASE, Employee("e", "", "", ""), facts)
    return [(one.field, one.code) for one in found] if isinstance(found, tuple) else found


def test_what_is_stored_of_a_good_one() -> None:
    new = read()
    assert isinstance(new, NewCompany)
    assert (new.customer.name, new.customer.tariff, new.line) == ("Mustermann AG", TARIFF, "+493023125104")
    assert new.customer.default_email == "erika@example.org", "the contact's, as there is no other"
    assert new.contact
    assert (new.contact.id, new.contact.given_name, new.contact.email) == ("e", "Erika", "erika@example.org")


def test_line_and_contact_may_come_later() -> None:
    new = read(line="", contact="", contact_email="", default_email="zentrale@example.org")
    assert isinstance(new, NewCompany)
    assert (new.line, new.contact, new.customer.default_email) == ("", None, "zentrale@example.org")


@pytest.mark.parametrize(
    "typed, faults",
    [
        ({"name": " "}, [("name", "required")]),
        ({"name": "x" * 121}, [("name", "too_long")]),
        ({"name": "Muster\nmann"}, [("name", "one_line")]),
        ({"tariff": "another"}, [("tariff", "tariff_choose")]),
        ({"line": "12"}, [("line", "line_unreadable")]),
        ({"greeting": "Guten Tag"}, [("greeting", "greeting_no_placeholder")]),
        ({"greeting": ""}, [("greeting", "greeting_empty")]),
        ({"contact": "", "contact_email": "e@example.org"}, [("contact", "contact_missing")]),
        ({"contact": "!!"}, [("contact", "name_unreadable")]),
        ({"contact_email": "erika@"}, [("contact_email", "email")]),
        ({"default_email": "zentrale@"}, [("default_email", "email")]),
        ({"name": "", "tariff": "", "line": "x"}, [
            ("name", "required"), ("tariff", "tariff_choose"), ("line", "line_unreadable"),
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_field(typed: dict[str, str], faults: object) -> None:
    assert read(FACTS, **typed) == faults


def test_what_another_company_has_is_refused_with_its_name() -> None:
    taken = replace(FACTS, same_name="MUSTERMANN AG")
    assert read(taken) == [("name", "name_taken")]
    owned = read_new_company(
        GOOD, BASE, Employee("e", "", "", ""), replace(FACTS, line_owner="Praxis Dr. Sommer")
    )
    assert isinstance(owned, tuple)
    assert [(one.code, one.params) for one in owned] == [("line_taken", {"company": "Praxis Dr. Sommer"})]
    assert read(replace(FACTS, number_owner="Praxis Dr. Sommer")) == [("line", "line_is_public")]


def test_a_line_that_others_may_share_is_taken_only_knowingly() -> None:
    assert isinstance(read(), NewCompany), "a free one, or one that is new"
    shared = replace(FACTS, line_shared=True)
    assert read(shared) == [("line", "line_shared")]
    assert isinstance(read(shared, take_shared="yes"), NewCompany)
