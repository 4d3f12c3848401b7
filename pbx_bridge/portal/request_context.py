"""A request of somebody who is logged in to the portal: for which company, and the way to change it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from pbx_bridge.auth import customer_view
from pbx_bridge.auth.log_in_links import LinkOffice
from pbx_bridge.editing.change import Change, Editor
from pbx_bridge.errors import ForbiddenError, NotFoundError
from pbx_bridge.portal.navigation import navigation
from pbx_bridge.portal.services import Portal
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.customers import customers
from pbx_bridge.web.client_description import whereabouts
from pbx_bridge.web.kit import routes
from pbx_bridge.web.kit.request_context import RequestContext
from rules.customers.directory import Directory
from rules.customers.service_state import own_people_write
from rules.customers.vip_register import VipRegister
from rules.model import Customer, Employee
from rules.text.dialling import DialRules


class CompanyRestsError(ForbiddenError):
    """What the house has suspended its own people read and do not change."""

    code = "company_rests"


class PortalContext(RequestContext):
    """The company comes from the session and from nowhere else; an object of another one does not exist."""

    room, start = "portal", "/portal"
    undo_path, changes_path = "/portal/rueckgaengig", "/portal/letzte-aenderungen"

    def __init__(self, portal: Portal, request: web.Request) -> None:
        super().__init__(request, portal.clock())
        self.portal = portal
        self._loaded: Customer | None = None

    @property
    def customer_id(self) -> str:
        """Raises NotFoundError for log-ins that belong to no company."""
        if self.account.customer_id is None:
            raise NotFoundError
        return self.account.customer_id

    async def customer(self) -> Customer:
        """The whole company, as stored now; a page that only shows it asks once."""
        if self._loaded is not None and self.request.method == "GET":
            return self._loaded
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
            state = await customers.service(change.conn, self.customer_id)
            if state is not None and not own_people_write(state) and not self.viewed:
                raise CompanyRestsError
            yield change
            if self.viewed and change.code:
                company = await customers.name(change.conn, self.customer_id) or ""
                await customer_view.note_change(change.conn, self.by, company, change.code)
                change.logged = True
            self._loaded = change.loaded or self._loaded

    @property
    def editor(self) -> Editor:
        """Whoever is logged in, as the one who changes something of the company: a customer all of it, a
        subaccount what is its own employee's."""
        own = None if self.account.role is Role.CUSTOMER else self.account.employee_id or ""
        return Editor(self.now, self.account.id, self.account.login, whereabouts(self.request), own)

    def own_employee(self, customer: Customer, key: str = "employee") -> Employee:
        """The employee whom the path names; raises NotFoundError for anybody else's, and for nobody."""
        employee = customer.employee(self.request.match_info[key])
        if employee is None:
            raise NotFoundError
        return employee

    async def note_reading(
        self, customer: Customer, about: str, event: AccessEvent = AccessEvent.NOTES_READ
    ) -> None:
        """That notes are shown is in the access log before they are; `about`: how many, which call or
        days."""
        detail, where = f"{customer.name} · {about}", whereabouts(self.request)
        async with self.portal.db.write() as conn:
            shown = [self.account.shown]
            await access_log.write_all(conn, event, shown, self.now, where, detail=detail)

    def frame(self) -> Mapping[str, Any]:
        """The navigation as far as one may see it."""
        return {"navigation": navigation(self.request.path, self.account.role)}

    @property
    def link_office(self) -> LinkOffice:
        """As the settings have it."""
        return LinkOffice.of(self.portal.public_url, self.request.url.origin(), self.portal.contact)

    def done(self, path: str, change: Change, said_as: str = "") -> web.Response:
        """Go on to `path` and say what was done; nothing is said where nothing was different.

        `said_as`: other words than those of its code.
        """
        return (
            self.said(path, said_as or change.code, change.step)
            if change.step
            else self.said(path, "unchanged")
        )

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
    def viewed(self) -> bool:
        """Whether an operator looks at the portal of a company, which then is plainly marked."""
        return "viewer" in self.request

    @property
    def rests(self) -> bool:
        """Whether the company's people only read at present, as far as the page knows the company."""
        known = self._held
        return known is not None and not own_people_write(known.service)

    @property
    def company(self) -> str:
        """What the company is called, for the frame; empty where the page knows none."""
        known = self._held
        return known.name if known else ""

    @property
    def _held(self) -> Customer | None:
        memory = self.portal.index
        return self._loaded or (memory.customer(self.account.customer_id) if memory else None)

    def _known(self, customer: Customer | None) -> Customer:
        """A log-in whose company is gone finds nothing."""
        if customer is None:
            raise NotFoundError
        self._loaded = customer
        return customer


Handler = routes.Handler[PortalContext]
Route = routes.Route[PortalContext]
