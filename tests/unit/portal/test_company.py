"""The company's own page: nobody cuts off the last way on which a note arrives."""

from __future__ import annotations

import html

import pytest

from pbx_bridge.storage import tables
from tests.unit.portal.conftest import Client

PATH = "/portal/unternehmen"
FORM = {"greeting": "Mustermann AG, mein Name ist [Vorname, Nachname]."}


async def _stored(client: Client, address: str, *, employees: str = "erika@example.org") -> None:
    async with client.served.db.write() as conn:
        await conn.execute(tables.customer.update().values(default_email=address))
        await conn.execute(tables.employee.update().values(email=employees))
        await conn.execute(tables.employee_cc.delete())


@pytest.mark.parametrize(
    "employees, words",
    [
        ("erika@example.org", "Ohne diese Adresse erreicht eine Notiz, die für niemand Bestimmten ist"),
        ("", "Ohne diese Adresse erreichen Notizen für Erika Beispiel, Jens Meier niemanden"),
    ],
)  # fmt: skip
async def test_the_address_for_everybody_else_is_not_taken_away_unseen(
    client: Client, employees: str, words: str
) -> None:
    await _stored(client, "zentrale@example.org", employees=employees)
    await client.get(PATH)
    for emptied in ("", "  "):
        answer = await client.post(PATH, FORM | {"default_email": emptied})
        assert answer.status == 422
        assert words in html.unescape(answer.text)
    assert (await client.served.company()).default_email == "zentrale@example.org"


async def test_whoever_never_had_one_can_still_save_the_rest(client: Client) -> None:
    await _stored(client, "")
    await client.get(PATH)
    assert (await client.post(PATH, FORM | {"default_email": "", "spoken_name": "Muster-mann"})).status == 200
    assert (await client.served.company()).spoken_name == "Muster-mann"


async def test_another_address_takes_its_place(client: Client) -> None:
    await _stored(client, "zentrale@example.org")
    await client.get(PATH)
    await client.post(PATH, FORM | {"default_email": "Empfang <empfang@example.org>"})
    assert (await client.served.company()).default_email == "empfang@example.org"
