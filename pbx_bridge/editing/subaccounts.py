"""Log-ins of a company's own people: invited, and taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pbx_bridge.auth import log_in_links
from pbx_bridge.auth.log_in_links import LogInLink
from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.storage.access import access_log, account_changes, invitations
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.undo.undo import Reach
from rules.model import Customer, Employee

EmployeeInvitation = Callable[[Customer, Employee], LogInLink]
"""Of a company to an employee."""


async def invite(
    change: Change, employee_id: str, locale: str, invitation: EmployeeInvitation
) -> Account | Refused:
    """A log-in for an employee, named like the e-mail address when its owner takes the invitation, which goes
    through the outbox. Refused: subaccount_choose (nobody, or of somebody else), subaccount_no_email."""
    customer = await change.customer()
    employee = customer.employee(employee_id)
    if employee is None or not employee.email:
        return Refused("subaccount_no_email" if employee else "subaccount_choose")
    await change.record(OwnChangeCode.SUBACCOUNT_INVITED, Reach(employees=[employee.id]))
    account, by = await _account(change, employee, locale), change.editor.by
    told = (account, change.now, by.where, by.login, customer.name)
    await access_log.write(change.conn, AccessEvent.INVITED, *told)
    await log_in_links.send(change.conn, account, invitation(customer, employee), change.now)
    return account


async def delete(change: Change, account_id: str) -> None:
    """The log-in goes for good; the employee stays, and may be invited anew. Raises NotFoundError."""
    account = await invitations.subaccount(change.conn, change.customer_id, account_id)
    if account is None:
        raise NotFoundError
    # Not recorded: whoever took this back would open the door again, with the old password and without the
    # second factor.
    await account_changes.delete(change.conn, account, change.editor.by)
    change.code = "subaccount_deleted"


async def _account(change: Change, employee: Employee, locale: str) -> Account:
    """The one that the employee has, with the address of today; or a new one, without a password."""
    known = await invitations.of_employee(change.conn, change.customer_id, employee.id)
    if known is not None:
        await account_changes.set_email(change.conn, known, employee.email, change.editor.by)
        return replace(known, email=employee.email)
    account_id = new_id()
    of = locale, change.customer_id, employee.id
    login = invitations.unnamed(account_id)
    account = Account(account_id, login, Role.SUBACCOUNT, *of, email=employee.email)
    await account_changes.add(change.conn, account, invitations.NO_PASSWORD, change.editor.by)
    return account
