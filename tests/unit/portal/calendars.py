"""Calendar files with a good appointment in them, and what is read of them in short."""

from __future__ import annotations

from datetime import UTC, datetime

from pbx_bridge.portal.calendar.reading import Found, Question, events

GOOD = "UID:good\nSUMMARY:Messe\nDTSTART;VALUE=DATE:20261207\nDTEND;VALUE=DATE:20261212"
READ = "Messe 07.12. 00:00-12.12. 00:00 ganz"
ASKED = Question(
    "Europe/Berlin",
    datetime(2026, 11, 27, tzinfo=UTC),
    datetime(2027, 3, 1, tzinfo=UTC),
    "nicht erreichbar",
    "Keller, Anna",
    ("anna.keller@sommer.example",),
)
HOUR = "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z"
THERE = "x 01.12. 10:00-01.12. 11:00"
NINE = "DTSTART;TZID=Europe/Berlin:20261201T090000\nDTEND;TZID=Europe/Berlin:20261201T100000"


def days(*numbers: int, hours: str = "09:00 10:00") -> tuple[str, ...]:
    begins, ends = hours.split()
    return tuple(f"x {n:02}.12. {begins}-{n:02}.12. {ends}" for n in numbers)


def ics(*bodies: str, head: str = "", tail: str = "END:VCALENDAR\n") -> bytes:
    made = "".join(f"BEGIN:VEVENT\n{body}\nEND:VEVENT\n" for body in bodies)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{made}{tail}".replace("\n", "\r\n").encode()


def told(data: bytes) -> tuple[list[str], dict[str, int]]:
    found = events(data, ASKED)
    assert isinstance(found, Found), found
    lines = [
        f"{one.text} {one.start:%d.%m. %H:%M}-{one.end:%d.%m. %H:%M}{' ganz' if one.all_day else ''}"
        for one in found.events
    ]
    return lines, dict(found.left_out)
