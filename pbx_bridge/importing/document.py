"""The whole file as values of the house's model; names stand where ids will be once it is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pbx_bridge.importing import claims
from pbx_bridge.importing.claims import Claim
from pbx_bridge.importing.companies import Company
from pbx_bridge.importing.people import Known, Person, read_agent, read_user
from pbx_bridge.importing.progress import Tell, nothing_said, told
from pbx_bridge.importing.section import Problem, Section
from pbx_bridge.importing.tariffs import TariffEntry, read_shared_line, read_tariff
from pbx_bridge.importing.values import once, person_key
from rules.model import Customer, Line
from rules.text.dialling import DialRules


@dataclass(frozen=True, slots=True)
class Document:
    """Everything in the file, over what is stored. An employee's id and deputy_id, and a VIP's employee_id,
    are `person_key`s."""

    tariffs: tuple[TariffEntry, ...]
    shared_lines: tuple[Line, ...]
    customers: tuple[Customer, ...]
    lines: Mapping[str, tuple[str, ...]]
    """Per customer's name its lines in E.164."""
    lists: Mapping[str, Collection[tuple[str, str]]]
    """Per customer's name the lists that the file decides about, see `Company`."""
    regions: Mapping[str, bool]
    """Per customer's name whether the file decides how its lines read numbers."""
    people: tuple[Person, ...]


def read_document(
    data: Mapping[str, Any],
    now: datetime,
    known: Known,
    environment: Mapping[str, str],
    allowed: DialRules,
    tell: Tell = nothing_said,
) -> Document | list[Problem]:
    """The file as values, or all that is wrong with it; `tell` hears how far it is."""
    problems: list[Problem] = []
    top = Section(data, "", problems)
    top.obey_replace()
    tariffs = tuple(read_tariff(section, known.tariffs) for section in top.sections("tariff"))
    by_name = {**known.tariffs, **{entry.tariff.name: entry.tariff for entry in tariffs}}
    names = {company.id: company.name for company in known.customers.values()}
    lines_said = top.sections("line", "number")
    shared = tuple(read_shared_line(section, known.lines, names) for section in lines_said)
    sections = top.sections("customer")
    read = [
        Company(section, by_name, now, allowed, known.customers.get(section.peek("name")), known.teams)
        for section in told(tell, "Checking customers", sections, len(sections))
    ]
    customers = tuple(company.customer for company in read)
    lines = {company.customer.name: company.lines for company in read}
    people = tuple(read_agent(section, known, environment) for section in top.sections("agent", "login"))
    employees = {name: _keys(customer) for name, customer in known.customers.items()}
    for customer in customers:
        there = employees.get(customer.name, frozenset())
        employees[customer.name] = there | {one.id for one in customer.employees}
    people += tuple(
        read_user(section, known, employees, environment) for section in top.sections("user", "login")
    )
    top.done()
    once(top, "tariff", (entry.tariff.name for entry in tariffs))
    once(top, "customer", (customer.name for customer in customers))
    once(
        top,
        "line",
        [*(line.number for line in shared), *{number for owned in lines.values() for number in owned}],
    )
    for owned in lines.values():
        once(top, "line", owned)
    for customer in customers:
        once(top, "public number", customer.public_numbers)
    claims.check([_claim(*one) for one in zip(sections, read, strict=True)], known, names)
    once(top, "login", (person.login for person in people))
    once(top, "interface", (person.interface for person in people if person.interface))
    lists = {company.customer.name: company.lists for company in read}
    regions = {one.customer.name: section.says("region") for one, section in zip(read, sections, strict=True)}
    return problems or Document(tariffs, shared, customers, lines, lists, regions, people)


def _claim(section: Section, company: Company) -> Claim:
    said = company.customer
    public = said.public_numbers if ("", "public_numbers") in company.lists else ()
    decides = ("", "public_numbers") in company.lists
    return Claim(section, said.name, company.lines, public, decides, company.takes_from)


def _keys(customer: Customer) -> frozenset[str]:
    return frozenset(person_key(employee.name) for employee in customer.employees)
