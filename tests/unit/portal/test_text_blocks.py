"""Text blocks in the portal: added, changed, put in order, taken back, never too many or too long."""

from __future__ import annotations

import pytest

from rules.customers.text_blocks import MOST
from tests.unit.portal.conftest import Client

PATH = "/portal/textbausteine"


async def names(client: Client) -> list[str]:
    return [one.name for one in (await client.served.company()).text_blocks]


async def add(client: Client, name: str, text: str = "{anrufer} ruft an.") -> None:
    await client.get(f"{PATH}/neu")
    await client.post(f"{PATH}/neu", {"name": name, "text": text})


async def test_a_new_one_comes_last_and_is_shown_as_it_will_read(client: Client) -> None:
    assert "Ersten Textbaustein anlegen" in (await client.get(PATH)).text
    await add(client, " Angebot ", "{anrufer} bittet um ein Angebot für {mitarbeiter}: {nummer}.")
    await add(client, "Rückruf")
    assert await names(client) == ["Angebot", "Rückruf"]
    page = await client.get(PATH)
    assert "Hans Müller bittet um ein Angebot für Erika Beispiel: +49 171 3920042." in page.text


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"name": "", "text": "Ja."}, "Bitte füllen Sie dieses Feld aus."),
        ({"name": "Ja", "text": " "}, "Bitte füllen Sie dieses Feld aus."),
        ({"name": "a" * 61, "text": "Ja."}, "Das sind 61 Zeichen, Platz ist für 60."),
        ({"name": "Ja", "text": "a" * 501}, "Das sind 501 Zeichen, Platz ist für 500."),
        ({"name": "Ja", "text": "{kunde} ruft an."}, "{kunde} füllt kein Anruf. Möglich sind {anrufer}"),
    ],
)
async def test_what_cannot_be_stored_is_said_and_stays_in_the_form(
    client: Client, fields: dict[str, str], words: str
) -> None:
    await client.get(f"{PATH}/neu")
    page = await client.post(f"{PATH}/neu", fields)
    assert page.status == 422
    assert words in page.text
    assert all(value in page.text for value in fields.values())
    assert await names(client) == []


async def test_there_are_thirty_at_most(client: Client) -> None:
    for number in range(MOST):
        await add(client, f"Nr. {number}")
    await client.get(f"{PATH}/neu")
    page = await client.post(f"{PATH}/neu", {"name": "zu viel", "text": "Ja."})
    assert page.status == 422
    assert "Mehr als 30 Textbausteine" in page.text
    assert len(await names(client)) == MOST


async def test_order_by_buttons_without_scripts_and_undo(client: Client) -> None:
    await add(client, "A")
    await add(client, "B")
    second = (await client.served.company()).text_blocks[1]
    await client.get(PATH)
    page = await client.post(f"{PATH}/{second.id}/verschieben", {"direction": "up"})
    assert await names(client) == ["B", "A"]
    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await names(client) == ["A", "B"]


async def test_an_order_of_another_list_is_not_stored(client: Client) -> None:
    await add(client, "A")
    await add(client, "B")
    first, second = (await client.served.company()).text_blocks
    await client.get(PATH)
    answer = await client.post(f"{PATH}/ordnung", {"order": f"{second.id},{first.id}"})
    assert answer.text == '{"done": true}'
    assert await names(client) == ["B", "A"]
    answer = await client.post(f"{PATH}/ordnung", {"order": first.id})
    assert answer.text == '{"done": false}'
    assert await names(client) == ["B", "A"]


async def test_changed_deleted_and_back_in_its_place_and_listed_under_last_changes(client: Client) -> None:
    await add(client, "A")
    await add(client, "B")
    first = (await client.served.company()).text_blocks[0]
    await client.get(f"{PATH}/{first.id}")
    await client.post(f"{PATH}/{first.id}", {"name": "Neu", "text": "Anders."})
    assert await names(client) == ["Neu", "B"]
    page = await client.post(f"{PATH}/{first.id}/loeschen")
    assert await names(client) == ["B"]
    changes = (await client.get("/portal/letzte-aenderungen")).text
    for deed in ("Textbaustein angelegt", "Textbaustein geändert", "Textbaustein gelöscht"):
        assert deed in changes
    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await names(client) == ["Neu", "B"]
