"""`[[agent]]` and `[[user]]`: people who log in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pbx_bridge.auth.weakness_words import weakness_in_words
from pbx_bridge.importing.section import Section
from pbx_bridge.importing.values import person_key
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.web.i18n import languages
from rules.access.passwords import weakness
from rules.fault import Fault
from rules.model import Customer, Line, Tariff
from rules.office.typed_teams import read_languages
from rules.text.email import is_email
from rules.vocabulary import FIRST_LANGUAGE, SpokenLanguage

OF_ONE = ("given_name", "family_name", "interface", "customer", "employee")
"""What only an agent has, or only somebody of a company."""
ROLES = ("operator", "customer", "subaccount")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who logs in. `customer` and `employee` are names; `interface` makes an agent; no password: as
    stored; `bound` to secrecy, `languages` in which callers are answered, None: as stored."""

    login: str
    role: Role
    locale: str
    password: str
    given_name: str = ""
    family_name: str = ""
    interface: str = ""
    customer: str = ""
    employee: str = ""
    email: str = ""
    bound: bool | None = None
    languages: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already, by name: a file may refer to it, and leaves as it is what it does not name."""

    tariffs: Mapping[str, Tariff]
    customers: Mapping[str, Customer]
    lines: Mapping[str, Line]
    people: Mapping[str, Person]
    """By login, without passwords."""
    phones: Mapping[str, str]
    """Whose each phone is, by login."""
    teams: Mapping[str, str]
    """Their ids."""

    def person(self, section: Section) -> Person | None:
        """Whom this table is about, unless it replaces all that it does not name."""
        found = self.people.get(section.peek("login").lower())
        return None if section.replaces else found


def read_agent(section: Section, known: Known, environment: Mapping[str, str]) -> Person:
    was = known.person(section)
    supervisor = section.flag("supervisor", default=was is not None and was.role is Role.SUPERVISOR)
    role = Role.SUPERVISOR if supervisor else Role.AGENT
    names = {key: section.text(key, required=True) for key in ("given_name", "family_name", "interface")}
    holder = known.phones.get(names["interface"])
    if holder is not None and holder != section.peek("login").lower():
        section.problem("interface", "is another agent's phone", f"Give {holder} another one first")
    bound = section.flag("bound") if section.names("bound") or section.replaces else None
    languages = _languages(section)
    return replace(_person(section, role, known, environment, **names), bound=bound, languages=languages)


def _languages(section: Section) -> frozenset[str] | None:
    if not section.says("languages"):
        return None
    typed = section.texts("languages") if section.names("languages") else (SpokenLanguage.GERMAN.value,)
    read = read_languages(typed)
    if isinstance(read, Fault):
        known = ", ".join(sorted(SpokenLanguage))
        section.problem("languages", "names none, or one that is not known", f"Write some of: {known}")
        return None
    return read


def read_user(
    section: Section, known: Known, employees: Mapping[str, frozenset[str]], environment: Mapping[str, str]
) -> Person:
    was = known.person(section)
    role = Role(section.choice("role", was.role.value if was else Role.OPERATOR.value, ROLES))
    same = was if was and was.role is role else None
    of_company = role in (Role.CUSTOMER, Role.SUBACCOUNT)
    customer = section.text("customer", same.customer if same else "", required=of_company)
    of_same = same.employee if same and same.customer == customer else ""
    employee = person_key(section.text("employee", of_same, required=role is Role.SUBACCOUNT))
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
    was = known.person(section)
    locale = section.choice("locale", was.locale if was else FIRST_LANGUAGE, list(languages()))
    if login and not password and login not in known.people:
        remedy = f"Set the environment variable {variable}" if variable else "Write password, or password_env"
        section.problem("password", "is missing for somebody new", remedy)
    email = section.text("email", was.email if was else "")
    if email and not is_email(email):
        section.problem("email", "is no complete address", "Write one as in name@example.org")
    _judge(section, role, login, password, more)
    section.done()
    given, family, interface, customer, employee = (more.get(key, "") for key in OF_ONE)
    return Person(login, role, locale, password, given, family, interface, customer, employee, email)


def _judge(section: Section, role: Role, login: str, password: str, more: Mapping[str, str]) -> None:
    """A password that is easy to guess is none, wherever it comes from."""
    staff = role in {Role.AGENT, Role.SUPERVISOR, Role.OPERATOR}
    fault = weakness(password, (login, *more.values()), staff=staff) if password else None
    if fault is not None:
        section.problem("password", *weakness_in_words(fault))
