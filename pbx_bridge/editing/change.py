"""A change of a company's data: one transaction, the way back, its entry among the last changes, and who
hears of it. No web here: pages, the desk and programs come with the same values.

At the end of a change four things happen, and none decides about another. Undo compares the rows that the
use case has named (`record`) with what they were. The entry, who did what when, is stored with them. And the
company is announced when a table that somebody holds in memory was written at all, recorded or not: so
whoever writes a column that undo does not know cannot forget the desks. The access log, which is a chain of
hashes, says who has changed what kind of thing of which company.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from pbx_bridge.editing.announcement import ANNOUNCED, LOGGED
from pbx_bridge.editing.change_codes import HouseChangeCode, OwnChangeCode
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log, accounts
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.sessions import NOWHERE, Where
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.write_tracking import tables_written
from pbx_bridge.storage.undo import undo
from pbx_bridge.storage.undo.undo import Reach
from rules.model import Customer, Employee
from rules.text.dialling import DialRules


@dataclass(frozen=True, slots=True)
class Editor:
    """Who makes a change, when (aware) and where. `account_id` None: nobody with a log-in.

    `own`: id of the only employee whose data they may change; None: everybody's.
    """

    now: datetime
    account_id: str | None = None
    login: str = ""
    where: Where = NOWHERE
    own: str | None = None

    @property
    def by(self) -> By:
        """For the access log."""
        return By(self.now, self.login, self.where)

    def may_change(self, employee_id: str | None) -> bool:
        """Whether this employee's data are theirs to change."""
        return self.own is None or self.own == employee_id


class CompanyLoader(Protocol):
    """Where a whole company is found as it is stored, at best without reading it again."""

    async def load(self, conn: AsyncConnection, customer_id: str) -> Customer | None: ...


class StoredCompanies:
    """From the database each time."""

    async def load(self, conn: AsyncConnection, customer_id: str) -> Customer | None:
        return await customers.load_customer(conn, customer_id)


class Change:
    """Inside the transaction `conn`. `code`: of what was done, for the words that offer undoing; `loaded`:
    the company as it was, if it was needed; `announced`: also if only the database itself deletes rows;
    `logged`: the access log has an entry of its own, which says more than that something was changed."""

    def __init__(
        self,
        conn: AsyncConnection,
        editing: Editing,
        customer_id: str,
        editor: Editor,
        recording: AsyncExitStack,
    ) -> None:
        self.conn, self.customer_id, self.editor = conn, customer_id, editor
        self.code, self.announced, self.logged = "", False, False
        self.loaded: Customer | None = None
        self._editing, self._recording = editing, recording
        self._step = undo.Step()

    @property
    def now(self) -> datetime:
        return self.editor.now

    @property
    def step(self) -> str:
        """By this the change is undone, once it is stored; "" when nothing was different in the end."""
        return self._step.id

    async def customer(self) -> Customer:
        """The whole company as stored. Raises NotFoundError for one that is gone."""
        if self.loaded is None:
            self.loaded = await self._editing.companies.load(self.conn, self.customer_id)
        if self.loaded is None:
            raise NotFoundError
        return self.loaded

    async def check_company(self) -> None:
        """For what needs nothing of the company but that it is there. Raises NotFoundError."""
        if await customers.version(self.conn, self.customer_id) is None:
            raise NotFoundError

    async def employee(self, employee_id: str | None) -> Employee:
        """Raises NotFoundError for somebody of another company, for nobody, and for whom the editor may not
        change."""
        found = (await self.customer()).employee(employee_id)
        if found is None or not self.editor.may_change(found.id):
            raise NotFoundError
        return found

    async def dial_rules(self) -> DialRules:
        """The operator's rules for numbers, reading national ones as the company does."""
        return replace(self._editing.dial_rules, region=(await self.customer()).region)

    async def record(
        self, code: OwnChangeCode | HouseChangeCode, reach: Reach, leaving: Collection[str] = ()
    ) -> None:
        """Before writing: what is written within `reach` can be undone, and stands among the last changes;
        by whom, says the kind of `code`.

        `leaving`: employees that are going to be deleted. Only what passes the checks is recorded, so that a
        form with a fault costs no look at the rows.
        """
        self.code = code.value
        who = (self.customer_id, self.editor.account_id)
        recorded = undo.recorded(self.conn, *who, self.code, self.now, leaving=leaving, reach=reach)
        self._step = await self._recording.enter_async_context(recorded)

    def took_back(self, step_id: str) -> None:
        """The change was the undoing of another one; `step_id` undoes it in turn. Whatever was restored is
        announced: rows that the database deleted by itself have gone as well."""
        self.code, self._step, self.announced = "undone", undo.Step(step_id), True


@dataclass(frozen=True, slots=True)
class Editing:
    """What all changes need of the service. `dial_rules`: the operator's rules for extensions."""

    db: Database
    companies: CompanyLoader = field(default_factory=StoredCompanies)
    dial_rules: DialRules = field(default_factory=DialRules)

    @asynccontextmanager
    async def change(self, customer_id: str, editor: Editor) -> AsyncIterator[Change]:
        """A transaction in which use cases write; stored, and announced, when the block has ended."""
        async with self.db.write() as conn:
            written = tables_written(conn)
            async with AsyncExitStack() as recording:
                change = Change(conn, self, customer_id, editor, recording)
                yield change
            if change.announced or written & ANNOUNCED:
                await data_version.touch(conn, customer_id, editor.now)
            if change.code and not change.logged and written & LOGGED:
                await _log(change)


async def _log(change: Change) -> None:
    """Who has changed something of which company, and what kind of thing: a link of the access log's chain,
    in the transaction of the change. What it was and is stands among the last changes of the company."""
    conn, editor = change.conn, change.editor
    login = editor.login
    if not login and editor.account_id:
        account = await accounts.by_id(conn, editor.account_id)
        login = account.login if account else ""
    company = await customers.name(conn, change.customer_id) or ""
    who, detail = [login or access_log.SERVICE], f"{company} · {change.code}"
    await access_log.write_all(conn, AccessEvent.DATA_CHANGED, who, change.now, editor.where, detail=detail)
