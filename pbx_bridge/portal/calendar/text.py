"""The lines of a calendar file as programs really write them, put right where it is plain what is meant.

Bytes are unfolded before they become text: some programs fold within a letter. What lies within an event
(alarms) is left out.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_ENDS = re.compile(rb"\r*\n|\r")
_FOLDS = re.compile(rb"(?:\r*\n|\r)[ \t]")
_SOFT_BREAK = re.compile(rb"=(?:\r*\n|\r)")
_MOMENT = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?:\.\d+)?(?P<zulu>Z?))?",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<W>\d+)W)?T?(?:(?P<D>\d+)D)?T?(?:(?P<H>\d+)H)?(?:(?P<M>\d+)M)?(?:(?P<S>\d+)S)?",
    re.IGNORECASE,
)
MOMENTS = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"})
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(slots=True)
class Component:
    """A component and its own lines, whole; `closed`: its end was there."""

    name: str
    lines: list[str] = field(default_factory=list)
    closed: bool = False

    @property
    def text(self) -> str:
        """As a file has it."""
        return "\r\n".join((f"BEGIN:{self.name}", *self.lines, f"END:{self.name}", ""))


@dataclass(slots=True)
class File:
    """One calendar of a file. `others`: tasks, diaries and whatever else is no event."""

    own: dict[str, str] = field(default_factory=dict)
    zones: list[Component] = field(default_factory=list)
    events: list[Component] = field(default_factory=list)
    others: list[Component] = field(default_factory=list)
    closed: bool = False


def calendars(data: bytes) -> list[File]:
    """All calendars in a file, as far as it goes; none: it is no calendar."""
    reading = _Reading()
    for line in lines_of(data):
        reading.take(line)
    return reading.found


class _Reading:
    """Where in the file we are: in a component of a calendar, and in which ones within it."""

    def __init__(self) -> None:
        self.found: list[File] = []
        self._outer: Component | None = None
        self._inner: list[str] = []

    def take(self, line: str) -> None:
        """The next line."""
        kind, _, rest = line.partition(":")
        name = rest.strip().upper()
        match kind.strip().upper():
            case "BEGIN":
                self._begin(name, line)
            case "END":
                self._end(name, line)
            case other if self.found and self._outer is None:
                self.found[-1].own.setdefault(other.partition(";")[0], rest.strip())
            case _ if self._outer is not None:
                self._keep(line)

    def _begin(self, name: str, line: str) -> None:
        if name == "VCALENDAR":
            self.found.append(File())
            self._outer = None
        elif self.found and (self._outer is None or name == "VEVENT"):
            self._ends_here()
            self._outer, self._inner = Component(name), []
            kinds = {"VEVENT": self.found[-1].events, "VTIMEZONE": self.found[-1].zones}
            kinds.get(name, self.found[-1].others).append(self._outer)
        elif self._outer is not None:
            self._inner.append(name)
            self._keep(line, inner=True)

    def _end(self, name: str, line: str) -> None:
        if name == "VCALENDAR" and self.found:
            self._ends_here()
            self._outer, self.found[-1].closed = None, True
        elif self._outer is not None and self._inner:
            self._keep(line, inner=True)
            self._inner.pop()
        elif self._outer is not None and name == self._outer.name:
            self._outer.closed, self._outer = True, None

    def _ends_here(self) -> None:
        """What comes next shows that nothing was cut off: only the end of the event was forgotten. Within an
        alarm, say, nobody knows what belongs to what."""
        if self._outer is not None and not self._inner:
            self._outer.closed = True

    def _keep(self, line: str, *, inner: bool = False) -> None:
        outer = self._outer
        if outer is None:
            return
        if outer.name == "VTIMEZONE":
            outer.lines.append(line)
        elif outer.name == "VEVENT" and not self._inner and not inner:
            outer.lines.append(mended(line))


def lines_of(data: bytes) -> Iterator[str]:
    """Whole lines: UTF-16 with its mark, UTF-8 with or without, else Windows-1252, line by line."""
    if encoding := _UTF16.get(data[:2]):
        data = data.decode(encoding, "replace").encode()
    elif data[:400].count(0) > len(data[:400]) // 3:
        data = data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b" ")
    if b"QUOTED-PRINTABLE" in data.upper():
        data = _SOFT_BREAK.sub(b"", data)
    for line in _ENDS.split(_FOLDS.sub(b"", data)):
        if not line.strip():
            continue
        head, _, rest = line.partition(b":")
        if b"QUOTED-PRINTABLE" in head.upper():
            name = head.partition(b";")[0]
            plain = quopri.decodestring(rest).replace(b"\r", b"").replace(b"\n", b"\\n")
            yield _decoded(name + b":" + plain)
        else:
            yield _decoded(line)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def mended(line: str) -> str:
    """Dates, lengths and rules in the form that all programs read, if it is plain what they say."""
    head, colon, value = line.partition(":")
    while colon and head.count('"') % 2:  # a colon within quotes belongs to the head
        more, colon, value = value.partition(":")
        head = f"{head}:{more}"
    name = head.partition(";")[0].strip().upper()
    if name in MOMENTS:
        value = ",".join("/".join(map(_mended_part, one.split("/"))) for one in value.split(","))
    elif name == "DURATION":
        value = mended_length(value.strip())
    elif name in ("RRULE", "EXRULE"):
        parts = [part for part in re.sub(r"\s", "", value).upper().split(";") if part]
        value = ";".join(
            _mended_rule(part) for part in parts if not part.startswith(("X-", "RSCALE=", "SKIP="))
        )
    else:
        return line
    if name in MOMENTS and value and len(value) == 8 and "VALUE=" not in head.upper():
        head += ";VALUE=DATE"
    elif name in MOMENTS and "T" in value and "VALUE=DATE" in head.upper().split(";"):
        head = re.sub(r";VALUE=DATE(?=;|$)", "", head, flags=re.IGNORECASE)
    return f"{head}:{value}"


def _mended_rule(part: str) -> str:
    name, _, value = part.partition("=")
    return f"UNTIL={mended_moment(value)}" if name == "UNTIL" else part


def _mended_part(text: str) -> str:
    text = text.strip()
    return mended_length(text) if text[:2].lstrip("+-")[:1] in ("P", "p") else mended_moment(text)


def mended_moment(text: str) -> str:
    """Without hyphens and colons, with seconds; a leap second is the one before, 24:00 is 00:00."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return text
    day = found["year"] + found["month"] + found["day"]
    if found["hour"] is None:
        return day
    second = min(int(found["second"] or 0), 59)
    if found["hour"] == "24":
        return f"{_next(day)}T00{found['minute']}{second:02}{found['zulu'].upper()}"
    return f"{day}T{found['hour']}{found['minute']}{second:02}{found['zulu'].upper()}"


def _next(day: str) -> str:
    try:
        return f"{datetime.strptime(day, '%Y%m%d') + timedelta(days=1):%Y%m%d}"  # noqa: DTZ007 - only a day
    except (ValueError, OverflowError):
        return day


def mended_length(text: str) -> str:
    """`PT1D` says a day, `P1H` an hour."""
    found = _LENGTH.fullmatch(text)
    if found is None or not any(found[unit] for unit in "WDHMS"):
        return text
    days = int(found["W"] or 0) * 7 + int(found["D"] or 0)
    times = "".join(f"{int(found[unit])}{unit}" for unit in "HMS" if found[unit])
    sign = "-" if found["sign"] == "-" else ""
    return f"{sign}P{f'{days}D' if days or not times else ''}{f'T{times}' if times else ''}"
