# ruff: noqa: E501 - a case a line
"""Calendars as programs and people make them: whatever else is in a file, its good appointment is read, and what
is left out is counted by its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from pbx_bridge.portal.calendar.events import REASONS
from pbx_bridge.portal.calendar.reading import Found, Question, events
from pbx_bridge.web.i18n import translate
from tests.unit.portal.calendars import GOOD, HOUR, NINE, READ, THERE, days, ics, told

INVITED = f"{HOUR}\nORGANIZER:mailto:ben.vogt@sommer.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ben.vogt@sommer.example"


@dataclass(frozen=True)
class Case:
    """`body`: of one more event; `read`: what it becomes; `left`: what it is counted as."""

    body: str
    read: tuple[str, ...] = ()
    left: dict[str, int] = field(default_factory=dict)


def left(**reasons: int) -> dict[str, int]:
    return reasons


CASES = {
    # days
    "a day that ends as it begins": Case(
        "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261201", ("x 01.12. 00:00-02.12. 00:00 ganz",)
    ),
    "a day without end": Case("DTSTART;VALUE=DATE:20261201", ("x 01.12. 00:00-02.12. 00:00 ganz",)),
    "a day without saying that it is one": Case("DTSTART:20261201", ("x 01.12. 00:00-02.12. 00:00 ganz",)),
    "a day with hours behind it": Case(
        "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261201T120000", ("x 01.12. 00:00-02.12. 00:00 ganz",)
    ),
    "a day of 24 hours": Case(
        "DTSTART;VALUE=DATE:20261201\nDURATION:PT24H", ("x 01.12. 00:00-02.12. 00:00 ganz",)
    ),
    "the last day of the year before": Case(
        "DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270101", ("x 31.12. 00:00-01.01. 00:00 ganz",)
    ),
    "whole days in UTC": Case(
        "DTSTART:20261201T000000Z\nDTEND:20261203T000000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        ("x 01.12. 00:00-03.12. 00:00 ganz",),
    ),
    "whole days from our midnight": Case(
        "DTSTART:20261130T230000Z\nDTEND:20261201T230000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:true",
        ("x 01.12. 00:00-02.12. 00:00 ganz",),
    ),
    "whole days of the other program": Case(
        "DTSTART:20261201T000000Z\nDTEND:20261202T000000Z\nX-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE",
        ("x 01.12. 00:00-02.12. 00:00 ganz",),
    ),
    "whole days that repeat": Case(
        "DTSTART:20261201T000000Z\nDTEND:20261202T000000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\n"
        "RRULE:FREQ=DAILY;UNTIL=20261203T000000Z\nEXDATE:20261202T000000Z",
        ("x 01.12. 00:00-02.12. 00:00 ganz", "x 03.12. 00:00-04.12. 00:00 ganz"),
    ),
    # lengths
    "a day written as a time": Case(
        "DTSTART:20261201T090000Z\nDURATION:PT1D", ("x 01.12. 10:00-02.12. 10:00",)
    ),
    "an hour written as a day": Case("DTSTART:20261201T090000Z\nDURATION:P1H", (THERE,)),
    "both an end and a length": Case(f"{HOUR}\nDURATION:PT5H", (THERE,)),
    "a length backwards": Case("DTSTART:20261201T090000Z\nDURATION:-PT1H", left=left(backwards=1)),
    "an end before the beginning": Case(
        "DTSTART:20261201T090000Z\nDTEND:20261201T080000Z", left=left(backwards=1)
    ),
    "a day before the beginning": Case(
        "DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261201", left=left(backwards=1)
    ),
    "a moment": Case("DTSTART:20261201T090000Z", left=left(no_time=1)),
    "a hundred years": Case(
        "DTSTART;VALUE=DATE:20000101\nDTEND;VALUE=DATE:21000101", ("x 01.01. 00:00-01.01. 00:00 ganz",)
    ),
    # series
    "a series at its hour": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0;COUNT=3", days(1, 2, 3)
    ),
    "a series twice a day": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;BYHOUR=9,14;COUNT=3",
        (*days(1), "x 01.12. 14:00-01.12. 15:00", *days(2)),
    ),
    "a series with a rule of exceptions": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=5\nEXRULE:FREQ=WEEKLY;BYDAY=TH", days(1, 2, 4, 5)
    ),
    "the first day is one of them": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=5\nEXRULE:FREQ=WEEKLY;BYDAY=TU,TH", days(2, 4, 5)
    ),
    "two of them, one with an end": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=10\nEXRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261204T000000Z\n"
        "EXRULE:FREQ=WEEKLY;BYDAY=SA,SU",
        days(2, 4, 7, 8, 9, 10),
    ),
    "nothing but exceptions": Case(f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXRULE:FREQ=DAILY", days()),
    "a series in hours": Case(f"{NINE}\nRRULE:FREQ=HOURLY;INTERVAL=24;COUNT=3", days(1, 2, 3)),
    "a series until a day": Case(f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20261203", days(1, 2, 3)),
    "a series until a local moment": Case(f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20261203T090000", days(1, 2, 3)),
    "a series until a moment of UTC": Case(f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20261203T080000Z", days(1, 2, 3)),
    "floating until UTC": Case(
        "DTSTART:20261201T090000\nDTEND:20261201T100000\nRRULE:FREQ=DAILY;UNTIL=20261203T080000Z",
        days(1, 2, 3),
    ),
    "floating until a day": Case(
        "DTSTART:20261201T090000\nDTEND:20261201T100000\nRRULE:FREQ=DAILY;UNTIL=20261203", days(1, 2, 3)
    ),
    "days until a moment": Case(
        "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;UNTIL=20261202T225959Z",
        ("x 01.12. 00:00-02.12. 00:00 ganz", "x 02.12. 00:00-03.12. 00:00 ganz"),
    ),
    "a rule in small letters": Case(f"{NINE}\nRRULE:freq=daily; count=2;", days(1, 2)),
    "an exception in its zone": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20261202T090000", days(1, 3)
    ),
    "an exception as a day": Case(
        f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261202", days(1, 3)
    ),
    "an exception in UTC": Case(f"{NINE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261202T080000Z", days(1, 3)),
    "single days more": Case(f"{NINE}\nRDATE;TZID=Europe/Berlin:20261203T090000,20261205T090000", days(1, 3, 5)),
    "a period more": Case(
        f"{NINE}\nRDATE;VALUE=PERIOD:20261203T080000Z/PT2H", (*days(1), "x 03.12. 09:00-03.12. 11:00")
    ),
    "a rule that says nothing": Case(f"{NINE}\nRRULE:BYDAY=MO", left=left(broken=1)),
    "a rule in words": Case(f"{NINE}\nRRULE:jeden Montag", left=left(broken=1)),
    "every second": Case(f"{NINE}\nRRULE:FREQ=SECONDLY", left=left(series=1)),
    "every minute of a day": Case(f"{NINE}\nRRULE:FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60))), left=left(series=1)),
    "never going on": Case(f"{NINE}\nRRULE:FREQ=DAILY;INTERVAL=0", left=left(series=1)),
    # whether it is an absence
    "declined": Case(
        f"{INVITED}\nATTENDEE;PARTSTAT=DECLINED;CN=Anna Keller:mailto:Anna.Keller@sommer.example",
        left=left(declined=1),
    ),
    "declined under another address": Case(
        f"{INVITED}\nATTENDEE;CN=\"Keller, Anna\";PARTSTAT=DECLINED:mailto:ak@alt.example", left=left(declined=1)
    ),
    "declined, as the address in use says": Case(
        f"{INVITED}\nATTENDEE;EMAIL=anna.keller@sommer.example;PARTSTAT=DECLINED:urn:uuid:1", left=left(declined=1)
    ),
    "somebody else declined": Case(
        f"{HOUR}\nATTENDEE;PARTSTAT=DECLINED;CN=Ben Vogt:mailto:ben.vogt@sommer.example\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna.keller@sommer.example",
        (THERE,),
    ),
    "delegated": Case(
        f"{INVITED}\nATTENDEE;PARTSTAT=DELEGATED:mailto:anna.keller@sommer.example", left=left(declined=1)
    ),
    "not yet answered": Case(
        f"{INVITED}\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna.keller@sommer.example", (THERE,)
    ),
    "tentative": Case(f"{HOUR}\nSTATUS:TENTATIVE\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", (THERE,)),
    "out of office, though transparent": Case(
        f"{HOUR}\nTRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", (THERE,)
    ),
    "cancelled": Case(f"{HOUR}\nSTATUS:cancelled", left=left(cancelled=1)),
    "free": Case(f"{HOUR}\nTRANSP:Transparent", left=left(free=1)),
    "working elsewhere": Case(f"{HOUR}\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", left=left(free=1)),
    # what cannot be read
    "no beginning": Case("DTEND:20261201T090000Z", left=left(no_start=1)),
    "a beginning in words": Case("DTSTART:morgen\nDTEND:übermorgen", left=left(broken=1)),
    "no day of the calendar": Case("DTSTART;VALUE=DATE:20261331", left=left(broken=1)),
    "two beginnings": Case(f"{HOUR}\nDTSTART:20261202T090000Z", left=left(broken=1)),
    # zones
    "a zone of Windows": Case(NINE.replace("Europe/Berlin", "W. Europe Standard Time"), days(1)),
    "a zone of Windows in quotes": Case(NINE.replace("Europe/Berlin", '"W. Europe Standard Time"'), days(1)),
    "a zone of libical": Case(NINE.replace("Europe/Berlin", "/freeassociation.sourceforge.net/Europe/Berlin"), days(1)),
    "a zone in words": Case(NINE.replace("Europe/Berlin", '"(UTC+01:00) Amsterdam, Berlin, Bern"'), days(1)),
    "a zone nobody knows": Case(NINE.replace("Europe/Berlin", "Zuhause"), days(1), left(zone=1)),
    "another zone": Case(NINE.replace("Europe/Berlin", "America/New_York"), days(1, hours="15:00 16:00")),
    # how it is written
    "a moment with hyphens": Case("DTSTART:2026-12-01T09:00:00Z\nDTEND:2026-12-01T10:00Z", (THERE,)),
    "a leap second": Case("DTSTART:20261201T085960Z\nDTEND:20261201T100000Z", ("x 01.12. 09:59-01.12. 11:00",)),
    "until 24:00": Case("DTSTART:20261201T220000\nDTEND:20261201T240000", ("x 01.12. 22:00-02.12. 00:00",)),
    "an alarm within": Case(f"{HOUR}\nBEGIN:VALARM\nTRIGGER:-PT5M\nSUMMARY:y\nEND:VALARM", (THERE,)),
    "a line that is none": Case(f"{HOUR}\nDESCRIPTION:a\nohne Doppelpunkt", (THERE,)),
    "small letters": Case(HOUR.lower().replace("t0", "T0").replace("t1", "T1").replace("z", "Z").replace("dTs", "dts"), (THERE,)),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_beside_a_good_appointment(kind: str) -> None:
    case = CASES[kind]
    for bodies in ((GOOD, f"UID:x\nSUMMARY:x\n{case.body}"), (f"UID:x\nSUMMARY:x\n{case.body}", GOOD)):
        read, left_out = told(ics(*bodies))
        assert sorted(read) == sorted((READ, *case.read))
        assert left_out == case.left


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_has_its_words(locale: str, reason: str) -> None:
    one, many = (translate("portal", locale, f"calendar.left_out.{reason}", n=n) for n in (1, 2))
    assert "1 " in one
    assert "2 " in many


def test_whole_days_over_the_change_of_the_clock() -> None:
    asked = Question(
        "Europe/Berlin", datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC), ""
    )
    flagged = "DTSTART:20261023T220000Z\nDTEND:20261025T230000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
    for body in (flagged, "DTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261026"):
        found = events(ics(f"UID:x\nSUMMARY:x\n{body}"), asked)
        assert isinstance(found, Found)
        assert [(f"{one.start:%d}", f"{one.end:%d}", one.all_day) for one in found.events] == [
            ("24", "26", True)
        ]
