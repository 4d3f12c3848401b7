"""Whose absences somebody sees and writes: a customer everybody's, a subaccount its own employee's."""

from __future__ import annotations

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.visit import Visit
from pbx_bridge.storage.accounts import Role
from rules.model import Appointment, Customer, Employee
from rules.names import sort_key


def people(visit: Visit, customer: Customer) -> tuple[Employee, ...]:
    """By family name."""
    own = visit.account.employee_id
    seen = [one for one in customer.employees if visit.account.role is Role.CUSTOMER or one.id == own]
    return tuple(sorted(seen, key=lambda one: sort_key(one.name)))


def person(visit: Visit, customer: Customer, employee_id: str) -> Employee:
    """Raises NotFoundError for somebody else's, and for nobody."""
    found = next((one for one in people(visit, customer) if one.id == employee_id), None)
    if found is None:
        raise NotFoundError
    return found


def appointment(visit: Visit, customer: Customer) -> tuple[Employee, Appointment]:
    """The one in the path, and whose it is; what comes from a calendar elsewhere is not written here."""
    wanted = visit.request.match_info["appointment"]
    for one in people(visit, customer):
        for found in one.appointments:
            if found.id == wanted and not found.imported:
                return one, found
    raise NotFoundError
