"""A company that is just signed: typed texts to what is stored of it, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rules.customers.company import read_company
from rules.customers.employee import read_employee
from rules.fault import Fault
from rules.model import Answering, Customer, Employee, Tariff
from rules.office.typed_teams import answering_texts, read_answering
from rules.text.dialling import DialRules
from rules.text.phone_numbers import to_e164

LONGEST_NAME = 120
FIELDS = (
    *("name", "spoken_name", "tariff", "line", "take_shared", "greeting", "team", "language"),
    *("contact", "contact_email", "default_email"),
)
"""In the order of the form."""


@dataclass(frozen=True, slots=True)
class NewCompanyFacts:
    """What is there already. `tariffs`: by id; `same_name`: of a company that is called so, "" if none is;
    `line_owner`: the company whose line that is; `line_shared`: several forward there; `number_owner`: the
    company whose own number that is; `teams`: ids."""

    tariffs: Mapping[str, Tariff] = field(default_factory=dict)
    same_name: str = ""
    line_owner: str = ""
    line_shared: bool = False
    number_owner: str = ""
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewCompany:
    """As it is to be stored. `line`: E.164, "" while it has none; `contact`: its first employee, who gets the
    first log-in if there is an address; None: nobody yet."""

    customer: Customer
    line: str
    contact: Employee | None


def line_of(texts: Mapping[str, str], region: str = "DE") -> str:
    """The line in E.164, "" if none is given or it is no number: what facts are looked for by."""
    return to_e164(texts["line"], region)


def read_new_company(
    texts: Mapping[str, str], base: Customer, person: Employee, facts: NewCompanyFacts
) -> NewCompany | tuple[Fault, ...]:
    """`base`, `person`: with their ids, and what else is not on the form. All faults, in its order."""
    typed = {name: texts[name].strip() for name in FIELDS}
    said = {name: typed[name] for name in ("spoken_name", "greeting")}
    said["default_email"] = typed["default_email"] or typed["contact_email"]
    company = read_company(said, base)
    contact = _contact(typed, person)
    line = line_faults(typed, base.region, facts) if typed["line"] else ()
    faults = [*_name(typed["name"], facts), *_tariff(typed["tariff"], facts), *line]
    faults += [one for one in company if not _only_guessed(one, typed)] if isinstance(company, tuple) else []
    faults += contact if isinstance(contact, tuple) else []
    answering = read_answering({**answering_texts(Answering()), **_chosen(typed)}, facts.teams)
    faults += answering if isinstance(answering, tuple) else []
    if faults or isinstance(company, tuple) or isinstance(contact, tuple) or isinstance(answering, tuple):
        return tuple(sorted(faults, key=lambda one: FIELDS.index(one.field)))
    tariff = facts.tariffs[typed["tariff"]]
    named = replace(company, name=typed["name"], tariff=tariff, answering=answering)
    return NewCompany(named, line_of(typed, base.region), contact)


def _chosen(typed: Mapping[str, str]) -> dict[str, str]:
    """Who answers, where somebody has said it: all agents, in the language of the house."""
    return {name: typed[name] for name in ("team", "language") if typed[name]}


def _only_guessed(fault: Fault, typed: Mapping[str, str]) -> bool:
    """It is the contact's address that is wrong, and that is said there."""
    return fault.field == "default_email" and not typed["default_email"]


def _name(name: str, facts: NewCompanyFacts) -> Iterator[Fault]:
    if not name:
        yield Fault("name", "required")
    elif len(name) > LONGEST_NAME:
        yield Fault("name", "too_long", {"length": str(len(name)), "max": str(LONGEST_NAME)})
    elif "\n" in name:
        yield Fault("name", "one_line")
    elif facts.same_name:
        yield Fault("name", "name_taken", {"name": facts.same_name})


def _tariff(tariff: str, facts: NewCompanyFacts) -> Iterator[Fault]:
    if tariff not in facts.tariffs:
        yield Fault("tariff", "tariff_choose")


def line_faults(typed: Mapping[str, str], region: str, facts: NewCompanyFacts) -> Iterator[Fault]:
    """Why a company cannot have this `line`; `take_shared` "yes": somebody knows that others may share it;
    `take_from`: the company whose it was until now, by name, as somebody says."""
    if not line_of(typed, region):
        yield Fault("line", "line_unreadable")
    elif facts.line_owner and typed.get("take_from", "") != facts.line_owner:
        yield Fault("line", "line_taken", {"company": facts.line_owner})
    elif facts.number_owner:
        yield Fault("line", "line_is_public", {"company": facts.number_owner})
    elif facts.line_shared and typed["take_shared"] != "yes":
        yield Fault("line", "line_shared")


_OF_CONTACT = {"name": "contact", "email": "contact_email"}


def _contact(typed: Mapping[str, str], person: Employee) -> Employee | tuple[Fault, ...] | None:
    if not typed["contact"]:
        wanted = bool(typed["contact_email"])
        return (Fault("contact", "contact_missing"),) if wanted else None
    texts = {"name": typed["contact"], "email": typed["contact_email"]}
    read = read_employee(texts, person, (), DialRules())
    if isinstance(read, Employee):
        return read
    return tuple(replace(one, field=_OF_CONTACT[one.field]) for one in read)
