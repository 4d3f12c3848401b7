"""Appointments of a company's employees."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from pbx_bridge.storage.db.ids import new_id
from rules.fields.appointment import APPOINTMENT
from rules.model import Appointment


async def insert(conn: AsyncConnection, employee_id: str, appointment: Appointment) -> str:
    """A new appointment of an employee whom the caller knows to be of the company; returns its id."""
    values = {"id": appointment.id or new_id(), "employee_id": employee_id} | row_of(APPOINTMENT, appointment)
    await conn.execute(t.appointment.insert().values(values))
    return str(values["id"])


async def update(conn: AsyncConnection, customer_id: str, employee_id: str, appointment: Appointment) -> None:
    """Everything, also whose it is; nothing happens to an appointment of another company."""
    values = {"employee_id": employee_id} | row_of(APPOINTMENT, appointment)
    await conn.execute(t.appointment.update().where(_mine(customer_id, appointment.id)).values(values))


async def delete(conn: AsyncConnection, customer_id: str, appointment_id: str) -> None:
    """Nothing happens to an appointment of another company."""
    await conn.execute(t.appointment.delete().where(_mine(customer_id, appointment_id)))


async def owner(conn: AsyncConnection, customer_id: str, appointment_id: str) -> str | None:
    """Id of the employee whose appointment it is; None for one of another company, and for none."""
    query = select(t.appointment.c.employee_id).where(_mine(customer_id, appointment_id))
    found: str | None = (await conn.execute(query)).scalar_one_or_none()
    return found


def _mine(customer_id: str, appointment_id: str) -> ColumnElement[bool]:
    employees = select(t.employee.c.id).where(t.employee.c.customer_id == customer_id)
    return (t.appointment.c.id == appointment_id) & t.appointment.c.employee_id.in_(employees)
