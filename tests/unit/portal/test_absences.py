from __future__ import annotations

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import calendars
from pbx_bridge.storage.editing import calendars as calendars_editing
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

PATH = "/portal/abwesenheitsinfo"


async def test_an_info_is_stored_and_taken_back(client: Client) -> None:
    house = client.served.house
    await client.get(PATH)
    page = await client.post(f"{PATH}/{house.erika}", {"absence_info": " Nur vormittags im Haus. "})
    assert "Gespeichert." in page.text
    erika = (await client.served.company()).employee(house.erika)
    assert erika
    assert erika.absence_info == "Nur vormittags im Haus."

    client.last = page
    fields = {"step": page.hidden("step"), "back": PATH}
    assert "Rückgängig gemacht." in (await client.post("/portal/rueckgaengig", fields)).text
    erika = (await client.served.company()).employee(house.erika)
    assert erika
    assert erika.absence_info == ""


async def test_too_long_is_refused_beside_its_employee(client: Client) -> None:
    await client.get(PATH)
    page = await client.post(f"{PATH}/{client.served.house.erika}", {"absence_info": "x" * 1001})
    assert page.status == 422
    assert "1001 Zeichen, Platz ist für 1000" in page.text


async def test_a_subaccount_sees_and_writes_only_its_own(subaccount: Client) -> None:
    house = subaccount.served.house
    page = await subaccount.get(PATH)
    assert "Beispiel, Erika" in page.text
    assert "Meier" not in page.text
    foreign = await subaccount.post(f"{PATH}/{house.jens}", {"absence_info": "Unsinn"})
    missing = await subaccount.post(f"{PATH}/nobody", {"absence_info": "Unsinn"})
    assert foreign.status == missing.status == 404
    own = await subaccount.post(f"{PATH}/{house.erika}", {"absence_info": "Nur mittwochs"})
    assert own.status == 200
    assert {e.absence_info for e in (await subaccount.served.company()).employees} == {"", "Nur mittwochs"}


async def test_what_a_calendar_says_is_seen_and_not_written(client: Client) -> None:
    """Appointments that come in from elsewhere have no page to edit them."""
    served = client.served
    async with served.db.write() as conn:
        await calendars_editing.set_source(conn, served.house.erika, "https://calendar.example/a.ics")
        [source] = await calendars.sources_of(conn, served.house.customer_id)
        jens = (await served.company()).employee(served.house.jens)
        assert jens
        await calendars.keep(conn, source, jens.appointments, served.now)
    erika = (await served.company()).employee(served.house.erika)
    assert erika
    assert (await client.get(f"/portal/termine/{erika.appointments[0].id}")).status == 404
    assert "aus dem Kalender" in (await client.get("/portal/termine")).text


@pytest.mark.parametrize(
    "path",
    [
        "/portal/abwesenheitsinfo",
        "/portal/termine",
        "/portal/termine/monat?monat=2026-11",
        "/portal/auswahl/mitarbeiter",
    ],
)
async def test_two_of_a_name_are_told_apart(client: Client, served: Served, path: str) -> None:
    namesake = {"given_name": "Erika", "family_name": "Beispiel", "extension": "+493023125119"}
    holiday = {"start_local": "2026-11-01T00:00", "end_local": "2099-01-01T00:00", "text": "Urlaub"}
    async with served.db.write() as conn:
        await conn.execute(tables.employee.update().values(position="", responsibility=""))
        who = {"id": "twin", "customer_id": served.house.customer_id, "name": "Erika Beispiel"}
        await conn.execute(tables.employee.insert().values(who | namesake))
        rows = [{"id": f"a-{one}", "employee_id": one} | holiday for one in ("twin", served.house.erika)]
        await conn.execute(tables.appointment.insert(), rows)
    answer = await client.get("/portal/mitarbeiter" if "auswahl" in path else path)
    if "auswahl" in path:
        answer = await client.post(path, {"q": "bei"})
    text = answer.text.replace("\N{SOFT HYPHEN}", "").replace("&shy;", "")
    assert "+493023125119" in text
    assert "+493023125110" in text


async def test_a_position_that_tells_two_apart_is_not_said_twice(client: Client, served: Served) -> None:
    async with served.db.write() as conn:
        await conn.execute(tables.employee.update().values(position="Einkauf"))
        who = {"id": "twin", "customer_id": served.house.customer_id, "name": "Erika Beispiel"}
        named = {"given_name": "Erika", "family_name": "Beispiel", "position": "Versand"}
        await conn.execute(tables.employee.insert().values(who | named))
    text = (await client.get(PATH)).text
    assert text.count("Versand") == 1
    assert text.count("Einkauf") == 2  # Erika's beside her name, Jens's below his
