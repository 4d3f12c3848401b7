"""Subaccounts: employees get log-ins of their own, for their absences and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.editing import subaccounts
from pbx_bridge.editing.subaccounts import LASTS
from pbx_bridge.errors import Refused
from pbx_bridge.portal import choosing
from pbx_bridge.portal.choosing import Chosen
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.access import invitations
from pbx_bridge.storage.access.invitations import LogInOf, Subaccount
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox.notifications import Notification
from pbx_bridge.storage.outbox.notifications import State as MailState
from pbx_bridge.turns import gently
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.lists import part
from rules.address import salutation
from rules.directory import parts_of, words_of
from rules.model import Channel, Customer, Employee, MessageKind

PATH = "/portal/subaccounts"
ROWS = 50
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
    """A log-in for an employee; the invitation goes through the outbox."""
    posted = await visit.posted()
    chosen = choosing.read(posted, "employee", await _people(visit))

    def mail(customer: Customer, employee: Employee, account_id: str, token: str) -> Notification:
        return _mail(visit, customer.name, employee, account_id, token)

    async with visit.change() as change:
        done = await subaccounts.invite(change, chosen.id, visit.locale, mail)
    if isinstance(done, Refused):
        return await _page(visit, chosen.fault or done.code, chosen)
    visit.portal.wake()
    return visit.go(PATH, said="subaccount_invited")


async def delete(visit: Visit) -> web.StreamResponse:
    """The log-in goes; the employee stays."""
    async with visit.change(whole=False) as change:
        await subaccounts.delete(change, visit.request.match_info["account"])
    return visit.done(PATH, change)


def link(visit: Visit, token: str) -> str:
    """Where a password is set."""
    return f"{visit.portal.public_url or visit.request.url.origin()}/einladung/{token}"


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


async def _people(visit: Visit) -> choosing.Choosing:
    return choosing.people(await visit.directory(await visit.customer()))


async def _page(visit: Visit, fault: str = "", chosen: Chosen | None = None) -> web.Response:
    customer, asked, people = await visit.customer(), visit.request.query, await _people(visit)
    query = asked.get("q", "").strip()[:100]
    async with visit.portal.db.read() as conn:
        log_ins = await invitations.log_ins(conn, visit.customer_id)
        found = [one async for one in gently(log_ins) if _fits(customer, one, parts_of(query))]
        listed = part(found, asked.get("page", "1"), ROWS)
        shown = await invitations.of_customer(conn, visit.customer_id, [one.id for one in listed.rows])
    moments = Moments(visit.t, customer.zone)
    having = {one.employee_id for one in log_ins}
    wanted = asked.get("mitarbeiter", "")
    field = choosing.shown(people, wanted if customer.employee(wanted) else "", chosen).among(having)
    return visit.page(
        "subaccounts/list.html",
        status=422 if fault else 200,
        query=query,
        listed=listed,
        shown=shown,
        searchable=len(log_ins) > ROWS,
        could=len(customer.employees) > len(having),
        field=field,
        wanted=wanted,
        name_of=lambda account: _name(customer, account.employee_id),
        states={one.account.id: _state(visit, moments, one) for one in shown},
        fault=fault,
        typed=chosen.typed if chosen else "",
    )


def _fits(customer: Customer, log_in: LogInOf, parts: Collection[str]) -> bool:
    words = words_of(_name(customer, log_in.employee_id), log_in.login) if parts else ""
    return all(wanted in words for wanted in parts)


def _name(customer: Customer, employee_id: str | None) -> str:
    employee = customer.employee(employee_id)
    return employee.name if employee else "–"


ROUTES = (
    Route("portal.subaccounts", "GET", PATH, show),
    Route("portal.subaccounts", "POST", PATH, invite),
    Route("portal.subaccounts.delete", "POST", f"{PATH}/{{account}}/loeschen", delete),
)
