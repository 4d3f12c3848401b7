"""The whole file as values of the house's model; names stand where ids will be once it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pbx_bridge.storage.importing.companies import Company, read_shared_line, read_tariff
from pbx_bridge.storage.importing.people import Known, Person, read_agent, read_user
from pbx_bridge.storage.importing.reading import Problem, Section
from pbx_bridge.storage.importing.values import once
from rules.dialling import DialRules
from rules.model import Customer, Line, Tariff


@dataclass(frozen=True, slots=True)
class Document:
    """Everything in the file. An employee's id and deputy_id, and a VIP's employee_id, are `person_key`s."""

    tariffs: tuple[Tariff, ...]
    shared_lines: tuple[Line, ...]
    customers: tuple[Customer, ...]
    lines: Mapping[str, tuple[str, ...]]
    """Per customer's name its lines in E.164."""
    people: tuple[Person, ...]


def read_document(
    data: Mapping[str, Any],
    now: datetime,
    known: Known,
    environment: Mapping[str, str],
    allowed: DialRules,
) -> Document | list[Problem]:
    """The file as values, or all that is wrong with it."""
    problems: list[Problem] = []
    top = Section(data, "", problems)
    tariffs = tuple(read_tariff(section) for section in top.sections("tariff"))
    by_name = {**known.tariffs, **{tariff.name: tariff for tariff in tariffs}}
    shared = tuple(read_shared_line(section) for section in top.sections("line", "number"))
    sections = top.sections("customer")
    read = [Company(section, by_name, now, allowed) for section in sections]
    customers = tuple(company.customer for company in read)
    lines = {company.customer.name: company.lines for company in read}
    people = tuple(read_agent(section, known, environment) for section in top.sections("agent", "login"))
    employees = {**known.employees, **{c.name: frozenset(e.id for e in c.employees) for c in customers}}
    people += tuple(
        read_user(section, known, employees, environment) for section in top.sections("user", "login")
    )
    top.done()
    once(top, "tariff", (tariff.name for tariff in tariffs))
    once(top, "customer", (customer.name for customer in customers))
    once(
        top,
        "line",
        [*(line.number for line in shared), *(number for owned in lines.values() for number in owned)],
    )
    once(top, "public number", (number for customer in customers for number in customer.public_numbers))
    once(top, "login", (person.login for person in people))
    once(top, "interface", (person.interface for person in people if person.interface))
    return problems or Document(tariffs, shared, customers, lines, people)
