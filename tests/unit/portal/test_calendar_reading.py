"""Calendars elsewhere as programs write them: repeated events, zones, private ones, files made to harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pbx_bridge import limited_process
from pbx_bridge.editing.calendar_address import normalised
from pbx_bridge.errors import Refused
from pbx_bridge.portal.calendar import reading as calendar_reading
from pbx_bridge.portal.calendar.reading import MOST_FOUND, Found, Question, events, read
from rules.model import Appointment
from rules.presence.availability import instant

BERLIN = "Europe/Berlin"
START, END = datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
ASKED = Question(BERLIN, START, END, "")
NEW_YORK = """BEGIN:VTIMEZONE
TZID:Ostküste
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
"""


def ics(*bodies: str, zones: str = "") -> bytes:
    made = "".join(f"BEGIN:VEVENT\nUID:{n}\n{body}\nEND:VEVENT\n" for n, body in enumerate(bodies))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{zones}{made}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def found(*bodies: str, zones: str = "") -> list[tuple[str, str, str]]:
    answer = events(ics(*bodies, zones=zones), Question(BERLIN, START, END, "nicht erreichbar"))
    assert isinstance(answer, Found), answer
    return [(one.text, f"{one.start:%d.%m. %H:%M}", f"{one.end:%d.%m. %H:%M}") for one in answer.events]


def test_a_weekly_meeting_keeps_its_local_time_over_the_clock_change() -> None:
    zone = "TZID=Europe/Berlin"
    body = f"SUMMARY:Jour fixe\nDTSTART;{zone}:20260901T100000\nDTEND;{zone}:20260901T110000\n"
    weekly = body + "RRULE:FREQ=WEEKLY;COUNT=10\nEXDATE;TZID=Europe/Berlin:20261027T100000"
    assert [when for _, when, _ in found(weekly)] == ["20.10. 10:00", "03.11. 10:00"]


def test_a_calendar_of_another_zone_is_shown_in_ours() -> None:
    body = "SUMMARY:Call\nDTSTART;TZID=Ostküste:20261027T090000\nDTEND;TZID=Ostküste:20261027T100000"
    # That week Europe is back on winter time and America is not: five hours apart, not six.
    assert found(body, zones=NEW_YORK) == [("Call", "27.10. 14:00", "27.10. 15:00")]


def test_whole_days_last_through_the_last_one() -> None:
    body = "SUMMARY:Urlaub\nDTSTART;VALUE=DATE:20261109\nDTEND;VALUE=DATE:20261114"
    [one] = events(ics(body), ASKED).events  # type: ignore[union-attr]
    assert one == Appointment(
        "",
        "Urlaub",
        datetime(2026, 11, 9),  # noqa: DTZ001 - wall time on purpose
        datetime(2026, 11, 14),  # noqa: DTZ001
        all_day=True,
        imported=True,
    )


def test_floating_times_are_those_of_the_company_and_a_day_without_end_is_one() -> None:
    assert found("SUMMARY:Lauf\nDTSTART:20261101T080000\nDTEND:20261101T090000") == [
        ("Lauf", "01.11. 08:00", "01.11. 09:00")
    ]
    assert found("SUMMARY:Messe\nDTSTART;VALUE=DATE:20261102") == [("Messe", "02.11. 00:00", "03.11. 00:00")]


@pytest.mark.parametrize("kind", ["PRIVATE", "CONFIDENTIAL", "X-SECRET"])
def test_of_private_events_only_the_time_is_taken(kind: str) -> None:
    body = f"SUMMARY:Zahnarzt\nCLASS:{kind}\nDTSTART:20261101T080000Z\nDTEND:20261101T090000Z"
    assert found(body) == [("nicht erreichbar", "01.11. 09:00", "01.11. 10:00")]


@pytest.mark.parametrize(
    "line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
def test_what_leaves_the_time_free_is_no_absence(line: str) -> None:
    assert found(f"SUMMARY:Egal\n{line}\nDTSTART:20261101T080000Z\nDTEND:20261101T090000Z") == []


def test_a_changed_occurrence_moves_and_the_others_stay() -> None:
    series = "SUMMARY:Team\nDTSTART:20261102T080000Z\nDTEND:20261102T090000Z\nRRULE:FREQ=DAILY;COUNT=3"
    moved = series.split("\nRRULE", maxsplit=1)[0].replace("DTSTART:20261102T08", "DTSTART:20261103T12")
    moved = moved.replace("DTEND:20261102T09", "DTEND:20261103T13") + "\nRECURRENCE-ID:20261103T080000Z"
    text = ics(series, moved).replace(b"UID:1", b"UID:0")
    answer = events(text, ASKED)
    assert isinstance(answer, Found)
    assert [f"{one.start:%d. %H:%M}" for one in answer.events] == ["02. 09:00", "03. 13:00", "04. 09:00"]


def test_in_the_repeated_hour_the_moment_is_kept() -> None:
    body = "SUMMARY:Wartung\nDTSTART:20261025T003000Z\nDTEND:20261025T013000Z"
    [one] = events(ics(body), ASKED).events  # type: ignore[union-attr]
    assert instant(one.end, BERLIN) - instant(one.start, BERLIN) == timedelta(hours=1)


@pytest.mark.parametrize(
    "text, code",
    [
        (b"<!doctype html><title>Log in</title>", "not_a_calendar"),
        (b"", "not_a_calendar"),
        (
            ics(*["SUMMARY:x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"] * (MOST_FOUND // 40 + 1)),
            "too_many",
        ),
    ],
)
def test_what_is_no_calendar_or_too_much_is_refused(text: bytes, code: str) -> None:
    answer = events(text, ASKED)
    assert isinstance(answer, Refused)
    assert answer.code == code


async def test_the_process_of_its_own_says_the_same() -> None:
    body = "SUMMARY:Urlaub äöü\nDTSTART;TZID=Europe/Berlin:20261025T023000\nDTEND:20261026T080000Z"
    text = ics(body)
    assert await read(text, ASKED) == events(text, ASKED)
    answer = await read(b"nothing", ASKED)
    assert isinstance(answer, Refused)
    assert answer.code == "not_a_calendar"


@pytest.mark.parametrize(
    "raw, address",
    [
        ("webcal://calendar.example/a.ics", "https://calendar.example/a.ics"),
        (" https://calendar.example/a.ics?x=1 ", "https://calendar.example/a.ics?x=1"),
        ("ftp://calendar.example/a.ics", None),
        ("calendar.example/a.ics", None),
        ("https://me:secret@calendar.example/a.ics", None),
        ("https://calendar.example:22/a.ics", None),
        ("https://calendar.example:x/a.ics", None),
        ("https:///a.ics", None),
        ("https://a.example/\r\nHost: b", None),
    ],
)
def test_which_addresses_are_fetched(raw: str, address: str | None) -> None:
    assert normalised(raw) == address


DAILY = "SUMMARY:x\nDTSTART:20200101T080000\nDTEND:20200101T090000\nRRULE:FREQ=DAILY"
NEVER_GOES_ON = {
    "interval of nothing": f"{DAILY};INTERVAL=0",
    "the same with an end": f"{DAILY};INTERVAL=0;UNTIL=20200105T000000",
    "the same with a count": f"{DAILY};INTERVAL=00;COUNT=3",
    "backwards": f"{DAILY};INTERVAL=-1",
    "one of several": f"{DAILY}\nRRULE:FREQ=WEEKLY;INTERVAL=0",
    "of exceptions": f"{DAILY}\nEXRULE:FREQ=DAILY;INTERVAL=0",
}


@pytest.mark.parametrize("kind", NEVER_GOES_ON)
async def test_a_series_that_never_goes_on_is_left_out_and_the_others_are_read(kind: str) -> None:
    answer = await read(ics(NEVER_GOES_ON[kind], DAILY.replace("x", "Stand-up")), ASKED)
    assert isinstance(answer, Found)
    assert {one.text for one in answer.events} == {"Stand-up"}
    assert answer.left_out == {"series": 1}


MUCH_WORK = {
    "a zone that never goes on": ics(
        DAILY.replace("DTSTART:", "DTSTART;TZID=Ostküste:"),
        zones=NEW_YORK.replace("YEARLY", "YEARLY;INTERVAL=0"),
    ),
    "thousands of series": ics(*[f"{DAILY};BYDAY=MO"] * 5_000),
    "days that never come": ics(*[f"{DAILY};BYMONTH=2;BYMONTHDAY=30"] * 100),
    "since the beginning of time": ics(*[DAILY.replace("2020", "0001")] * 100),
    "a million times": ics(*[f"{DAILY};COUNT=999999999"] * 1_000),
    "a long list of days": ics(*[f"{DAILY}\nRDATE:" + ",".join(["20261101T080000"] * 100_000)] * 3),
}


@pytest.mark.parametrize("kind", MUCH_WORK)
async def test_what_takes_too_long_is_too_much(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_reading, "LIMITS", limited_process.Limits(seconds=1))
    answer = await read(MUCH_WORK[kind], ASKED)
    assert isinstance(answer, Refused)
    assert answer.code == "too_many"


LITTLE_WORK = {
    "each second": (DAILY.replace("DAILY", "SECONDLY"), {"series": 1}),
    "each second, so many times": (DAILY.replace("DAILY", "SECONDLY;COUNT=999999999"), {"series": 1}),
    "each minute": (DAILY.replace("DAILY", "MINUTELY"), {"series": 1}),
    "each second of a day": (f"{DAILY};BYMINUTE=0,1;BYSECOND={','.join(map(str, range(60)))}", {"series": 1}),
    "backwards by weeks": (DAILY.replace("DAILY", "WEEKLY;INTERVAL=-3"), {"series": 1}),
    "a place that no month has": (DAILY.replace("DAILY", "MONTHLY;BYDAY=MO;BYSETPOS=366"), {}),
    "a day that no year has": (DAILY.replace("DAILY", "YEARLY;BYMONTH=2;BYMONTHDAY=31;BYSETPOS=1"), {}),
    "over before it begins": (f"{DAILY};UNTIL=19990101T000000Z", {}),
    "less than never": (f"{DAILY};COUNT=-5", {"broken": 1}),
    "each many billion days": (f"{DAILY};INTERVAL=999999999999", {"broken": 1}),
    "a flood of exceptions": (f"{DAILY};COUNT=1\nEXDATE:" + ",".join(["20261101T080000"] * 5_000), {}),
    "a flood of periods": (
        f"{DAILY};COUNT=1\nRDATE;VALUE=PERIOD:" + ",".join(["20200101T080000/PT1H"] * 2_000), {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LITTLE_WORK)
async def test_a_small_file_keeps_nobody_busy_and_hides_no_other_event(kind: str) -> None:
    """Within the limits of the process, which are no longer than for any calendar."""
    event, left_out = LITTLE_WORK[kind]
    answer = await read(ics(event, DAILY.replace("SUMMARY:x", "SUMMARY:Stand-up")), ASKED)
    assert isinstance(answer, Found), answer
    assert {one.text for one in answer.events} == {"Stand-up"}
    assert answer.left_out == left_out


def test_what_no_database_takes_is_no_part_of_a_text() -> None:
    assert [
        text for text, _, _ in found("SUMMARY:a\0b\nDTSTART:20261101T080000Z\nDTEND:20261101T090000Z")
    ] == ["a b"]
