"""Subaccounts: employees get log-ins of their own, for their absences and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.auth.log_in_links import LASTS, LogInLink
from pbx_bridge.editing import subaccounts
from pbx_bridge.errors import Refused
from pbx_bridge.portal import choices
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access import invitations
from pbx_bridge.storage.access.invitations import LogInOf, Subaccount
from pbx_bridge.storage.outbox.notifications import State as MailState
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.choosing import Chosen
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.lists import part
from rules.customers.directory import parts_of, words_of
from rules.model import Customer, Employee
from rules.text.salutation import salutation

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


async def show(ctx: PortalContext) -> web.StreamResponse:
    """Who has a log-in, and who could have one."""
    return await _page(ctx)


async def invite(ctx: PortalContext) -> web.StreamResponse:
    """A log-in for an employee; the invitation goes through the outbox."""
    posted = await ctx.posted()
    chosen = choosing.read(posted, "employee", await _people(ctx))

    def invitation(company: Customer, employee: Employee) -> LogInLink:
        return _invitation(ctx, company, employee)

    async with ctx.change() as change:
        done = await subaccounts.invite(change, chosen.id, ctx.locale, invitation)
    if isinstance(done, Refused):
        return await _page(ctx, chosen.fault or done.code, chosen)
    ctx.portal.wake()
    return ctx.go(PATH, said="subaccount_invited")


async def delete(ctx: PortalContext) -> web.StreamResponse:
    """The log-in goes for good; the employee stays."""
    async with ctx.change(whole=False) as change:
        await subaccounts.delete(change, ctx.request.match_info["account"])
    return ctx.said(PATH, change.code)


def _invitation(ctx: PortalContext, company: Customer, employee: Employee) -> LogInLink:
    def words(link: str) -> tuple[str, str]:
        gaps = {"name": salutation(employee.name), "company": company.name, "link": link}
        text = ctx.t("subaccounts.mail.text", days=LASTS.days, **gaps)
        return ctx.t("subaccounts.mail.subject", company=company.name), text

    return ctx.invitation(words, ctx.customer_id, employee.id)


def _state(ctx: PortalContext, moments: Moments, one: Subaccount) -> State:
    """How far the log-in is, in words."""
    if one.has_password:
        return State("active", ctx.t("subaccounts.active"))
    if one.invited_until is None or one.invited_until <= ctx.now:
        return State("expired", ctx.t("subaccounts.expired"))
    until, mail = moments.full(one.invited_until), one.mail
    if mail is None or mail.state in (MailState.SENT, MailState.DELIVERED):
        return State("invited", ctx.t("subaccounts.invited", until=until))
    if mail.state is MailState.WAITING and mail.attempts:
        again = moments.full(mail.due_at)
        return State("retried", ctx.t("subaccounts.mail_state.again", at=again), until)
    words = ctx.t(f"subaccounts.mail_state.{mail.state}")
    # Whoever has the link chooses the password, so it is the company's and not of an operator who looks on.
    passed_on = mail.state in STUCK and not ctx.viewed
    found = re.search(r"\S+/einladung/\S+", mail.body_text) if passed_on else None
    return State(mail.state.value, words, until, found[0] if found else "")


async def _people(ctx: PortalContext) -> choosing.Choosing:
    return choices.people(await ctx.directory(await ctx.customer()))


async def _page(ctx: PortalContext, fault: str = "", chosen: Chosen | None = None) -> web.Response:
    customer, asked, people = await ctx.customer(), ctx.query, await _people(ctx)
    query = asked.get("q", "").strip()[:100]
    async with ctx.portal.db.read() as conn:
        log_ins = await invitations.log_ins(conn, ctx.customer_id)
        found = [one async for one in gently(log_ins) if _fits(customer, one, parts_of(query))]
        listed = part(found, asked.get("page", "1"), ROWS)
        shown = await invitations.of_customer(conn, ctx.customer_id, [one.id for one in listed.rows])
    moments = Moments(ctx.t, customer.zone)
    having = {one.employee_id for one in log_ins}
    wanted = asked.get("mitarbeiter", "")
    field = choosing.shown(people, wanted if customer.employee(wanted) else "", chosen).without(having)
    return ctx.page(
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
        states={one.account.id: _state(ctx, moments, one) for one in shown},
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
