"""Appointments of employees: new, changed, gone; and "away until" with one tap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import appointments
from pbx_bridge.storage.undo.undo import Reach
from rules.fault import Fault
from rules.model import Appointment, Customer, Employee
from rules.presence import appointment_form
from rules.presence.appointments import ways_out
from rules.presence.availability import instant
from rules.text.typed_text import line


def texts_of(employee: Employee, stored: Appointment, zone: str) -> dict[str, str]:
    """An appointment as texts by field, as `add` and `save` take it."""
    return {"employee": employee.id} | appointment_form.write(stored, zone)


def read(
    values: Mapping[str, str], customer: Customer, employee: Employee | None, known: str, now: datetime
) -> Appointment | tuple[Fault, ...]:
    """The appointment `known` of the employee, or what is wrong; None: nobody whom the editor may change."""
    found = appointment_form.read(values, customer.zone, appointment_id=known, now=now)
    faults = () if isinstance(found, Appointment) else found
    named = _named(faults)
    if employee is None:
        return (Fault("employee", "required"), *named)
    return found if isinstance(found, Appointment) else named


async def add(change: Change, wanted: W) -> Appointment | Rejected[W]:
    """A new one."""
    customer = await change.customer()
    values = wanted.values if customer.tariff.put_through else {**wanted.values, "reachable": ""}
    whose = await _whose(change, values)
    found = read(values, customer, whose, new_id(), change.now)
    if isinstance(found, tuple) or whose is None or not wanted.ready:
        return Rejected(wanted, found if isinstance(found, tuple) else ())
    await change.record(OwnChangeCode.APPOINTMENT_ADDED, Reach(employees=[whose.id]))
    await appointments.insert(change.conn, whose.id, found)
    return found


async def save(
    change: Change, appointment_id: str, values: Callable[[Mapping[str, str]], W]
) -> Appointment | Rejected[W]:
    """One as it is to be, also whose it is; `values`: the texts wanted, over those stored. Raises
    NotFoundError."""
    customer, (before, stored) = await change.customer(), await find(change, appointment_id)
    texts = texts_of(before, stored, customer.zone)
    wanted = values(texts)
    kept = {} if customer.tariff.put_through else {"reachable": texts["reachable"]}
    whose = await _whose(change, wanted.values)
    found = read({**wanted.values, **kept}, customer, whose, stored.id, change.now)
    if isinstance(found, tuple) or whose is None or not wanted.ready:
        return Rejected(wanted, found if isinstance(found, tuple) else ())
    if whose.id != before.id or _parts(found) != _parts(stored):
        await change.record(OwnChangeCode.APPOINTMENT_SAVED, Reach(employees=[before.id, whose.id]))
        await appointments.update(change.conn, change.customer_id, whose.id, found)
    return found


async def delete(change: Change, appointment_id: str) -> None:
    """It goes. Raises NotFoundError."""
    whose, stored = await find(change, appointment_id)
    await change.record(OwnChangeCode.APPOINTMENT_DELETED, Reach(employees=[whose.id]))
    await appointments.delete(change.conn, change.customer_id, stored.id)


async def leave(
    change: Change, employee_id: str | None, way: str, wanted: W
) -> Appointment | Rejected[W] | None:
    """Away from now on with the wanted `text`, until what `way` means now; None where it means nothing.
    Raises NotFoundError."""
    whose, customer = await change.employee(employee_id), await change.customer()
    start = _wall(change, customer)
    end = next((one.end for one in ways_out(customer.zone, change.now) if one.code == way), None)
    if end is None:
        return None
    text = line(wanted.values["text"]).strip()
    faults = appointment_form.faults_of_text(text)
    if faults or not wanted.ready:
        return Rejected(wanted, _named(faults))
    # In the repeated hour of autumn the clock can show an earlier end; the store wants them in order.
    end = max(end, start.replace(fold=1))
    away = Appointment(new_id(), text, start, end)
    await change.record(OwnChangeCode.AWAY_LEFT, Reach(employees=[whose.id]))
    await appointments.insert(change.conn, whose.id, away)
    return away


async def come_back(change: Change, employee_id: str | None) -> None:
    """All appointments of the employee that run end now. Raises NotFoundError."""
    whose, customer = await change.employee(employee_id), await change.customer()
    now = _wall(change, customer)
    await change.record(OwnChangeCode.AWAY_BACK, Reach(employees=[whose.id]))
    for one in whose.appointments:
        if one.imported or not _runs(one, customer.zone, change.now):
            continue
        if now <= one.start:  # it began this very minute: a slip
            await appointments.delete(change.conn, change.customer_id, one.id)
        else:
            ended = replace(one, end=now, all_day=False)
            await appointments.update(change.conn, change.customer_id, whose.id, ended)


async def find(change: Change, appointment_id: str) -> tuple[Employee, Appointment]:
    """One and whose it is; what comes from a calendar elsewhere is not changed here. Raises NotFoundError."""
    owner = await appointments.owner(change.conn, change.customer_id, appointment_id)
    whose = await change.employee(owner)
    for one in whose.appointments:
        if one.id == appointment_id and not one.imported:
            return whose, one
    raise NotFoundError


def _named(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(replace(fault, code=f"appointment_{fault.code}") for fault in faults)


async def _whose(change: Change, values: Mapping[str, str]) -> Employee | None:
    found = (await change.customer()).employee(values["employee"])
    return found if found and change.editor.may_change(found.id) else None


def _parts(one: Appointment) -> tuple[object, ...]:
    """To compare: two times of a repeated hour are equal to Python."""
    return one, one.start.fold, one.end.fold


def _runs(one: Appointment, zone: str, now: datetime) -> bool:
    return instant(one.start, zone) <= now < instant(one.end, zone)


def _wall(change: Change, customer: Customer) -> datetime:
    """This minute on the company's clock; fold says which one of a repeated hour."""
    return change.now.astimezone(ZoneInfo(customer.zone)).replace(second=0, microsecond=0, tzinfo=None)
