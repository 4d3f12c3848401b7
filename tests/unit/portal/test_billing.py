"""Abrechnung: what the company reads of a month, and the calls behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.editing import billing
from pbx_bridge.web.kit.money import money
from rules.billing.statement import Adjustment
from rules.billing.terms import BEGINNING, Terms
from rules.vocabulary import EndReason
from tests.sample_company import NOW
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

PATH = "/portal/abrechnung"
EURO = 1_000_000


@pytest.fixture
async def october(served: Served) -> str:
    """A call that is kept, one that is erased, a long SMS, a correction; returns the id of the call."""
    house, at = served.house, datetime(2026, 10, 5, 8, tzinfo=UTC)
    terms = Terms(BEGINNING, base_micros=49 * EURO, call_micros=1_250_500, included_calls=1)
    async with served.db.write() as conn:
        tariff = (await conn.execute(t.tariff.select())).one().id
        await billing.put_terms(conn, tariff, terms)
        end = at.replace(minute=2, second=5)
        one = StoredCall("kept", "9.1", "+493023125100", at, house.customer_id, "", "+491713920042", "Hans")
        await calls.insert(conn, one)
        await calls.answered(conn, "kept", house.anna, at, "9.2")
        await calls.ended(conn, "kept", end)
        await usage.call_over(conn, "kept", EndReason.CALLER)
        row = {"id": "call gone", "customer_id": house.customer_id, "kind": "call", "call_id": "gone"}
        await insert_all(conn, t.usage, [row | {"at": at.replace(day=6), "talk": 61, "hold": 30}])
        await usage.sms_sent(conn, "m", house.customer_id, 2, at)
        back = Adjustment("k", date(2026, 10, 31), -500, "=Doppelt berechnet.")
        await billing.add_adjustment(conn, house.customer_id, back, "betrieb", NOW)
    return "kept"


async def test_a_month_in_words_and_what_is_behind_each_line(client: Client, october: str) -> None:
    page = await client.get(f"{PATH}?monat=2026-10")
    for words in (
        "Oktober 2026",
        "Grundgebühr",
        "31 Tage",
        "2 Anrufe",
        "1 Anruf",
        "1,2505\N{NO-BREAK SPACE}€",
    ):
        assert words in page.text, words
    assert "45,45\N{NO-BREAK SPACE}€" in page.text, "49 + 1.25 + 0.20 - 5"
    assert "vorläufig" not in page.text
    behind = await client.get(f"{PATH}/belege?monat=2026-10&posten=2")
    assert "2:05 min" in behind.text
    assert "1:01 min" in behind.text
    assert f'href="/portal/statistik/anruf/{october}"' in behind.text
    assert "anruf/gone" not in behind.text
    assert "nicht mehr aufbewahrt" in behind.text
    everything = await client.get(f"{PATH}/belege?monat=2026-10")
    assert "3 Belege" in everything.text
    for text in (page.text, behind.text, everything.text):
        assert "3920042" not in text
        assert "Hans" not in text, "a statement names no caller"


async def test_what_is_left_of_what_the_tariff_includes(served: Served, client: Client) -> None:
    """In the month that runs; what is over does not run out any more."""
    terms = Terms(BEGINNING, included_calls=3, included_seconds=60 * 60)
    async with served.db.write() as conn:
        tariff = (await conn.execute(t.tariff.select())).one().id
        await billing.put_terms(conn, tariff, terms)
        row = {"id": "call a", "customer_id": served.house.customer_id, "kind": "call", "talk": 61}
        await insert_all(conn, t.usage, [row | {"at": NOW}])
    page = await client.get(PATH)
    assert "noch 2 von 3 Anrufen, noch 58 von 60 Minuten" in page.text
    assert 'id="allowances"' not in (await client.get(f"{PATH}?monat=2026-10")).text


async def test_the_same_as_files(client: Client, october: str) -> None:
    lines = (await client.get(f"{PATH}/posten.csv?monat=2026-10")).text
    assert lines.startswith("\ufeffUnternehmen;Art;Posten;")
    assert "Mustermann AG;calls;Anrufe;2026-10-01;2026-10-31;1;1;Anrufe;1,2505;1,25" in lines
    assert (
        "Mustermann AG;adjustment;Korrektur: =Doppelt berechnet.;2026-10-31;2026-10-31;0;0;;0,00;-5,00"
        in lines
    )
    events = (await client.get(f"{PATH}/belege.csv?monat=2026-10")).text.split("\r\n")
    assert events[1] == f"2026-10-05;10:00:00;Anruf;125;0;0;0;0;;call {october}"
    assert events[2] == "2026-10-05;10:00:00;SMS;;;;;;2;sms m"
    assert events[3] == "2026-10-06;10:00:00;Anruf;61;30;0;0;0;;call gone"


@pytest.mark.parametrize("asked", ["", "?monat=2027-01", "?monat=1066-10", "?monat=morgen", "?monat=2026-13"])
async def test_what_is_no_month_is_the_one_that_runs(client: Client, asked: str) -> None:
    page = await client.get(PATH + asked)
    assert "November 2026" in page.text
    assert "vorläufig" in page.text
    assert "nichts abzurechnen" in page.text


@pytest.mark.parametrize("asked", ["0", "9", "-1", "x", "²", "00002"])
async def test_there_is_nothing_behind_a_line_that_is_none(client: Client, october: str, asked: str) -> None:
    assert (await client.get(f"{PATH}/belege?monat=2026-10&posten={asked}")).status == 404


async def test_what_has_no_price_is_said_and_shown(client: Client, served: Served) -> None:
    async with served.db.write() as conn:
        await usage.sms_sent(conn, "m", served.house.customer_id, 1, NOW)
    page = await client.get(PATH)
    assert "1 Beleg liegt an einem Tag, für den noch kein Preis gilt" in page.text
    assert "posten=ohne-preis" in page.text
    assert "SMS" in (await client.get(f"{PATH}/belege?posten=ohne-preis")).text
    assert ";unpriced;Ohne Preis;" in (await client.get(f"{PATH}/posten.csv")).text


@pytest.mark.parametrize("way", ["", "/posten.csv", "/belege?posten=1", "/belege.csv"])
async def test_a_subaccount_does_not_see_what_the_company_pays(subaccount: Client, way: str) -> None:
    assert (await subaccount.get(PATH + way)).status == 404


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        *((100_000, "0,10"), (95_000, "0,095"), (1_250_500, "1,2505"), (-5 * EURO, "-5,00"), (0, "0,00")),
        *((1_234_567 * EURO, "1.234.567,00"), (1, "0,000001"), (20 * EURO, "20,00")),
    ],
)
def test_money_is_written_exactly(micros: int, words: str) -> None:
    assert money(micros, "de") == f"{words}\N{NO-BREAK SPACE}€"
