"""Subaccounts: employees get log-ins of their own, for their absences and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import timedelta

import structlog
from aiohttp import web

from pbx_bridge.delivery.transport import Outgoing, Sent
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.employees import by_family_name
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import accounts, invitations
from pbx_bridge.storage.accounts import Account, Role
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.ids import new_id
from rules.model import Channel, Employee

PATH = "/portal/subaccounts"
LASTS = timedelta(days=7)
PATIENCE = 20
"""Seconds that somebody looks at a page while the mail server thinks."""

_log = structlog.get_logger(__name__)


async def show(visit: Visit) -> web.StreamResponse:
    """Who has a log-in, and who could have one."""
    return await _page(visit)


async def invite(visit: Visit) -> web.StreamResponse:
    """A log-in for an employee, named like the e-mail address, and the invitation by mail."""
    posted = await visit.posted()
    token = secrets.token_urlsafe(32)
    async with visit.changing("subaccount_invited") as change:
        employee = change.customer.employee(posted["employee"])
        fault = "subaccount_choose" if employee is None else "" if employee.email else "subaccount_no_email"
        if employee is not None and not fault:
            known = await accounts.by_login(change.conn, employee.email)
            fault = "subaccount_taken" if known and known[0].employee_id != employee.id else ""
            if not fault:
                account = known[0] if known else None
                await _store(visit, change.conn, employee, account, token)
    if employee is None or fault:
        return await _page(visit, fault)
    sent = await _send(visit, employee, token)
    return await _page(visit, said="sent" if sent else "link", link="" if sent else link(visit, token))


async def delete(visit: Visit) -> web.StreamResponse:
    """The log-in goes; the employee stays."""
    async with visit.changing("subaccount_deleted") as change:
        account_id = visit.request.match_info["account"]
        if not await invitations.delete(change.conn, visit.customer_id, account_id):
            raise NotFoundError
    return visit.done(PATH, change)


def hashed(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(visit: Visit, token: str) -> str:
    """Where a password is set."""
    return f"{visit.portal.public_url or visit.request.url.origin()}/einladung/{token}"


async def _store(
    visit: Visit, conn: AsyncConnection, employee: Employee, known: Account | None, token: str
) -> None:
    account_id = known.id if known else new_id()
    if known is None:
        login, company = employee.email, visit.customer_id
        account = Account(account_id, login, Role.SUBACCOUNT, visit.locale, company, employee.id)
        await accounts.insert(conn, account, invitations.NO_PASSWORD, visit.now)
    await invitations.invite(conn, account_id, hashed(token), visit.now + LASTS)


async def _send(visit: Visit, employee: Employee, token: str) -> bool:
    """Whether the mail server has taken the invitation."""
    if visit.portal.mail is None:
        return False
    subject = visit.t("subaccounts.mail.subject")
    address = link(visit, token)
    text = visit.t("subaccounts.mail.text", name=employee.name, link=address, days=LASTS.days)
    message = Outgoing(new_id(), Channel.EMAIL, employee.email, text, subject=subject)
    try:
        async with asyncio.timeout(PATIENCE):
            outcome = await visit.portal.mail(message)
    except TimeoutError:
        outcome = None
    if not isinstance(outcome, Sent):
        _log.warning("invitation_not_sent", outcome=type(outcome).__name__)
    return isinstance(outcome, Sent)


async def _page(visit: Visit, fault: str = "", said: str = "", link: str = "") -> web.Response:
    customer = await visit.customer()
    async with visit.portal.db.read() as conn:
        listed = await invitations.of_customer(conn, visit.customer_id)
    having = {one.account.employee_id for one in listed}
    could = [person for person in sorted(customer.employees, key=by_family_name) if person.id not in having]
    return visit.page(
        "subaccounts.html",
        status=422 if fault else 200,
        listed=listed,
        could=could,
        names={person.id: person.name for person in customer.employees},
        fault=fault,
        told=said,
        link=link,
        days=LASTS.days,
    )


ROUTES = (
    Route("portal.subaccounts", "GET", PATH, show),
    Route("portal.subaccounts", "POST", PATH, invite),
    Route("portal.subaccounts.delete", "POST", f"{PATH}/{{account}}/loeschen", delete),
)
