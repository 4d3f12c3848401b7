"""Subaccounts: employees get log-ins of their own, for their absences and nothing else."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.employees import by_family_name
from pbx_bridge.portal.moments import Moments
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import accounts, invitations
from pbx_bridge.storage.accounts import Account, Role
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.ids import new_id
from pbx_bridge.storage.invitations import Subaccount
from pbx_bridge.storage.notifications import Notification
from pbx_bridge.storage.notifications import State as MailState
from rules.address import salutation
from rules.model import Channel, Customer, Employee, MessageKind

PATH = "/portal/subaccounts"
LASTS = timedelta(days=7)
STUCK = (MailState.FAILED, MailState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class State:
    """`code` says how it looks; `link`: what a mail that is stuck should have brought, good until `until`."""

    code: str
    words: str
    until: str = ""
    link: str = ""


async def show(visit: Visit) -> web.StreamResponse:
    """Who has a log-in, and who could have one."""
    return await _page(visit)


async def invite(visit: Visit) -> web.StreamResponse:
    """A log-in for an employee, named like the e-mail address; the invitation goes through the outbox."""
    posted = await visit.posted()
    async with visit.changing("subaccount_invited") as change:
        employee = change.customer.employee(posted["employee"])
        fault = "subaccount_choose" if employee is None else "" if employee.email else "subaccount_no_email"
        if employee is not None and not fault:
            known = await accounts.by_login(change.conn, employee.email)
            fault = "subaccount_taken" if known and known[0].employee_id != employee.id else ""
            if not fault:
                await _store(visit, change.conn, change.customer, employee, known[0] if known else None)
    if fault:
        return await _page(visit, fault)
    visit.portal.wake()
    return visit.go(PATH, said="subaccount_invited")


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
    visit: Visit, conn: AsyncConnection, customer: Customer, employee: Employee, known: Account | None
) -> None:
    account_id = known.id if known else new_id()
    if known is None:
        login, company = employee.email, visit.customer_id
        account = Account(account_id, login, Role.SUBACCOUNT, visit.locale, company, employee.id)
        await accounts.insert(conn, account, invitations.NO_PASSWORD, visit.now)
    token = secrets.token_urlsafe(32)
    mail = _mail(visit, customer.name, employee, account_id, token)
    await invitations.invite(conn, hashed(token), visit.now + LASTS, mail)


def _mail(visit: Visit, company: str, employee: Employee, account_id: str, token: str) -> Notification:
    mail_id, domain = new_id(), visit.portal.contact.rpartition("@")[2]
    name, address = salutation(employee.name), link(visit, token)
    return Notification(
        id=mail_id,
        note_id=None,
        account_id=account_id,
        customer_id=visit.customer_id,
        channel=Channel.EMAIL,
        kind=MessageKind.INVITATION,
        address=employee.email,
        subject=visit.t("subaccounts.mail.subject", company=company),
        body_text=visit.t("subaccounts.mail.text", name=name, company=company, link=address, days=LASTS.days),
        due_at=visit.now,
        created_at=visit.now,
        employee_id=employee.id,
        message_id=f"<{mail_id}@{domain}>",
    )


def _state(visit: Visit, moments: Moments, one: Subaccount) -> State:
    """How far the log-in is, in words."""
    if one.has_password:
        return State("active", visit.t("subaccounts.active"))
    if one.invited_until is None or one.invited_until <= visit.now:
        return State("expired", visit.t("subaccounts.expired"))
    until, mail = moments.full(one.invited_until), one.mail
    if mail is None or mail.state in (MailState.SENT, MailState.DELIVERED):
        return State("invited", visit.t("subaccounts.invited", until=until))
    if mail.state is MailState.WAITING and mail.attempts:
        again = moments.full(mail.due_at)
        return State("retried", visit.t("subaccounts.mail_state.again", at=again), until)
    words = visit.t(f"subaccounts.mail_state.{mail.state}")
    found = re.search(r"\S+/einladung/\S+", mail.body_text) if mail.state in STUCK else None
    return State(mail.state.value, words, until, found[0] if found else "")


async def _page(visit: Visit, fault: str = "") -> web.Response:
    customer = await visit.customer()
    async with visit.portal.db.read() as conn:
        listed = await invitations.of_customer(conn, visit.customer_id)
    moments = Moments(visit.t, customer.zone)
    having = {one.account.employee_id for one in listed}
    could = [person for person in sorted(customer.employees, key=by_family_name) if person.id not in having]
    return visit.page(
        "subaccounts.html",
        status=422 if fault else 200,
        listed=listed,
        could=could,
        names={person.id: person.name for person in customer.employees},
        states={one.account.id: _state(visit, moments, one) for one in listed},
        fault=fault,
    )


ROUTES = (
    Route("portal.subaccounts", "GET", PATH, show),
    Route("portal.subaccounts", "POST", PATH, invite),
    Route("portal.subaccounts.delete", "POST", f"{PATH}/{{account}}/loeschen", delete),
)
