"""A new agent's form: what is stored of it, and what can be wrong with it, named at its field."""

from __future__ import annotations

import pytest

from rules.office.new_agent import FIELDS, NewAgent, NewAgentFacts, read_new_agent
from rules.vocabulary import Role

GOOD = dict.fromkeys(FIELDS, "") | {
    "name": " Keller, Anna ",
    "email": "Anna <Anna@example.org>",
    "role": "agent",
    "give_phone": "yes",
}
PHONES = {"PJSIP/anna": "Anna Berger", "PJSIP/Ben": "Ben Vogt"}


def read(facts: NewAgentFacts | None = None, **typed: str) -> object:
    """What comes of the good form with these fields typed otherwise: what is stored, or field and code."""
    found = read_new_agent(GOOD | typed, facts or NewAgentFacts())
    return [(one.field, one.code) for one in found] if isinstance(found, tuple) else found


def test_what_is_stored_of_a_good_one() -> None:
    whole = NewAgent("Anna", "Keller", "Anna@example.org", Role.AGENT, "PJSIP/anna", gives_phone=True)
    assert read() == whole
    bound = read(bound="yes")
    assert isinstance(bound, NewAgent)
    assert bound.bound


@pytest.mark.parametrize(
    "name,interface",
    [
        ("Clara Roth", "PJSIP/clara"),
        ("Anna Keller", "PJSIP/anna-keller"),
        ("Ben Weiß", "PJSIP/ben-weiss"),
        ("Jürgen-Paul Groß", "PJSIP/jurgen-paul"),
        ("Ольга Иванова", "PJSIP/agent"),
        ("Filed Long", "PJSIP/filed-long"),
    ],
)
def test_a_telephone_without_a_name_is_called_like_its_agent(name: str, interface: str) -> None:
    new = read(NewAgentFacts("", PHONES, ["filed"]), name=name)
    assert isinstance(new, NewAgent)
    assert new.interface == interface


def test_two_of_one_name_get_a_number() -> None:
    taken = PHONES | {"PJSIP/anna-keller": "Anna Keller"}
    new = read(NewAgentFacts("", taken))
    assert isinstance(new, NewAgent)
    assert new.interface == "PJSIP/anna-2"


@pytest.mark.parametrize(
    "field,typed,code",
    [
        ("name", " ", "required"),
        ("name", "Anna", "name_unreadable"),
        ("name", "Anna\nKeller", "one_line"),
        ("name", f"Anna {'x' * 116}", "too_long"),
        ("email", "", "required"),
        ("email", "anna@", "email"),
        ("email", "anna@example.org, ben@example.org", "email_two"),
        ("role", "operator", "role_choose"),
        ("role", "", "role_choose"),
        ("phone", "anna keller", "phone_unfit"),
        ("phone", "trunk", "phone_unfit"),
        ("phone", "x" * 41, "phone_unfit"),
        ("phone", "PJSIP/ANNA", "phone_taken"),
        ("phone", "ben", "phone_taken"),
        ("phone", "filed", "phone_filed"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, typed: str, code: str) -> None:
    assert read(NewAgentFacts("", PHONES, ["filed"]), **{field: typed}) == [(field, code)]


def test_an_address_that_an_agent_has_is_no_new_agents() -> None:
    assert read(NewAgentFacts("Anna Keller")) == [("email", "agent_there")]


def test_a_telephone_of_the_files_may_be_an_agents_without_a_password_of_ours() -> None:
    new = read(NewAgentFacts("", PHONES, ["filed"]), phone="filed", give_phone="")
    assert isinstance(new, NewAgent)
    assert (new.interface, new.gives_phone) == ("PJSIP/filed", False)
