"""`pbx-bridge import FILE`: customers, lines, tariffs, employees and people who log in, from one TOML file.

The file is read twice: outside the transaction, as hashing passwords takes long and nobody else may write
meanwhile; and inside, as somebody may have changed what the file leaves alone.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pbx_bridge.editing import queues
from pbx_bridge.editing.bulk import BulkChange, bulk_change
from pbx_bridge.editing.change import Editor
from pbx_bridge.importing.document import Document, read_document
from pbx_bridge.importing.people import Known, Person
from pbx_bridge.importing.progress import Tell, nothing_said, told
from pbx_bridge.importing.report import report
from pbx_bridge.importing.section import Problem
from pbx_bridge.importing.values import person_key
from pbx_bridge.importing.writing import write_document
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.access.access_log import IMPORT
from pbx_bridge.storage.customers import customers, lines, teams
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable, database_of
from pbx_bridge.storage.maintenance.migrate import refusal
from rules.model import Answering, Customer
from rules.text.dialling import DialRules

GERMANY = DialRules()
"""The rules of a house without settings."""
NAMES = 20
"""Companies that are named as changed; more are counted."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What the file held, which companies are different now, and in what (lines to read)."""

    customers: int
    employees: int
    people: int
    changed: tuple[str, ...]
    report: tuple[str, ...] = field(default=(), compare=False)


class _NotStored(Exception):
    """All of it was done, and is taken back: somebody wanted to see what it would do, or the PBX cannot."""

    def __init__(self, found: Imported | list[Problem]) -> None:
        super().__init__()
        self.found = found


async def import_file(
    settings: Settings,
    path: Path,
    hash_password: Callable[[str], str],
    allowed: DialRules = GERMANY,
    *,
    dry_run: bool = False,
) -> int:
    """Load the file and print what came of it; `dry_run`: what would, and store nothing. Exit code: 0 stored,
    1 database not usable, 2 problems in the file."""
    db = database_of(settings.database, patient=True)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))  # noqa: ASYNC240 - a chore of its own process
        unfit = await refusal(db)
        if unfit is not None:
            return _say(f"The database does not fit ({unfit.code}). Run: pbx-bridge db upgrade", 1)
        result = await import_document(
            db, data, datetime.now(UTC), hash_password, allowed, _tell, dry_run=dry_run
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return _say(f"{path.name} is no TOML file: {error}", 2)
    except StorageUnavailable as error:
        return _say(f"Nothing was stored: {error}", 1)
    finally:
        await db.close()
    if isinstance(result, list):
        listed = "\n".join(f"  - {problem}" for problem in result)
        return _say(f"{path.name} was not loaded, nothing is changed. {len(result)} to mend:\n{listed}", 2)
    done = "would be loaded; would change" if dry_run else "loaded; changed"
    sys.stdout.write(
        f"{result.customers} customers with {result.employees} employees and {result.people} log-ins {done}: "
        f"{_names(result.changed)}\n"
    )
    sys.stdout.writelines(f"{line}\n" for line in result.report)
    return 0


def _names(companies: Sequence[str]) -> str:
    """The first of them; nobody reads fifty thousand."""
    more = f" and {len(companies) - NAMES} more" if len(companies) > NAMES else ""
    return (", ".join(companies[:NAMES]) or "none") + more


async def import_document(
    db: Database,
    data: Mapping[str, Any],
    now: datetime,
    hash_password: Callable[[str], str],
    allowed: DialRules = GERMANY,
    tell: Tell = nothing_said,
    *,
    dry_run: bool = False,
) -> Imported | list[Problem]:
    """All of it in one transaction, or the list of all problems. `data`: the parsed file (docs/import.md);
    `allowed`: the operator's rules for extensions; `tell` hears how far it is;
    `dry_run`: all of it is taken back again."""
    async with db.read() as conn:
        stored = {one.name: one for one in await customers.load_all(conn)}
        document = read_document(data, now, await _known(conn, stored), os.environ, allowed, tell)
    if isinstance(document, list):
        return document
    passwords = [(person.login, person.password) for person in document.people if person.password]
    hashing = told(tell, "Hashing passwords", passwords, len(passwords))
    hashes = {login: await asyncio.to_thread(hash_password, password) for login, password in hashing}
    try:
        async with bulk_change(db, Editor(now, login=IMPORT)) as change:
            # Once more, over what is stored now: nobody's work of the last seconds is put back.
            known = await _known(change.conn, change.before)
            document = read_document(data, now, known, os.environ, allowed)
            if isinstance(document, list):
                return document
            await write_document(change, document, hashes, tell)
            imported = _imported(document, change.before, await change.companies())
            if await _lacks_queues(change, document):
                raise _NotStored([QUEUES_FULL])
            if dry_run:
                raise _NotStored(imported)
    except _NotStored as undone:
        return undone.found
    return imported


QUEUES_FULL = Problem(
    "customer / team",
    "the PBX has no queue left for one more way to answer",
    "Use a team, overflow and language together that another company has already",
)


async def _lacks_queues(change: BulkChange, document: Document) -> bool:
    """Whether somebody is to be answered otherwise than before, be it for secrecy, and not everybody can be
    answered as said."""
    before = change.before
    if all(_way(one) == _way(before.get(one.name)) for one in document.customers):
        return False
    return await queues.are_full(change.conn, "", Answering(), change.now, bound=False)


def _way(customer: Customer | None) -> tuple[Answering, bool]:
    return (customer.answering, customer.confidential) if customer else (Answering(), False)


async def _known(conn: AsyncConnection, companies: Mapping[str, Customer]) -> Known:
    names = {company.id: company.name for company in companies.values()}
    keys = {
        person.id: person_key(person.name) for company in companies.values() for person in company.employees
    }
    return Known(
        tariffs={tariff.name: tariff for tariff in await customers.load_tariffs(conn)},
        customers=companies,
        lines={line.number: line for line in await lines.load_all(conn)},
        people={
            one.login: Person(
                one.login,
                one.role,
                one.locale,
                password="",
                customer=names.get(one.customer_id or "", ""),
                employee=keys.get(one.employee_id or "", ""),
                email=one.email,
            )
            for one in await accounts.load_all(conn)
        },
        phones=await agents.phones(conn),
        teams={name: team_id for team_id, name in (await teams.names(conn)).items()},
    )


def _imported(document: Document, before: Mapping[str, Customer], after: Mapping[str, Customer]) -> Imported:
    changed = tuple(name for name, one in after.items() if before.get(name) != one)
    employees = sum(len(customer.employees) for customer in document.customers)
    return Imported(
        len(document.customers), employees, len(document.people), changed, report(before, after, changed)
    )


def _tell(line: str) -> None:
    """Beside the result, which is for whoever reads it by a program."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _say(words: str, exit_code: int) -> int:
    sys.stderr.write(words + "\n")
    return exit_code
