"""Somebody who is to answer calls: typed texts to an agent with log-in and telephone, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count

from rules.access.phones import TECHNOLOGY, phone_name
from rules.fault import Fault
from rules.text.email import bare_email, is_email, split_emails
from rules.text.names import PersonName, plain_key, split_name
from rules.vocabulary import Role

LONGEST_NAME = 120
FIELDS = ("name", "email", "role", "bound", "phone", "give_phone")
"""In the order of the form."""
ROLES = (Role.AGENT, Role.SUPERVISOR)
"""Who answers calls."""
PROPOSED = 30
"""Letters of a name that is proposed for a telephone."""


@dataclass(frozen=True, slots=True)
class NewAgentFacts:
    """What is there already. `same_address`: the agent who has that address, "" if none has; `phones`: of
    agents, "PJSIP/anna" → "Anna Keller"; `in_files`: names of telephones that the settings give."""

    same_address: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)
    in_files: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class NewAgent:
    """As it is to be stored. `interface`: "PJSIP/anna"; `gives_phone`: with a password of ours; `bound`: to
    secrecy (§ 203 StGB), as somebody says."""

    given_name: str
    family_name: str
    email: str
    role: Role
    interface: str
    gives_phone: bool
    bound: bool = False


def address_of(texts: Mapping[str, str]) -> str:
    """The address as it would be stored: what facts are looked for by."""
    return bare_email(texts["email"])


def read_new_agent(texts: Mapping[str, str], facts: NewAgentFacts) -> NewAgent | tuple[Fault, ...]:
    """All faults, in the order of the form. Without the name of a telephone it is called like the agent."""
    typed = {name: texts[name].strip() for name in FIELDS}
    name = split_name(typed["name"]) if len(typed["name"]) <= LONGEST_NAME else PersonName("", "")
    gives = typed["give_phone"] == "yes"
    taken = {interface.lower(): owner for interface, owner in facts.phones.items()}
    avoided = {*taken, *(f"{TECHNOLOGY}{one}".lower() for one in facts.in_files)}
    phone = typed["phone"] or _proposed(name, avoided)
    interface = phone if phone.startswith(TECHNOLOGY) else f"{TECHNOLOGY}{phone}"
    faults = (
        *_name(typed["name"], name),
        *_email(typed["email"], facts),
        *_role(typed["role"]),
        *_phone(interface, taken, facts.in_files if gives else ()),
    )
    if faults:
        return faults
    role, bound = Role(typed["role"]), typed["bound"] == "yes"
    return NewAgent(name.given, name.family, address_of(typed), role, interface, gives, bound)


def _name(typed: str, name: PersonName) -> Iterator[Fault]:
    if not typed:
        yield Fault("name", "required")
    elif len(typed) > LONGEST_NAME:
        yield Fault("name", "too_long", {"length": str(len(typed)), "max": str(LONGEST_NAME)})
    elif "\n" in typed:
        yield Fault("name", "one_line")
    elif not name.given or not name.family:
        yield Fault("name", "name_unreadable")


def _email(typed: str, facts: NewAgentFacts) -> Iterator[Fault]:
    if not typed:
        yield Fault("email", "required")
    elif not is_email(bare_email(typed)):
        several = len(split_emails(typed)) > 1 and all(map(is_email, split_emails(typed)))
        yield Fault("email", "email_two" if several else "email")
    elif facts.same_address:
        yield Fault("email", "agent_there", {"name": facts.same_address})


def _role(typed: str) -> Iterator[Fault]:
    if typed not in ROLES:
        yield Fault("role", "role_choose")


def _phone(interface: str, taken: Mapping[str, str], in_files: Collection[str]) -> Iterator[Fault]:
    name = phone_name(interface)
    if name is None:
        yield Fault("phone", "phone_unfit")
    elif interface.lower() in taken:
        yield Fault("phone", "phone_taken", {"name": taken[interface.lower()]})
    elif name in in_files:
        yield Fault("phone", "phone_filed")


def _proposed(name: PersonName, avoided: Collection[str]) -> str:
    """By the given name, with the family name where that is taken, with a number where both are."""
    given, family = map(_plain, (name.given, name.family))
    short = given[:PROPOSED].strip("-") or "agent"
    whole = f"{short}-{family}"[:PROPOSED].strip("-")
    numbered = (f"{short}-{n}" for n in count(2))
    names = chain((short, whole), numbered)
    return next(one for one in names if f"{TECHNOLOGY}{one}".lower() not in avoided)


def _plain(text: str) -> str:
    """In letters that a telephone can log in with: "Jürgen-Paul" is "jurgen-paul"."""
    return re.sub(r"[^a-z0-9]+", "-", plain_key(text)).strip("-")
