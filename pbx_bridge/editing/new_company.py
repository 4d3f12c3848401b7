"""A company that is just signed: with line, greeting and first contact, who is invited, in one change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pbx_bridge.auth import log_in_links
from pbx_bridge.auth.log_in_links import LogInLink
from pbx_bridge.editing import queues
from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access import access_log, account_changes, invitations
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers, data_version, taken_names
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import billing, company, employees, lines, teams
from rules.fault import Fault
from rules.model import Answering, Customer, Employee, Tariff
from rules.office.new_company import NewCompany, line_of, read_new_company
from rules.vocabulary import ServiceState

HUES = 12

ContactInvitation = Callable[[Customer, Employee], LogInLink]
"""To the contact of the company."""


async def create(
    change: Change, wanted: W, locale: str, invitation: ContactInvitation
) -> NewCompany | Rejected[W]:
    """`change` is of an id that nobody has yet; `locale`: of the contact's pages.

    No way back is kept: what a company is at first nobody undoes by pieces.
    """
    conn, values = change.conn, wanted.values
    facts = await taken_names.facts_for(conn, values["name"].strip(), line_of(values))
    hue = await customers.count(conn) % HUES
    base = Customer(change.customer_id, "", Tariff("", "", put_through=False), "", hue=hue)
    new = read_new_company(values, base, Employee(new_id(), "", "", ""), facts)
    if isinstance(new, tuple) or not wanted.ready:
        return Rejected(wanted, new if isinstance(new, tuple) else ())
    customer = replace(new.customer, service=ServiceState.SET_UP)
    answering, bound = customer.answering, customer.confidential
    chosen = answering != Answering()
    if chosen and await queues.are_full(conn, customer.id, answering, change.now, bound=bound):
        return Rejected(wanted, (Fault("team" if answering.team else "language", "queues_full"),))
    if not await company.insert(conn, customer):
        return Rejected(wanted, (Fault("name", "name_taken", {"name": customer.name}),))
    await teams.set_answering(conn, customer.id, answering)
    await billing.signed(conn, customer.id, change.now)
    if new.line and not await lines.take(conn, new.line, customer, change.now):
        raise LineTakenMeanwhile
    if new.contact is not None:
        await employees.insert(conn, customer.id, [new.contact])
        if new.contact.email:
            await _invite(change, customer, new.contact, locale, invitation)
    await data_version.touch(conn, None, change.now)  # the line is loaded with it
    change.code = "company_created"
    return new


class LineTakenMeanwhile(Exception):
    """Between the look and the writing; nothing is stored, and the next look says whose it is."""


async def _invite(
    change: Change, customer: Customer, contact: Employee, locale: str, invitation: ContactInvitation
) -> None:
    """The company's own log-in, named like the address when its owner takes the invitation."""
    account_id, by = new_id(), change.editor.by
    login = invitations.unnamed(account_id)
    account = Account(account_id, login, Role.CUSTOMER, locale, customer.id, email=contact.email)
    await account_changes.add(change.conn, account, invitations.NO_PASSWORD, by)
    told = (account, change.now, by.where, by.login, customer.name)
    await access_log.write(change.conn, AccessEvent.INVITED, *told)
    await log_in_links.send(change.conn, account, invitation(customer, contact), change.now)
