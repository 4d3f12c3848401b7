"""Forms that are sent twice: by a double click, by going back and sending again, by two tabs."""

from __future__ import annotations

import asyncio

from tests.unit.portal.conftest import Answer, Client

PATH = "/portal/mitarbeiter"


async def names(client: Client) -> list[str]:
    return [person.name for person in (await client.served.company()).employees]


async def filled(client: Client, path: str = f"{PATH}/neu") -> dict[str, str]:
    page = await client.get(path)
    return {"name": "Neu Hier", "once": page.hidden("once")}


async def test_two_clicks_make_one_employee(client: Client) -> None:
    form = await filled(client)
    first, second = await asyncio.gather(client.post(f"{PATH}/neu", form), client.post(f"{PATH}/neu", form))
    assert (await names(client)).count("Neu Hier") == 1
    assert first.path == second.path
    assert "said=employee_added&step=" in second.path


async def test_going_back_and_sending_again_changes_nothing_twice(client: Client) -> None:
    form = await filled(client)
    await client.post(f"{PATH}/neu", form)
    await client.post(f"{PATH}/neu", form)
    assert (await names(client)).count("Neu Hier") == 1
    await client.post(f"{PATH}/neu", form | {"name": "Auch Neu"})
    assert "Auch Neu" in await names(client)


async def test_after_undoing_the_same_form_is_taken_again(client: Client) -> None:
    form = await filled(client)
    added = await client.post(f"{PATH}/neu", form)
    await client.post("/portal/rueckgaengig", {"step": added.hidden("step"), "back": PATH})
    assert "Neu Hier" not in await names(client)
    await client.post(f"{PATH}/neu", form)
    assert "Neu Hier" in await names(client)


async def test_a_form_that_was_refused_is_read_anew(client: Client) -> None:
    form = await filled(client) | {"name": ""}
    answers: list[Answer] = [await client.post(f"{PATH}/neu", form) for _ in range(2)]
    assert [answer.status for answer in answers] == [422, 422]


async def test_two_clicks_on_delete_do_not_end_nowhere(client: Client) -> None:
    jens = f"{PATH}/{client.served.house.jens}/loeschen"
    once = (await client.get(jens)).hidden("once")
    answers = [await client.post(jens, {"once": once}) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert "said=employee_deleted" in answers[1].path


async def test_two_taps_are_one_absence(subaccount: Client) -> None:
    path = "/portal/abwesend"
    form = {"way": "tomorrow", "once": (await subaccount.get(path)).hidden("once")}
    await asyncio.gather(subaccount.post(path, form), subaccount.post(path, form))
    erika = (await subaccount.served.company()).employee(subaccount.served.house.erika)
    assert erika
    assert len(erika.appointments) == 1


async def test_what_may_be_repeated_is(client: Client) -> None:
    """The arrows of the FAQ: two steps down are two."""
    await client.get("/portal/faq/neu")
    await client.post("/portal/faq/neu", {"question": "Wo?", "answer": "Hier."})
    await client.get("/portal/faq")
    first = (await client.served.company()).faq[0]
    for _ in range(2):
        await client.post(f"/portal/faq/{first.id}/verschieben", {"direction": "down"})
    assert (await client.served.company()).faq[-1].id == first.id
