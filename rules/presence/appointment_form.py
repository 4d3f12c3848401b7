"""Appointments as people write them: days and times of the customer's clock, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rules.fault import Fault
from rules.fields.appointment import APPOINTMENT
from rules.fields.declaration import on_form
from rules.fields.values import Around, faults_of, texts_of, value_of
from rules.model import Appointment
from rules.presence.appointments import last_day
from rules.presence.availability import exists, instant
from rules.text.typed_moments import ends_day, read_day, read_time

_WHAT, *_MORE = on_form(APPOINTMENT)
KEYS = (
    _WHAT.name, "start_day", "start_time", "end_day", "end_time", *(one.name for one in _MORE),
    "start_twice", "end_twice",
)  # fmt: skip
FURTHEST = timedelta(days=366 * 10)


def read(
    typed: Mapping[str, str], zone: str, *, appointment_id: str = "", now: datetime
) -> Appointment | tuple[Fault, ...]:
    """An appointment from a form, or everything that is wrong with it.

    Keys: `text`, `start_day`, `start_time`, `end_day` (empty: the same day), `end_time`, `reachable`, and
    `start_twice`, `end_twice`: which of a repeated hour is meant, "first" or "second". Without both times it
    is whole days, the last one included. Faults: needed too_long no_day no_time too_far one_time no_such_time
    twice not_after
    backwards (both in a repeated hour, the end earlier on the clock: two appointments say that).
    """
    plain = {one: typed[one.name].strip() for one in (_WHAT, *_MORE)}
    faults = [fault for one, text in plain.items() for fault in faults_of(one, text, Around())]
    days = _days(typed, now.astimezone(ZoneInfo(zone)).date(), faults)
    times = _times(typed, faults)
    if faults:
        return tuple(faults)
    days = (
        days[0] + timedelta(ends_day(typed["start_time"])),
        days[1] + timedelta(ends_day(typed["end_time"])),
    )
    start = _at(days[0], times[0], "start", zone, typed)
    end = _at(days[1] if times[1] else days[1] + timedelta(1), times[1], "end", zone, typed)
    if isinstance(start, Fault) or isinstance(end, Fault):
        return tuple(one for one in (start, end) if isinstance(one, Fault))
    if instant(end, zone) <= instant(start, zone):
        return (Fault("end_day" if days[1] < days[0] or not times[1] else "end_time", "not_after"),)
    if end < start:
        return (Fault("end_time", "backwards"),)
    values: dict[str, Any] = {one.of_model: value_of(one, text, Around()) for one, text in plain.items()}
    return Appointment(appointment_id, start=start, end=end, all_day=times[0] is None, **values)


def faults_of_text(text: str) -> tuple[Fault, ...]:
    """What is wrong with the text of an appointment alone: needed too_long."""
    return tuple(faults_of(_WHAT, text, Around()))


def blank(today: date) -> dict[str, str]:
    """The form of a new appointment, beginning today."""
    return dict.fromkeys(KEYS, "") | {"start_day": today.isoformat()}


def write(appointment: Appointment, zone: str) -> dict[str, str]:
    """The form of an appointment: the texts that `read` takes."""
    start, end = appointment.start, appointment.end
    values = blank(start.date()) | texts_of((_WHAT, *_MORE), appointment)
    values |= {
        "end_day": (last_day(appointment) if appointment.all_day else end.date()).isoformat(),
    }
    if appointment.all_day:
        return values
    for name, local in (("start", start), ("end", end)):
        values[f"{name}_time"] = f"{local:%H:%M}"
        if happens_twice(local, zone):
            values[f"{name}_twice"] = "second" if local.fold else "first"
    return values


def _days(typed: Mapping[str, str], today: date, faults: list[Fault]) -> tuple[date, date]:
    start = read_day(typed["start_day"], today)
    end = read_day(typed["end_day"], start or today) if typed["end_day"].strip() else start
    for name, day in (("start_day", start), ("end_day", end)):
        written = typed[name].strip()
        if day is None and (written or name == "start_day"):
            faults.append(Fault(name, "no_day" if written else "needed"))
        elif day and written and abs(day - today) > FURTHEST:
            faults.append(Fault(name, "too_far"))
    return start or today, end or today


def _times(typed: Mapping[str, str], faults: list[Fault]) -> tuple[time | None, time | None]:
    given = {name: typed[name].strip() for name in ("start_time", "end_time")}
    times = {name: time() if ends_day(text) else read_time(text) for name, text in given.items()}
    for name, text in given.items():
        if text and times[name] is None:
            faults.append(Fault(name, "no_time"))
        elif not text and any(given.values()):
            faults.append(Fault(name, "one_time"))
    return times["start_time"], times["end_time"]


def _at(day: date, clock: time | None, name: str, zone: str, typed: Mapping[str, str]) -> datetime | Fault:
    local = datetime.combine(day, clock or time())
    if clock is None:
        return local
    if not exists(local, zone):
        hour = instant(local, zone).astimezone(ZoneInfo(zone))
        return Fault(f"{name}_time", "no_such_time", {"typed": f"{local:%H:%M}", "next": f"{hour:%H:%M}"})
    if not happens_twice(local, zone):
        return local
    wanted = typed[f"{name}_twice"]
    if wanted not in ("first", "second"):
        return Fault(f"{name}_time", "twice", {"typed": f"{local:%H:%M}"})
    return local.replace(fold=int(wanted == "second"))


def happens_twice(local: datetime, zone: str) -> bool:
    """True for a wall time that the clocks show twice, such as 02:30 on 25 October 2026 in Berlin."""
    return exists(local, zone) and instant(local.replace(fold=0), zone) != instant(
        local.replace(fold=1), zone
    )
