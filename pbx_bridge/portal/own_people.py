"""Whose absences somebody sees and writes: a customer everybody's, a subaccount its own employee's."""

from __future__ import annotations

from collections.abc import Sequence

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.request_context import PortalContext
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.time_slices import gently
from rules.customers.directory import Directory, directory
from rules.model import Appointment, Customer, Employee


async def seen(ctx: PortalContext, customer: Customer) -> Directory:
    """All whom this account may see, in order."""
    if ctx.account.role is Role.CUSTOMER:
        return await ctx.directory(customer)
    return directory(some(ctx, customer))


def some(ctx: PortalContext, customer: Customer) -> Sequence[Employee]:
    """The same in no order."""
    if ctx.account.role is Role.CUSTOMER:
        return customer.employees
    own = customer.employee(ctx.account.employee_id)
    return (own,) if own else ()


def person(ctx: PortalContext, customer: Customer, employee_id: str) -> Employee:
    """Raises NotFoundError for somebody else's, and for nobody."""
    found = known(ctx, customer, employee_id)
    if found is None:
        raise NotFoundError
    return found


def known(ctx: PortalContext, customer: Customer, employee_id: str) -> Employee | None:
    """The employee with this id, if this account may see them."""
    found = customer.employee(employee_id)
    own = ctx.account.role is Role.CUSTOMER or employee_id == ctx.account.employee_id
    return found if own else None


async def appointment(ctx: PortalContext, customer: Customer) -> tuple[Employee, Appointment]:
    """The one in the path, and whose it is; what comes from a calendar elsewhere is not written here."""
    wanted = ctx.request.match_info["appointment"]
    async for one in gently(some(ctx, customer)):
        for found in one.appointments:
            if found.id == wanted and not found.imported:
                return one, found
    raise NotFoundError
