from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pbx_bridge.portal.statistics.counts import Tally, spans, tally
from pbx_bridge.portal.statistics.export import Sheet
from pbx_bridge.portal.statistics.form import Asked, read
from pbx_bridge.storage import tables
from pbx_bridge.storage.calls.call_filter import Result
from pbx_bridge.storage.calls.statistics import Bucket, ListedCall, Place
from pbx_bridge.web import i18n
from pbx_bridge.web.kit.csv_writing import csv_text
from pbx_bridge.web.kit.places import address_of, place_of
from pbx_bridge.web.kit.workbook_writing import workbook
from rules.model import FieldKind, NoteField
from rules.stepwise import at_once
from tests.calls_of_a_week import call_often
from tests.rules.sample_facts import MUSTERMANN
from tests.sample_company import NOW
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

MONDAY = date(2026, 11, 23)


def bucket(at: datetime, result: Result = Result.NOTED, calls: int = 1) -> Bucket:
    missed = calls if result is Result.MISSED else 0
    return Bucket(at, result, calls, calls - missed, calls - missed, missed)


def asked(**query: str) -> Asked:
    form, question = read(query, MUSTERMANN, MONDAY)
    assert question is not None, form.faults
    return question


@pytest.mark.parametrize(
    "query, first, last",
    [
        ({"period": "today"}, MONDAY, MONDAY),
        ({"period": "week"}, MONDAY, MONDAY),
        ({"period": "month"}, date(2026, 11, 1), MONDAY),
        (
            {"period": "custom", "first": "2026-10-24", "last": "2026-10-26"},
            date(2026, 10, 24),
            date(2026, 10, 26),
        ),
        (
            {"period": "custom", "first": "24.10.2026", "last": "26/10/2026"},
            date(2026, 10, 24),
            date(2026, 10, 26),
        ),
        ({"period": "custom", "first": "24.12.", "last": "6.1."}, date(2025, 12, 24), date(2026, 1, 6)),
    ],
)
def test_a_period_is_whole_days_of_the_customers_calendar(
    query: dict[str, str], first: date, last: date
) -> None:
    question = asked(**query)
    assert (question.first, question.last) == (first, last)


def test_the_day_of_a_clock_change_has_twenty_five_hours() -> None:
    selection = asked(period="custom", first="2026-10-25", last="2026-10-25").selection
    assert selection.start == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert selection.end == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "first, last, field, code",
    [
        ("", "2026-11-23", "first", "period_no_day"),
        ("2026-11-23", "30.2.", "last", "period_no_day"),
        ("0001-01-01", "2026-11-23", "first", "period_no_day"),
        ("2026-11-23", "9999-12-31", "last", "period_no_day"),
        ("2026-11-23", "2026-11-22", "last", "period_backwards"),
        ("2020-01-01", "2026-11-22", "first", "statistics_too_long"),
    ],
)
def test_a_period_that_is_none_is_refused_at_its_field(first: str, last: str, field: str, code: str) -> None:
    form, question = read({"period": "custom", "first": first, "last": last}, MUSTERMANN, MONDAY)
    assert question is None
    assert form.faults[field].code == code


def test_somebody_elses_employee_is_no_filter() -> None:
    assert asked(period="week", employee="foreign").selection.employee_id == ""
    assert asked(period="week", employee="erika").selection.employee_id == "erika"


def test_a_place_survives_its_address_and_a_damaged_one_is_the_beginning() -> None:
    place = Place(NOW, "call")
    assert place_of({"after": address_of(place)}) == place
    assert place_of({"after": "yesterday~call"}) is None
    assert place_of({"after": "0001-01-01T00:00:00+14:00~call"}) is None


def counted(*buckets: Bucket) -> Tally:
    return at_once(tally(buckets, "Europe/Berlin"))


def test_every_day_has_its_bar_and_long_periods_have_fewer() -> None:
    found = counted(bucket(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)), bucket(NOW, Result.MISSED, 2))
    days = spans(found, date(2026, 11, 21), MONDAY)
    assert [(one.first.day, one.taken, one.missed) for one in days] == [(21, 0, 0), (22, 0, 0), (23, 1, 2)]
    weeks = spans(found, date(2026, 9, 1), MONDAY)
    assert (len(weeks), weeks[-1].calls, weeks[0].first) == (13, 3, date(2026, 9, 1))
    assert len(spans(found, date(2025, 1, 1), MONDAY)) == 23


def test_hours_are_local() -> None:
    assert counted(bucket(datetime(2026, 11, 22, 23, 30, tzinfo=UTC))).week == {(0, 0): 1}


def test_the_service_counts_only_calls_that_are_decided() -> None:
    waiting = Bucket(NOW, Result.OPEN, 5, 0, 0, 0)
    found = counted(Bucket(NOW, Result.NOTED, 9, 9, 8, 0), bucket(NOW, Result.MISSED), waiting).service
    assert (found.over, found.in_time_percent, found.missed_percent) == (10, 80, 10)
    assert counted(waiting).service.in_time_percent is None
    assert counted(waiting).results[Result.OPEN] == 5


def test_a_blocked_caller_s_calls_count_only_as_such() -> None:
    found = counted(Bucket(NOW, Result.BLOCKED, 3, 0, 0, 0), bucket(NOW))
    assert (found.calls, found.results[Result.BLOCKED], found.week.total()) == (1, 3, 1)


def test_no_cell_of_a_csv_is_a_formula_and_texts_keep_quotes_and_lines() -> None:
    cells: list[str | int] = ["=1+1", "+49 171", "-2", "@x", 'sagt "ja"; und\ngeht', 7]
    assert csv_text([cells]) == '\'=1+1;\'+49 171;\'-2;\'@x;"sagt ""ja""; und\ngeht";7\r\n'


async def test_a_workbook_has_texts_as_texts(tmp_path: Path) -> None:
    with (tmp_path / "calls.xlsx").open("w+b") as file:
        async with workbook(file, "Anrufe", ["Name", "Sekunden"], [20, 8]) as book:
            await book.add([("=HYPERLINK(1)", 12)])
        sheet = ElementTree.fromstring(zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    text = "".join(sheet.itertext())
    assert "=HYPERLINK(1)" in text
    assert not [element for element in sheet.iter() if element.tag.endswith("}f")], "no formula"


async def test_both_files_have_every_call_and_nobody_elses(client: Client, served: Served) -> None:
    made = await call_often(served.db, served.house, NOW, count=30)
    csv = await client.get("/portal/statistik/anrufe.csv?period=custom&first=2026-10-01&last=2026-11-23")
    assert csv.text.startswith("\ufeffDatum;Uhrzeit")
    assert csv.text.count("\r\n") == len(made) + 1
    assert "Hans Müller;Müller GmbH;'+49 171 3920042;Angebot 4711" in csv.text
    refused = await client.get("/portal/statistik/anrufe.csv?period=custom&first=x")
    assert refused.status == 400


def test_a_row_of_the_file_has_all_that_is_known_as_people_write_it() -> None:
    kinds = {
        "neu": FieldKind.YESNO,
        "wann": FieldKind.DATE,
        "summe": FieldKind.NUMBER,
        "fax": FieldKind.PHONE,
    }
    asked = tuple(NoteField(k, k.title(), kind) for k, kind in kinds.items())
    former = NoteField("vers", "Versichert", FieldKind.YESNO, retired=True)
    house = replace(MUSTERMANN, note_fields=(*asked, former))
    stored = {
        "vers": "yes",
        "neu": "yes",
        "wann": "2026-12-03",
        "summe": "1234.50",
        "fax": "+4989123456",
        "alt": "no",
    }
    sheet = Sheet(lambda key, **params: i18n.translate("portal", "de", key, **params), house)
    call = ListedCall(
        "c1", NOW, NOW, None, "+493023125100", "", "", False, Result.PUT_THROUGH, "", "n1", "Hans Müller", "",
        "", "Angebot", False, ("Beispiel, Erika", "Meier, Herr Jens"), (),
        asked=("Beispiel, Erika",), takers=("Meier, Herr Jens",), fields=tuple(stored.items()),
        callback_wanted=True, callback_by="2026-11-30T14:00", message_to_caller="Ruft um drei an.",
    )  # fmt: skip
    (row,) = sheet.rows([call])
    named = dict(zip(sheet.head, row, strict=True))
    assert (
        named
        | {
            "Für": "Erika Beispiel, Herr Jens Meier",
            "Verlangt": "Erika Beispiel",
            "Durchgestellt zu": "Herr Jens Meier",
            "Rückruf erwünscht": "ja",
            "Rückruf bis": "30.11.2026 14:00",
            "Dem Anrufer ausgerichtet": "Ruft um drei an.",
            "Neu": "ja",
            "Wann": "03.12.2026",
            "Summe": "1.234,50",
            "Fax": "+49 89 123456",
            "Frühere Abfragefelder": "Versichert: ja; alt: nein",
        }
        == named
    )


async def test_the_list_says_to_whom_a_call_was_put_through(client: Client, served: Served) -> None:
    (newest, *_) = await call_often(served.db, served.house, NOW, count=0)
    listed = await client.get("/portal/statistik?period=custom&first=2026-11-01&last=2026-11-23")
    shown = await client.get(f"/portal/statistik/anruf/{newest}")
    assert "zu Jens Meier" in listed.text
    assert "als Vertretung für Erika Beispiel" in shown.text
    assert "Rückruf" in shown.text


async def test_a_note_that_reached_nobody_says_so_in_list_and_whole(client: Client, served: Served) -> None:
    (newest, *_) = await call_often(served.db, served.house, NOW, count=0)
    async with served.db.write() as conn:
        await conn.execute(tables.notification.delete())
    listed = await client.get("/portal/statistik?period=custom&first=2026-11-01&last=2026-11-23")
    shown = await client.get(f"/portal/statistik/anruf/{newest}")
    assert "an niemanden zugestellt" in listed.text
    assert "Diese Notiz wurde an niemanden zugestellt" in shown.text


async def test_a_call_of_another_company_does_not_exist(client: Client, served: Served) -> None:
    (newest, *_) = await call_often(served.db, served.house, NOW, count=0)
    assert (await client.get(f"/portal/statistik/anruf/{newest}")).status == 200
    async with served.db.write() as conn:
        await conn.execute(tables.call.update().values(customer_id=None))
    foreign = await client.get(f"/portal/statistik/anruf/{newest}")
    missing = await client.get("/portal/statistik/anruf/nothing")
    assert (foreign.status, missing.status) == (404, 404)


def test_words_too_many_are_said() -> None:
    form, question = read({"period": "week", "words": "Rechnung " * 30}, MUSTERMANN, MONDAY)
    assert question is None
    assert form.faults["words"].code == "too_long"
