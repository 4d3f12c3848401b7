"""Weekly hours and holidays: written on two pages, read by the agents, undone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.text.working_hours import read_week
from tests.unit.portal.conftest import Client

COMPANY = "/portal/unternehmen"
LINE = "%2B493023125100~"


async def save(client: Client, **typed: str) -> str:
    """Erika's form with `typed`; the page that follows."""
    path = f"/portal/mitarbeiter/{client.served.house.erika}"
    await client.get(path)
    stored = {"name": "Beispiel, Erika", "email": "erika@example.org", "deputy": client.served.house.jens}
    through = {"put_through": "all", "extension": "+493023125110"}
    return (await client.post(path, stored | through | typed)).text


async def test_hours_are_stored_as_they_are_read(client: Client) -> None:
    page = await save(client, hours="mo-do 8-12 und 13-17, fr 8-14")
    assert "Mo–Do 08:00–12:00, 13:00–17:00; Fr 08:00–14:00" in page
    erika = (await client.served.company()).employee(client.served.house.erika)
    assert erika is not None
    assert erika.hours is not None
    assert erika.hours.week == read_week("Mo–Do 8–12, 13–17; Fr 8–14")


@pytest.mark.parametrize(
    "typed, words",
    [
        ("immer", "„immer“ verstehen wir nicht."),
        ("Mo 17–8", "„17–8“ ist keine Zeitspanne eines Tages."),
        ("Mo 8–12, 11–14", "zwei Zeiten, die sich überschneiden"),
    ],
)
async def test_what_cannot_be_read_says_how_to_mend_it(client: Client, typed: str, words: str) -> None:
    page = await save(client, hours=typed)
    assert words in page
    assert typed in page


async def test_after_hours_agents_say_when_to_call_again(client: Client) -> None:
    await save(client, hours="Mo–Fr 8–12, 14–16:30")
    client.served.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 13:00 in Berlin
    page = await client.get("/portal/abwesenheitsinfo")
    assert "ab 14:00 Uhr wieder erreichbar" in page.text
    client.served.now = datetime(2026, 11, 23, 15, 45, tzinfo=UTC)
    assert "ab Di 24.11., 08:00 Uhr wieder erreichbar" in (await client.get("/portal/abwesenheitsinfo")).text


async def test_a_holiday_of_the_state_is_no_working_day(client: Client) -> None:
    await save(client, hours="Mo–Fr 8–18")
    client.served.now = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # Buß- und Bettag
    absent = "ab Do 19.11., 08:00 Uhr wieder erreichbar"
    assert absent not in (await client.get("/portal/abwesenheitsinfo")).text
    await client.get(COMPANY)
    greeting = (await client.served.company()).greeting
    await client.post(COMPANY, {"greeting": greeting, "state": "SN"})
    assert absent in (await client.get("/portal/abwesenheitsinfo")).text


async def test_only_a_state_of_the_list_is_taken(client: Client) -> None:
    await client.get(COMPANY)
    greeting = (await client.served.company()).greeting
    page = await client.post(COMPANY, {"greeting": greeting, "state": "XX"})
    assert page.status == 422
    assert "Wählen Sie ein Bundesland aus der Liste." in page.text


async def test_a_rehearsal_names_the_working_hours_as_the_reason(client: Client) -> None:
    await save(client, hours="Mo–Fr 8–12")
    asked = f"way={LINE}&caller=withheld&day=2026-11-24&time=13:00&employee={client.served.house.erika}"
    page = (await client.get(f"/portal/probeanruf?{asked}")).text
    assert "ab Mi 25.11., 08:00 Uhr wieder erreichbar" in page
    assert "Außerhalb der Arbeitszeit." in page
    assert "Abwesend bis Mi 25.11., 08:00 Uhr und nicht erreichbar." in page
