"""Appointment: when and why an employee is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.fields.declaration import Field, Kind


@dataclass(frozen=True, slots=True)
class Appointment:
    """Text that replaces the absence info from `start` until `end` (exclusive), in local wall time.

    `all_day`: `start` and `end` are midnights and `end` is the midnight after the last day. `fold` picks the
    second of a repeated hour (PEP 495) and is carried by the datetimes themselves. `reachable` False:
    put-through starts with the deputy. `imported`: read from the employee's calendar elsewhere.
    """

    id: str
    text: str
    start: datetime
    end: datetime
    all_day: bool = False
    reachable: bool = False
    imported: bool = False


WHAT, REACHED = "what", "reached"
"""The parts of the form; between them it asks for days and times (rules/presence/appointment_form.py)."""

APPOINTMENT = (
    Field("text", Kind.TEXT, section=WHAT, longest=500, rows=2, missing="needed"),
    Field("start", Kind.MOMENT),
    Field("end", Kind.MOMENT),
    Field("all_day", Kind.TICK),
    Field("reachable", Kind.TICK, section=REACHED, only_with_put_through=True),
)
"""What is read from a calendar has all but `reachable`."""
