"""`[[agent]]` and `[[user]]`: people who log in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pbx_bridge.storage.accounts import Role
from pbx_bridge.storage.importing.reading import Section
from pbx_bridge.storage.importing.values import person_key
from rules.model import Tariff


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who logs in. `customer` and `employee` are names; `interface` makes an agent; no password: as
    stored."""

    login: str
    role: Role
    locale: str
    password: str
    given_name: str = ""
    family_name: str = ""
    interface: str = ""
    customer: str = ""
    employee: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already, by name: a file may refer to it."""

    tariffs: Mapping[str, Tariff]
    employees: Mapping[str, frozenset[str]]
    """Per customer's name the keys of its employees."""
    logins: frozenset[str]


def read_agent(section: Section, known: Known, environment: Mapping[str, str]) -> Person:
    role = Role.SUPERVISOR if section.flag("supervisor") else Role.AGENT
    names = {key: section.text(key, required=True) for key in ("given_name", "family_name", "interface")}
    return _person(section, role, known, environment, **names)


def read_user(
    section: Section, known: Known, employees: Mapping[str, frozenset[str]], environment: Mapping[str, str]
) -> Person:
    role = Role(section.choice("role", "operator", ["operator", "customer", "subaccount"]))
    customer = section.text("customer", required=role is not Role.OPERATOR)
    employee = person_key(section.text("employee", required=role is Role.SUBACCOUNT))
    if customer and customer not in employees:
        section.problem("customer", f'"{customer}" is not known', "Write the name as it stands there")
    elif employee and employee not in employees[customer]:
        section.problem("employee", "is no employee of this customer", "Write the name as it stands there")
    return _person(section, role, known, environment, customer=customer, employee=employee)


def _person(
    section: Section, role: Role, known: Known, environment: Mapping[str, str], **more: str
) -> Person:
    login = section.text("login", required=True).lower()
    password, variable = section.text("password"), section.text("password_env")
    password = password or environment.get(variable, "")
    locale = section.choice("locale", "de", ["de", "en"])
    if login and not password and login not in known.logins:
        remedy = f"Set the environment variable {variable}" if variable else "Write password, or password_env"
        section.problem("password", "is missing for somebody new", remedy)
    section.done()
    return Person(login, role, locale, password, **more)
