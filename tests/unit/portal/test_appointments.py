from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pbx_bridge.storage import tables
from rules.model import Appointment
from rules.presence.availability import Presence, availability
from tests.unit.portal.conftest import Client

PATH = "/portal/termine"
HOLIDAY = {"text": "im Urlaub", "start_day": "2026-12-01", "end_day": "2026-12-17"}


async def appointments(client: Client, employee_id: str) -> tuple[Appointment, ...]:
    employee = (await client.served.company()).employee(employee_id)
    assert employee
    return employee.appointments


async def test_an_appointment_that_is_over_is_not_said_to_be_seen(client: Client) -> None:
    gone = await add(client, **HOLIDAY | {"start_day": "2026-11-02", "end_day": "2026-11-03"})
    assert "Der Termin ist schon vorbei" in gone
    assert "sehen ihn schon" not in gone
    assert "Unsere Agenten sehen ihn schon." in await add(client, **HOLIDAY)


async def add(client: Client, **fields: str) -> str:
    """The page after adding one for Erika."""
    await client.get(f"{PATH}/neu")
    return (await client.post(f"{PATH}/neu", {"employee": client.served.house.erika} | fields)).text


async def test_whole_days_through_the_last_one(client: Client) -> None:
    page = await add(client, **HOLIDAY)
    assert "Di 01.12. bis Do 17.12." in page
    erika = (await client.served.company()).employee(client.served.house.erika)
    assert erika
    last_minute = datetime(2026, 12, 17, 22, 59, tzinfo=UTC)
    assert availability(erika, "Europe/Berlin", last_minute).kind is Presence.AWAY
    assert availability(erika, "Europe/Berlin", last_minute.replace(hour=23)).kind is Presence.PRESENT


async def test_of_overlapping_ones_the_page_says_which_holds_when(client: Client) -> None:
    await add(client, **HOLIDAY)
    hours = {"start_day": "2026-12-02", "start_time": "10:00", "end_time": "11:00"}
    page = await add(client, text="Besprechung", **hours)
    assert "Mi 02.12., 10:00 bis 11:00 Uhr gilt stattdessen „Besprechung“." in page


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"text": "", "start_day": "2026-12-01"}, "Bitte füllen Sie dieses Feld aus."),
        ({"text": "x", "start_day": "31.6.2026"}, "Diesen Tag gibt es nicht."),
        ({"text": "x", "start_day": "2026-12-02", "end_day": "2026-12-01"}, "nicht nach dem Anfang"),
        ({"text": "x", "start_day": "2026-12-02", "end_time": "9:00"}, "Hier fehlt die Uhrzeit."),
        ({"text": "x", "start_day": "2027-03-28", "start_time": "02:30", "end_time": "9:00"},
         "02:30 Uhr gibt es an diesem Tag nicht"),
        ({"text": "x", "start_day": "2027-10-31", "start_time": "02:30", "end_time": "9:00"},
         "02:30 Uhr gibt es in dieser Nacht zweimal"),
        ({"text": "x", "start_day": "2026-12-02", "employee": ""}, "Bitte füllen Sie dieses Feld aus."),
    ],
)  # fmt: skip
async def test_each_error_is_the_one_intended(client: Client, fields: dict[str, str], words: str) -> None:
    page = await add(client, **fields)
    assert words in page
    assert page.count('class="fault"') == 1
    assert await appointments(client, client.served.house.erika) == ()


async def test_a_repeated_hour_is_asked_about_and_kept(client: Client) -> None:
    hours = {"start_day": "2027-10-31", "start_time": "02:30", "end_time": "02:30"}
    page = await add(client, text="Wartung", **hours)
    assert "beim zweiten Mal (Winterzeit)" in page
    await add(client, text="Wartung", start_twice="first", end_twice="second", **hours)
    [one] = await appointments(client, client.served.house.erika)
    assert (one.start.fold, one.end.fold) == (0, 1)


async def test_two_people_change_the_same_and_nothing_is_lost(client: Client) -> None:
    erika = client.served.house.erika
    await add(client, **HOLIDAY)
    [one] = await appointments(client, erika)
    first = await client.get(f"{PATH}/{one.id}")
    fields = {"employee": erika} | HOLIDAY
    await client.post(f"{PATH}/{one.id}", fields | {"text": "auf Reisen"})
    version = first.hidden("version")
    page = await client.post(f"{PATH}/{one.id}", fields | {"text": "krank"}, version=version)
    assert page.status == 422
    assert "auf Reisen" in page.text
    assert "krank" in page.text
    assert [a.text for a in await appointments(client, erika)] == ["auf Reisen"]


async def test_deleted_and_back_again(client: Client) -> None:
    erika = client.served.house.erika
    await add(client, **HOLIDAY)
    before = await appointments(client, erika)
    await client.get(f"{PATH}/{before[0].id}")
    page = await client.post(f"{PATH}/{before[0].id}/loeschen")
    assert await appointments(client, erika) == ()
    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await appointments(client, erika) == before


async def test_past_ones_are_kept_and_folded(client: Client) -> None:
    page = await client.get(PATH)  # Jens has one of October, today is 23 November
    assert "1 vergangener Termin" in page.text
    assert "<details" in page.text


async def test_the_month_tells_two_of_one_family_apart(client: Client) -> None:
    eva = {"name": "Eva Meier", "given_name": "Eva", "family_name": "Meier"}
    async with client.served.db.write() as conn:
        of = {"id": "eva", "customer_id": client.served.house.customer_id}
        await conn.execute(tables.employee.insert().values(of | eva))
    jens = client.served.house.jens
    for text, person in (("Messe", jens), ("Urlaub", client.served.house.erika)):
        await client.get(f"{PATH}/neu")
        await client.post(f"{PATH}/neu", {"employee": person, "text": text, "start_day": "2026-11-24"})
    page = (await client.get(f"{PATH}/monat?monat=2026-11")).text
    assert ">Jens Meier: Messe<" in page
    assert ">Beispiel: Urlaub<" in page


@pytest.mark.parametrize("month", ["2026-11", "2026-13", "9999-12", "x", ""])
async def test_any_month_is_a_page(client: Client, month: str) -> None:
    assert (await client.get(f"{PATH}/monat?monat={month}")).status == 200


async def test_a_subaccount_has_only_its_own(subaccount: Client) -> None:
    house = subaccount.served.house
    [foreign] = await appointments(subaccount, house.jens)
    assert (await subaccount.get(f"{PATH}/{foreign.id}")).status == 404
    assert "Meier" not in (await subaccount.get(PATH)).text
    await subaccount.get(f"{PATH}/neu")
    page = await subaccount.post(f"{PATH}/neu", HOLIDAY | {"employee": house.jens})
    assert page.status == 422
    assert len(await appointments(subaccount, house.jens)) == 1
    assert (await subaccount.post(f"{PATH}/{foreign.id}/loeschen")).status == 404


async def test_away_and_back_with_one_tap_each(subaccount: Client) -> None:
    served = subaccount.served
    start = await subaccount.get("/portal")
    assert start.path == "/portal/abwesend"
    page = await subaccount.post("/portal/abwesend", {"way": "tomorrow"})
    assert "nicht im Haus, bis Di 24.11." in page.text
    [one] = await appointments(subaccount, served.house.erika)
    assert (one.start.isoformat(), one.end.isoformat()) == ("2026-11-23T10:00:00", "2026-11-25T00:00:00")

    served.now = served.now.replace(minute=30)
    page = await subaccount.post("/portal/abwesend/zurueck")
    assert "keine Abwesenheit" in page.text
    [ended] = await appointments(subaccount, served.house.erika)
    assert ended.end.isoformat() == "2026-11-23T10:30:00"


async def test_a_word_too_long_is_said_and_kept(subaccount: Client) -> None:
    typed, served = "beim Kunden, " * 39, subaccount.served
    page = await subaccount.get("/portal/abwesend")
    assert "maxlength" not in page.text
    page = await subaccount.post("/portal/abwesend", {"way": "hour", "text": typed})
    assert page.status == 422
    assert 'id="text-fault"' in page.text
    assert "Platz ist für 500 Zeichen." in page.text
    assert typed in page.text
    assert await appointments(subaccount, served.house.erika) == ()
    fitting = typed[:499] + "n"
    page = await subaccount.post("/portal/abwesend", {"way": "hour", "text": fitting})
    assert page.status == 200
    [one] = await appointments(subaccount, served.house.erika)
    assert one.text == fitting


async def test_a_slip_leaves_nothing_behind(subaccount: Client) -> None:
    await subaccount.get("/portal/abwesend")
    await subaccount.post("/portal/abwesend", {"way": "hour"})
    await subaccount.post("/portal/abwesend/zurueck")
    assert await appointments(subaccount, subaccount.served.house.erika) == ()
