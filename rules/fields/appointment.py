"""Appointment: when and why an employee is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
