"""The real web application with the portal's pages, a database, and log-ins without typing passwords."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.portal.routes import routes
from pbx_bridge.portal.services import Portal
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.server import listening, make_app
from rules.model import Customer
from tests.sample_company import NOW, SampleCompany, furnish

CONTACT = "sekretariat@example.org"


@dataclass(slots=True)
class Served:
    """`address` without a slash at the end; `now` may be set: the portal's clock."""

    address: str
    db: Database
    house: SampleCompany
    sessions: Sessions
    now: datetime = NOW

    async def cookie(
        self, role: Role = Role.CUSTOMER, locale: str = "de", customer_id: str | None = None
    ) -> str:
        """The session cookie's value of a new account: the customer's own, or Erika's as subaccount."""
        of_company = role in (Role.CUSTOMER, Role.SUBACCOUNT)
        customer = (customer_id or self.house.customer_id) if of_company else None
        employee = self.house.erika if role is Role.SUBACCOUNT else None
        async with self.db.write() as conn:
            login = f"{role}-{locale}-{len(await accounts.load_all(conn))}"
            account = Account("", login, role, locale, customer, employee)
            account_id = await accounts.insert(conn, account, "no password", self.now)
            token, _ = await self.sessions.begin(conn, dataclasses.replace(account, id=account_id))
        return token

    async def company(self) -> Customer:
        """Mustermann AG as stored now."""
        async with self.db.read() as conn:
            customer = await customers.load_customer(conn, self.house.customer_id)
        assert customer
        return customer


@asynccontextmanager
async def serving(
    db: Database, change: Callable[[Portal], Portal] = lambda portal: portal
) -> AsyncIterator[Served]:
    """The portal on an ephemeral port for as long as the block lasts; `db` is empty and upgraded."""
    house = await furnish(db)
    served = Served("", db, house, None)  # type: ignore[arg-type]
    settings = Settings()
    served.sessions = Sessions(db, settings.auth, lambda: served.now)
    portal = change(Portal(db, lambda: served.now, contact=CONTACT))
    app = make_app(settings, db, served.sessions, routes(portal), clock=lambda: served.now, strict=True)
    async with listening(
        app, dataclasses.replace(settings, web=dataclasses.replace(settings.web, port=0))
    ) as port:
        served.address = f"http://127.0.0.1:{port}"
        yield served
