"""Every list and question of the portal is asked without a word of it in an address."""

from __future__ import annotations

import re

import pytest

from tests.unit.portal.conftest import Client

DAYS = {"period": "custom", "first": "2026-11-01", "last": "2026-11-23"}
CALL = {"caller": "number", "number": "0171 3920042", "day": "2026-11-23", "time": "10:00", "employee": ""}


@pytest.mark.parametrize(
    ("place", "typed", "beside"),
    [
        ("/portal/statistik", {"words": "Zwiebelkuchen"}, DAYS),
        ("/portal/statistik", {"employee~typed": "Zwiebelkuchen"}, DAYS),
        ("/portal/vip-kunden", {"q": "Zwiebelkuchen"}, {"sort": "number"}),
        ("/portal/mitarbeiter", {"q": "Zwiebelkuchen"}, {"sort": "given"}),
        ("/portal/termine", {"q": "Zwiebelkuchen"}, {}),
    ],
)
async def test_what_is_typed_is_on_the_page_and_in_no_address(
    client: Client, place: str, typed: dict[str, str], beside: dict[str, str]
) -> None:
    await client.get(place)
    found = await client.post("/portal/suche", {"wo": place} | typed | beside)
    assert found.path.startswith(f"{place}?")
    assert "Zwiebelkuchen" not in found.path
    assert all(f"{name}={text}" in found.path for name, text in beside.items())
    assert "Zwiebelkuchen" in found.text
    assert not re.search(r'(?:href|action)="[^"]*Zwiebelkuchen', found.text)


async def test_a_rehearsal_is_asked_without_the_callers_number(client: Client) -> None:
    page = await client.get("/portal/probeanruf")
    way = re.search(r'<option value="([^"]+)"', page.text)
    assert way
    found = await client.post("/portal/suche", {"wo": "/portal/probeanruf#screen", "way": way[1]} | CALL)
    assert "3920042" not in found.path
    assert 'id="screen"' in found.text


async def test_a_link_to_somebodys_callers_names_an_id(client: Client) -> None:
    page = (await client.get("/portal/mitarbeiter")).text
    assert "/portal/vip-kunden?mitarbeiter=" in page
    found = await client.get(f"/portal/vip-kunden?mitarbeiter={client.served.house.erika}")
    assert "rika" not in found.path
    assert "Hans Müller" in found.text
