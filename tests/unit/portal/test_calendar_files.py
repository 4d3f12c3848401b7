# ruff: noqa: E501 - a case a line
"""Whole calendar files: several in one, encodings, ends of lines, files that break off, one UID for many."""

from __future__ import annotations

import pytest

from tests.unit.portal.calendars import GOOD, HOUR, NINE, READ, THERE, days, ics, told

X = f"UID:x\nSUMMARY:x\n{HOUR}"
ZONE = """BEGIN:VTIMEZONE
TZID:Daheim
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{0}
TZOFFSETTO:{0}
END:STANDARD
END:VTIMEZONE
"""
AT_HOME = f"UID:x\nSUMMARY:x\n{NINE.replace('Europe/Berlin', 'Daheim')}"
UMLAUTS = f"UID:x\nSUMMARY:Übergabe für Weiß 🎄\n{HOUR}"
SPOKEN = "Übergabe für Weiß 🎄 01.12. 10:00-01.12. 11:00"
SERIES = f"UID:x\nSUMMARY:x\n{NINE}\nRRULE:FREQ=DAILY;COUNT=3"
MOVED = (
    SERIES.partition("\nRRULE")[0].replace(":20261201", ":20261204")
    + "\nRECURRENCE-ID;TZID=Europe/Berlin:20261202T090000"
)
FOLDED = ics(GOOD, UMLAUTS).replace("ü".encode(), b"\xc3\r\n \xbc")
FILES = {
    "two calendars": (ics(GOOD) + ics(X), [THERE, READ], {}),
    "two calendars, one of them broken": (ics(GOOD) + ics(X, tail=""), [THERE, READ], {"cut": 1}),
    "the same event in both": (ics(GOOD, X) + ics(X), [THERE, READ], {}),
    "an invitation and its cancelling": (
        ics(GOOD, X, head="METHOD:REQUEST\n") + ics(X, head="METHOD:CANCEL\n"), [READ], {"cancelled": 1},
    ),
    "an answer to an invitation": (ics(GOOD) + ics(X, head="METHOD:REPLY\n"), [READ], {"no_event": 1}),
    "two zones of the same name": (
        ics(GOOD, AT_HOME, head=ZONE.format("+0300")) + ics(AT_HOME.replace("UID:x", "UID:y"), head=ZONE.format("-0500")),
        ["x 01.12. 07:00-01.12. 08:00", "x 01.12. 15:00-01.12. 16:00", READ], {},
    ),
    "a broken zone": (ics(GOOD, AT_HOME, head=ZONE.format("x")), [*days(1), READ], {"zone": 1}),
    "a zone for all": (
        ics(GOOD, "UID:x\nSUMMARY:x\nDTSTART:20261201T090000\nDTEND:20261201T100000", head="X-WR-TIMEZONE:America/New_York\n"),
        [*days(1, hours="15:00 16:00"), READ], {},
    ),
    "a zone for all that nobody knows": (ics(GOOD, X, head="X-WR-TIMEZONE:Mond\n"), [THERE, READ], {}),
    "tasks and diaries": (
        ics(GOOD, head="BEGIN:VTODO\nUID:t\nEND:VTODO\nBEGIN:VJOURNAL\nUID:j\nEND:VJOURNAL\n"), [READ], {"no_event": 2},
    ),
    "one UID for different events": (ics(GOOD, GOOD.replace("Messe", "Kur").replace("202612", "202701")), [READ, "Kur 07.01. 00:00-12.01. 00:00 ganz"], {}),
    "no UID at all": (ics(GOOD.replace("UID:good\n", ""), X.replace("UID:x\n", "")), [THERE, READ], {}),
    "one day moved": (ics(GOOD, SERIES, MOVED), [*days(1, 3, 4), READ], {}),
    "one day moved, told first": (ics(GOOD, MOVED, SERIES), [*days(1, 3, 4), READ], {}),
    "one day cancelled": (ics(GOOD, SERIES, MOVED + "\nSTATUS:CANCELLED"), [*days(1, 3), READ], {"cancelled": 1}),
    "one day declined": (
        ics(GOOD, SERIES, MOVED + "\nATTENDEE;PARTSTAT=DECLINED:mailto:anna.keller@sommer.example"),
        [*days(1, 3), READ], {"declined": 1},
    ),
    "cut off in an event": (ics(GOOD, tail="BEGIN:VEVENT\nUID:x\nDTSTA"), [READ], {"cut": 1}),
    "cut off after an event": (ics(GOOD, tail=""), [READ], {"cut": 1}),
    "an event whose end was forgotten": (ics(GOOD, X).replace(b"END:VEVENT\r\n", b"", 1), [THERE, READ], {}),
    "all ends forgotten": (ics(GOOD, X).replace(b"END:VEVENT\r\n", b""), [THERE, READ], {}),
    "ended within an alarm": (ics(GOOD, f"{X}\nBEGIN:VALARM").replace(b"END:VEVENT\r\nEND:VC", b"END:VC"), [READ], {"cut": 1}),
    "UTF-8 with its mark": (b"\xef\xbb\xbf" + ics(GOOD, UMLAUTS), [SPOKEN, READ], {}),
    "UTF-16": (ics(GOOD, UMLAUTS).decode().encode("utf-16"), [SPOKEN, READ], {}),
    "UTF-16 without its mark": (ics(GOOD, UMLAUTS).decode().encode("utf-16-le"), [SPOKEN, READ], {}),
    "Latin-1": (ics(GOOD, UMLAUTS.replace(" 🎄", "")).decode().encode("latin-1"), [SPOKEN.replace(" 🎄", ""), READ], {}),
    "folded within a letter": (FOLDED, [SPOKEN, READ], {}),
    "folded within a letter, plain lines": (FOLDED.replace(b"\r\n", b"\n"), [SPOKEN, READ], {}),
    "only CR": (ics(GOOD, X).replace(b"\r\n", b"\r"), [THERE, READ], {}),
    "only LF": (ics(GOOD, X).replace(b"\r\n", b"\n"), [THERE, READ], {}),
    "CR CR LF": (ics(GOOD, X).replace(b"\r\n", b"\r\r\n"), [THERE, READ], {}),
    "empty lines": (ics(GOOD, X).replace(b"\r\n", b"\r\n\r\n"), [THERE, READ], {}),
    "NUL": (ics(GOOD, X.replace("SUMMARY:x", "SUMMARY:x\0")), [THERE, READ], {}),
    "without words": (ics(GOOD, X.replace("SUMMARY:x", "SUMMARY:")), [THERE.replace("x", "nicht erreichbar"), READ], {}),
    "words twice": (ics(GOOD, X + "\nSUMMARY:y"), [THERE, READ], {}),
    "quoted-printable": (
        ics(GOOD, X.replace("SUMMARY:x", "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=9Cber=\n=20x")),
        [THERE.replace("x", "Über x"), READ], {},
    ),
    "nothing but the frame": (ics(), [], {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_its_kind(kind: str) -> None:
    data, read, left_out = FILES[kind]
    found, counted = told(data)
    assert sorted(found) == sorted(read)
    assert counted == left_out


NAMES = (
    "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "UID", "SUMMARY",
    "CLASS", "STATUS", "TRANSP", "ATTENDEE", "ORGANIZER", "CATEGORIES", "GEO", "PRIORITY", "ATTACH", "X-MICROSOFT-CDO-ALLDAYEVENT",
)  # fmt: skip
JUNK = (
    "", "x", "-1", "TRUE", ";;;", "2026", "20261201", "20261201T090000", "99999999T999999Z", "00000101", "P", "-P1D",
    "P99999999999D", "FREQ=", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;BYDAY=9XX", "FREQ=YEARLY;BYMONTH=13",
    "FREQ=DAILY;UNTIL=x", "20261201T090000/", "20261201T090000Z/PT1H", "mailto:", "\\", '"', "\u2028", "\x00",
)  # fmt: skip


@pytest.mark.parametrize("head", ["", ";VALUE=DATE", ';TZID="'])
@pytest.mark.parametrize("name", NAMES)
def test_whatever_stands_in_one_line_costs_no_other_event(name: str, head: str) -> None:
    for junk in JUNK:
        read, _ = told(ics(GOOD, f"UID:x\nSUMMARY:x\n{NINE}\nRRULE:FREQ=DAILY;COUNT=2\n{name}{head}:{junk}"))
        assert READ in read, junk
