"""The house cast in a fresh database, and what of it the demo shows: log-ins, lines, people."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pbx_bridge.importing.importer import import_document
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from rules.model import Customer
from rules.text.phone_numbers import to_e164

CAST = Path(__file__).with_name("cast.toml")
SHARED_LINE = "+493023125900"
UNKNOWN_LINE = "+493023125999"  # nobody's: the pop is neutral, the operator sees the call as unassigned


@dataclass(frozen=True, slots=True)
class DemoLogIn:
    """Somebody to log in as: `role` and `name` of person or company; `phone`: an agent's, else empty."""

    login: str
    password: str
    role: str
    name: str
    phone: str = ""


class CastRefused(Exception):
    """The cast file is not as the importer wants it; the message lists every problem."""


@cache
def script() -> dict[str, Any]:
    """The cast file as it stands."""
    return tomllib.loads(CAST.read_text(encoding="utf-8"))


def log_ins() -> tuple[DemoLogIn, ...]:
    """Agents first, in the order of the file."""
    agents = (
        DemoLogIn(
            one["login"],
            one["password"],
            "agent",
            f"{one['given_name']} {one['family_name']}",
            one["interface"].partition("/")[2],
        )
        for one in script()["agent"]
    )
    others = (
        DemoLogIn(one["login"], one["password"], one["role"], one.get("employee") or one.get("customer", ""))
        for one in script()["user"]
    )
    return (*agents, *others)


def own_lines() -> tuple[str, ...]:
    """The line of each company in E.164, in the order of the file."""
    return tuple(to_e164(company["lines"][0]) for company in script()["customer"])


def public_numbers() -> tuple[str, ...]:
    """The first number of its own of each company in E.164, in the order of the file."""
    return tuple(to_e164(company["public_numbers"][0]) for company in script()["customer"])


def agent_phones() -> tuple[str, ...]:
    """Names of the agents' telephones."""
    return tuple(one.phone for one in log_ins() if one.phone)


async def furnish(db: Database, now: datetime, hash_password: Callable[[str], str]) -> tuple[Customer, ...]:
    """Schema and cast into an empty database; the companies in the file's order. Raises `CastRefused`."""
    await migrate.upgrade(db)
    result = await import_document(db, script(), now, hash_password)
    if isinstance(result, list):
        raise CastRefused("\n".join(str(problem) for problem in result))
    async with db.read() as conn:
        stored = {company.name: company for company in await customers.load_all(conn)}
    return tuple(stored[company["name"]] for company in script()["customer"])
