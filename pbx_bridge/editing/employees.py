"""People of a company: new, changed, gone; one by one or as a whole list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.undo.undo import Reach
from rules.customers.employee import read_employee, texts_of
from rules.fault import Fault
from rules.fields.employee import EMPLOYEE
from rules.files.csv_plan import ImportPlan
from rules.model import Customer, Employee


def nobody() -> Employee:
    """Whoever is added begins as this one."""
    return Employee(new_id(), "", "", "")


def fixed(customer: Customer) -> Collection[str]:
    """Fields that stay as they are stored, as the tariff does not include what they are for."""
    if customer.tariff.put_through:
        return ()
    return [one.name for one in EMPLOYEE if one.only_with_put_through]


async def add(change: Change, wanted: W, days: Sequence[str] = ()) -> Employee | Rejected[W]:
    """Somebody new. `days`: names of those of a week in the writer's language."""
    added = await _read(change, nobody(), wanted.values, days)
    if isinstance(added, tuple) or not wanted.ready:
        return Rejected(wanted, added if isinstance(added, tuple) else ())
    await change.record(OwnChangeCode.EMPLOYEE_ADDED, Reach(employees=[added.id]))
    await employees.insert(change.conn, change.customer_id, [added])
    return added


async def save(
    change: Change, employee_id: str, values: Callable[[Employee], W], days: Sequence[str] = ()
) -> Employee | Rejected[W]:
    """Somebody as they are to be; `values`: the texts wanted, over those stored; `days`: as in `add`. Raises
    NotFoundError."""
    stored = await change.employee(employee_id)
    wanted = values(stored)
    saved = await _read(change, stored, wanted.values, days)
    if isinstance(saved, tuple) or not wanted.ready:
        return Rejected(wanted, saved if isinstance(saved, tuple) else ())
    if saved != stored:
        await change.record(OwnChangeCode.EMPLOYEE_SAVED, Reach(employees=[employee_id]))
        await employees.update(change.conn, change.customer_id, [saved])
    return saved


async def delete(change: Change, employee_id: str) -> None:
    """Somebody goes, with appointments, VIP callers and log-in; all of it can come back for a day. Raises
    NotFoundError."""
    gone = await change.employee(employee_id)
    await change.record(OwnChangeCode.EMPLOYEE_DELETED, Reach(employees=[gone.id]), leaving=[gone.id])
    await employees.delete(change.conn, change.customer_id, [gone.id])


async def take_list(change: Change, plan: ImportPlan[Employee], leaving: Collection[str]) -> None:
    """What a file brings, all at once; `leaving`: those who go, as the file does not have them."""
    await change.record(OwnChangeCode.EMPLOYEES_IMPORTED, Reach(employees=None), leaving=leaving)
    conn, customer_id = change.conn, change.customer_id
    await employees.insert(conn, customer_id, plan.new)
    await employees.update(conn, customer_id, [one.after for one in plan.changed])
    await employees.delete(conn, customer_id, leaving)


async def _read(
    change: Change, stored: Employee, values: Mapping[str, str], days: Sequence[str]
) -> Employee | tuple[Fault, ...]:
    customer = await change.customer()
    before = texts_of(stored)
    texts = {**values, **{name: before[name] for name in fixed(customer)}}
    colleagues = [texts["deputy"]] if customer.employee(texts["deputy"]) else []
    return read_employee(texts, stored, colleagues, await change.dial_rules(), days)
