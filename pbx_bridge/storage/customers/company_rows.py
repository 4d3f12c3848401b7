"""What belongs to a company, made of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from pbx_bridge.storage.db.field_columns import reader
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.employee import EMPLOYEE
from rules.fields.nobody_free import NOBODY_FREE
from rules.fields.vip_caller import VIP_CALLER
from rules.model import Answering, Appointment, Employee, FieldKind, NobodyFree, NoteField, Tariff
from rules.text.holidays import HouseDays
from rules.text.working_hours import counting


def tariff_of(row: Row[Any]) -> Tariff:
    """What a company may have."""
    return Tariff(row.id, row.name, row.put_through, row.sms_parts, row.retired)


def answering_of(row: Row[Any]) -> Answering:
    """Who answers for a company, of these columns of it."""
    return Answering(row.team_id, row.overflow_after, row.overflow_team_id, row.language)


read_customer, _read_employee, read_vip = map(reader, (CUSTOMER, EMPLOYEE, VIP_CALLER))


def employee_of(
    row: Row[Any],
    cc: tuple[str, ...],
    appointments: tuple[Appointment, ...],
    days: Mapping[str, HouseDays],
) -> Employee:
    """`cc`: who gets copies; `days`: by Land, what the house says of holidays."""
    read = _read_employee(row)
    read["hours"] = counting(read["hours"], days.get(row.state))
    return Employee(
        id=row.id,
        given_name=row.given_name,
        family_name=row.family_name,
        cc=cc,
        appointments=appointments,
        **read,
    )


_read_nobody_free = reader(NOBODY_FREE)


def nobody_free_of(row: Row[Any], days: Mapping[str, HouseDays]) -> NobodyFree:
    """`days`: by Land, what the house says of holidays."""
    read = _read_nobody_free(row)
    read["hours"] = counting(read["hours"], days.get(row.state))
    return NobodyFree(**read)


_read_appointment = reader(APPOINTMENT)
_read_event = reader(one for one in APPOINTMENT if one.name != "reachable")


def appointment_of(row: Row[Any]) -> Appointment:
    """One of their own."""
    return Appointment(id=row.id, **_read_appointment(row))


def event_of(row: Row[Any]) -> Appointment:
    """One of a calendar that is read."""
    return Appointment(id=row.id, imported=True, **_read_event(row))


def note_field_of(row: Row[Any]) -> NoteField:
    """Asked beside the standard fields, or asked once."""
    asked = (row.key, row.label, FieldKind(row.kind), row.required, tuple(row.choices or ()))
    return NoteField(*asked, row.help, row.retired)
