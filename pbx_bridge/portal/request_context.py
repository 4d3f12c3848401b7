"""One request of somebody who is logged in to the portal: who, for which company, and the ways to answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from pbx_bridge.auth.own_account import AccountOwner, OwnAccount
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.editing.change import Change, Editing, Editor
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.companies import Companies, Memory
from pbx_bridge.portal.navigation import navigation
from pbx_bridge.settings import AuthSettings, Settings
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import BackgroundTasks
from pbx_bridge.transfers.dial_rules import dial_rules, ring_rules
from pbx_bridge.turns import gently
from pbx_bridge.web import i18n
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.kit.forms import Posted
from pbx_bridge.web.rendering import render
from pbx_bridge.web.whereabouts import whereabouts
from rules.dialling import DialRules
from rules.directory import Directory
from rules.model import Customer, Employee
from rules.transfer import RingRules
from rules.vip_register import VipRegister


@dataclass(frozen=True)
class Portal:
    """What all pages share. `clock`: aware moments; `contact`: our address for customers; `ring`:
    as in the live call; `in_time`: the service level, as on desk and floor; `sms_on`: whether SMS go out;
    `wake`: tells the outbox that there is something; `public_url`, `auth`: for invitations;
    `index`: all companies as the service has them in memory; `memory`: what a page keeps between requests;
    `known_sessions`: everybody's log-ins; `background`: what nobody waits for."""

    db: Database
    clock: Callable[[], datetime]
    dial_rules: DialRules = field(default_factory=DialRules)
    contact: str = ""
    ring: RingRules = field(default_factory=RingRules)
    in_time: timedelta = timedelta(seconds=20)
    sms_on: bool = False
    wake: Callable[[], None] = lambda: None
    public_url: str = ""
    auth: AuthSettings = field(default_factory=AuthSettings)
    index: Memory | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    known_sessions: Sessions | None = None
    background: BackgroundTasks = field(default_factory=BackgroundTasks)

    @classmethod
    def of(
        cls,
        settings: Settings,
        db: Database,
        clock: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
        index: Memory | None = None,
        sessions: Sessions | None = None,
    ) -> Portal:
        """As the settings say, in the very words of the live call."""
        rung = settings.transfers
        return cls(
            db,
            clock,
            dial_rules(rung),
            contact=settings.mail.from_address,
            ring=ring_rules(rung),
            in_time=settings.calls.in_time,
            sms_on=settings.sms.preset != "off",
            wake=wake,
            public_url=settings.web.public_url,
            auth=settings.auth,
            index=index,
            known_sessions=sessions,
        )

    @cached_property
    def companies(self) -> Companies:
        """The way to a company."""
        return Companies(self.db, self.dial_rules, self.index)

    @cached_property
    def editing(self) -> Editing:
        """The way to change one."""
        return Editing(self.db, self.companies, self.dial_rules)

    @cached_property
    def passwords(self) -> Passwords:
        """Hashes, a few at a time."""
        return Passwords(self.auth)

    @cached_property
    def sessions(self) -> Sessions:
        """Everybody's log-ins."""
        return self.known_sessions or Sessions(self.db, self.auth, self.clock)

    @cached_property
    def own_account(self) -> OwnAccount:
        """What people change about their own log-in."""
        return OwnAccount(self.db, self.auth, self.passwords, self.sessions, self.clock)


class PortalContext:
    """The company comes from the session and from nowhere else; an object of another one does not exist."""

    def __init__(self, portal: Portal, request: web.Request) -> None:
        self.portal, self.request = portal, request
        self.account: Account = request["account"]
        self.locale: str = request["locale"]
        self.now = portal.clock()
        self._loaded: Customer | None = None

    @property
    def customer_id(self) -> str:
        """Raises NotFoundError for log-ins that belong to no company."""
        if self.account.customer_id is None:
            raise NotFoundError
        return self.account.customer_id

    async def customer(self) -> Customer:
        """The whole company, as stored now."""
        return self._known(await self.portal.companies.read(self.customer_id))

    async def directory(self, customer: Customer) -> Directory:
        """The company's people in order."""
        return await self.portal.companies.directory(customer)

    async def vip_register(self, customer: Customer) -> VipRegister:
        """The company's VIP callers in order."""
        return await self.portal.companies.vip_register(customer)

    @asynccontextmanager
    async def change(self, *, whole: bool = True) -> AsyncIterator[Change]:
        """A transaction for use cases of `editing`. `whole`: they look at the whole company, as most do."""
        if whole:
            await self.customer()  # in the transaction nobody waits for what others write meanwhile
        async with self.portal.editing.change(self.customer_id, self.editor) as change:
            yield change
            self._loaded = change.loaded or self._loaded

    @property
    def editor(self) -> Editor:
        """Whoever is logged in, as the one who changes something of the company: a customer all of it, a
        subaccount what is its own employee's."""
        own = None if self.account.role is Role.CUSTOMER else self.account.employee_id or ""
        return Editor(self.now, self.account.id, self.account.login, whereabouts(self.request), own)

    @property
    def owner(self) -> AccountOwner:
        """Whoever is logged in, and where."""
        return AccountOwner(self.request["session"], whereabouts(self.request))

    @property
    def by(self) -> By:
        """Whoever is logged in, as the one who changes somebody else's log-in."""
        return By(self.now, self.account.login, whereabouts(self.request))

    async def posted(self) -> Posted:
        """The texts of the form that was sent."""
        return Posted((await form_of(self.request)).items())

    def own_employee(self, customer: Customer, key: str = "employee") -> Employee:
        """The employee whom the path names; raises NotFoundError for anybody else's, and for nobody."""
        employee = customer.employee(self.request.match_info[key])
        if employee is None:
            raise NotFoundError
        return employee

    def t(self, key: str, **params: str | int) -> str:
        """A text of the portal in the language of this account."""
        return i18n.translate("portal", self.locale, key, strict=False, **params)

    def knows(self, key: str) -> bool:
        """Whether there is such a text."""
        return i18n.knows("portal", self.locale, key)

    def page(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """The page `portal/<template>` with navigation and, after a change, the words that offer undoing."""
        entries = navigation(self.request.path, self.account.role)
        frame = {"navigation": entries, "flash": self._flash, "ctx": self}
        return render(self.request, f"portal/{template}", status=status, **(frame | context))

    def done(self, path: str, change: Change, said_as: str = "") -> web.Response:
        """Go on to `path` and say what was done; nothing is said where nothing was different.

        `said_as`: other words than those of its code.
        """
        said = {"said": said_as or change.code, "step": change.step} if change.step else {"said": "unchanged"}
        return self.go(path, **said)

    def go(self, path: str, **query: str) -> web.Response:
        """See other."""
        where = f"{path}?{urlencode(query)}" if query else path
        return web.Response(status=303, headers={"Location": where})

    async def file(self, pieces: Iterable[str], name: str) -> web.Response:
        """A table that is saved under this name, however long."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        body = b"".join([piece.encode() async for piece in gently(pieces)])
        return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)

    def own_path(self, wanted: str, otherwise: str = "/portal") -> str:
        """`wanted` if it is a path of the portal, so that a form cannot lead anywhere else."""
        parts = urlsplit(wanted)
        own = not parts.scheme and not parts.netloc and (parts.path + "/").startswith("/portal/")
        return parts.path if own and "\\" not in wanted else otherwise

    def dial_rules(self, customer: Customer) -> DialRules:
        """The operator's rules for numbers, reading national ones as the company does."""
        return replace(self.portal.dial_rules, region=customer.region)

    @cached_property
    def gaps(self) -> int:
        """How much keeps calls from arriving as they should, for the badge in the customer's navigation."""
        if self._loaded is None or self.account.role is not Role.CUSTOMER:
            return 0
        return self.portal.companies.known_errors(self._loaded, self.now)

    def local(self, customer: Customer) -> datetime:
        """Now, on the clock of the company."""
        return self.now.astimezone(ZoneInfo(customer.zone))

    @property
    def company(self) -> str:
        """What the company is called, for the frame; empty where the page knows none."""
        memory = self.portal.index
        known = self._loaded or (memory.customer(self.account.customer_id) if memory else None)
        return known.name if known else ""

    @cached_property
    def _flash(self) -> dict[str, str]:
        said = self.request.query.get("said", "")
        step = self.request.query.get("step", "")
        return {"said": said, "step": step} if said and self.knows(f"deeds.{said}") else {}

    def _known(self, customer: Customer | None) -> Customer:
        """A log-in whose company is gone finds nothing."""
        if customer is None:
            raise NotFoundError
        self._loaded = customer
        return customer


Handler = Callable[[PortalContext], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """A line of a page's table. `name` begins with "portal."; who may use it stands in auth.permissions."""

    name: str
    method: str
    path: str
    handler: Handler
