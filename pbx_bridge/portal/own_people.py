"""Whose absences somebody sees and writes: a customer everybody's, a subaccount its own employee's."""

from __future__ import annotations

from collections.abc import Sequence

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.visit import Visit
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.turns import gently
from rules.directory import Directory, directory
from rules.model import Appointment, Customer, Employee


async def seen(visit: Visit, customer: Customer) -> Directory:
    """All whom this account may see, in order."""
    if visit.account.role is Role.CUSTOMER:
        return await visit.directory(customer)
    return directory(some(visit, customer))


def some(visit: Visit, customer: Customer) -> Sequence[Employee]:
    """The same in no order."""
    if visit.account.role is Role.CUSTOMER:
        return customer.employees
    own = customer.employee(visit.account.employee_id)
    return (own,) if own else ()


def person(visit: Visit, customer: Customer, employee_id: str) -> Employee:
    """Raises NotFoundError for somebody else's, and for nobody."""
    found = known(visit, customer, employee_id)
    if found is None:
        raise NotFoundError
    return found


def known(visit: Visit, customer: Customer, employee_id: str) -> Employee | None:
    """The employee with this id, if this account may see them."""
    found = customer.employee(employee_id)
    own = visit.account.role is Role.CUSTOMER or employee_id == visit.account.employee_id
    return found if own else None


async def appointment(visit: Visit, customer: Customer) -> tuple[Employee, Appointment]:
    """The one in the path, and whose it is; what comes from a calendar elsewhere is not written here."""
    wanted = visit.request.match_info["appointment"]
    async for one in gently(some(visit, customer)):
        for found in one.appointments:
            if found.id == wanted and not found.imported:
                return one, found
    raise NotFoundError
