from __future__ import annotations

import pytest

from tests.unit.portal.conftest import Client

PATH = "/portal/faq"


async def questions(client: Client) -> list[str]:
    return [one.question for one in (await client.served.company()).faq]


async def test_a_new_question_comes_last(client: Client) -> None:
    await client.get(f"{PATH}/neu")
    await client.post(f"{PATH}/neu", {"question": " Wo ist die Bestellliste? ", "answer": "Auf der Website."})
    assert await questions(client) == ["Frage 1", "Frage 2", "Wo ist die Bestellliste?"]


@pytest.mark.parametrize("fields", [{"question": "", "answer": "Ja."}, {"question": "Ja?", "answer": " "}])
async def test_both_fields_are_needed(client: Client, fields: dict[str, str]) -> None:
    await client.get(f"{PATH}/neu")
    page = await client.post(f"{PATH}/neu", fields)
    assert page.status == 422
    assert page.text.count("Bitte füllen Sie dieses Feld aus.") == 1
    assert await questions(client) == ["Frage 1", "Frage 2"]


async def test_order_by_buttons_without_scripts_and_undo(client: Client) -> None:
    second = (await client.served.company()).faq[1]
    await client.get(PATH)
    page = await client.post(f"{PATH}/{second.id}/verschieben", {"direction": "up"})
    assert await questions(client) == ["Frage 2", "Frage 1"]
    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await questions(client) == ["Frage 1", "Frage 2"]


async def test_an_order_of_another_list_is_not_stored(client: Client) -> None:
    first, second = (await client.served.company()).faq
    await client.get(PATH)
    answer = await client.post(f"{PATH}/ordnung", {"order": f"{second.id},{first.id}"})
    assert answer.text == '{"done": true}'
    assert await questions(client) == ["Frage 2", "Frage 1"]
    answer = await client.post(f"{PATH}/ordnung", {"order": first.id})
    assert answer.text == '{"done": false}'
    assert await questions(client) == ["Frage 2", "Frage 1"]


async def test_changed_deleted_and_back_in_its_place(client: Client) -> None:
    first = (await client.served.company()).faq[0]
    await client.get(f"{PATH}/{first.id}")
    await client.post(f"{PATH}/{first.id}", {"question": "Wann?", "answer": "Um neun."})
    assert await questions(client) == ["Wann?", "Frage 2"]
    page = await client.post(f"{PATH}/{first.id}/loeschen")
    assert await questions(client) == ["Frage 2"]
    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await questions(client) == ["Wann?", "Frage 2"]


async def test_search_finds_answers_too(client: Client) -> None:
    assert "2 Fragen gefunden" in (await client.get(f"{PATH}?q=ja")).text
    assert "0 Fragen gefunden" in (await client.get(f"{PATH}?q=xyz")).text
