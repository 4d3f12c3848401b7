"""The file of employees: out, in, all or nothing, and back again for a day."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiohttp import FormData

from pbx_bridge.storage.editing import employees
from rules.model import Employee
from tests.unit.portal.conftest import Answer, Client

PATH = "/portal/mitarbeiter/import"


async def upload(client: Client, text: str | bytes) -> Answer:
    """Send a file and wait for what it would do."""
    page = await client.get(PATH)
    data = FormData({"csrf": page.hidden("csrf")})
    data.add_field("file", text if isinstance(text, bytes) else text.encode(), filename="liste.csv")
    async with client.session.post(client.served.address + PATH, data=data) as response:
        client.last = Answer(response.status, response.url.path_qs, await response.text())
    while "data-progress" in client.last.text:
        await asyncio.sleep(0.02)
        await client.get(client.last.path)
    return client.last


async def test_what_went_out_comes_in_without_a_change(client: Client) -> None:
    async with client.session.get(f"{client.served.address}/portal/mitarbeiter/export") as response:
        data = await response.read()
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="mitarbeiter-2026-11-23.csv"' in response.headers["Content-Disposition"]
    assert data.startswith(b"\xef\xbb\xbfName;")

    answer = await upload(client, data)

    assert "Es ist nichts zu tun." in answer.text
    assert "Übernehmen" not in answer.text


async def test_new_changed_and_missing_at_once_and_back_the_next_day(client: Client) -> None:
    served = client.served
    before = await served.company()
    preview = await upload(client, "Name;Position\nBeispiel, Erika;Vorstand\nNeu Hier;Empfang\n")
    assert "Jens Meier" in preview.text

    answer = await client.post(preview.path, {"remove": "yes"})

    assert "said=employees_imported" in answer.path
    names = {person.name: person.position for person in (await served.company()).employees}
    assert names == {"Beispiel, Erika": "Vorstand", "Neu Hier": "Empfang"}

    served.now += timedelta(hours=1)
    page = await client.get(PATH)
    assert "Letzter Import: 23.11. um 10:00 Uhr." in page.text
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert (await served.company()).employees == before.employees


async def test_those_missing_in_the_file_stay_unless_asked(client: Client) -> None:
    preview = await upload(client, "Name\nNeu Hier\n")
    await client.post(preview.path)
    assert len((await client.served.company()).employees) == 3


async def test_one_wrong_line_and_nothing_is_taken_over(client: Client) -> None:
    before = await client.served.company()
    answer = await upload(client, "Name;E-Mail\nNeu Hier;neu@example.org\nNeu Dort;neu@\n")
    assert answer.status == 422
    assert "keine vollständige E-Mail-Adresse" in answer.text
    assert '<td data-label="Zeile">3</td>' in answer.text

    async with client.session.post(
        client.served.address + answer.path, headers={"X-CSRF-Token": await _csrf(client)}
    ) as response:
        assert response.status == 422
    assert await client.served.company() == before


async def _csrf(client: Client) -> str:
    return (await client.get(PATH)).hidden("csrf")


async def test_a_change_in_between_shows_the_preview_anew(client: Client) -> None:
    preview = await upload(client, "Name\nNeu Hier\n")
    async with client.served.db.write() as conn:
        neu = Employee("neu", "Neu Hier", "Neu", "Hier")
        await employees.insert(conn, client.served.house.customer_id, [neu])
        from pbx_bridge.storage import changes

        await changes.touch(conn, client.served.house.customer_id, client.served.now)

    answer = await client.post(preview.path)

    assert "said=import_overtaken" in answer.path
    assert len((await client.served.company()).employees) == 3


async def test_no_file_and_no_table_are_told_apart(client: Client) -> None:
    assert "Bitte wählen Sie eine Datei aus." in (await upload(client, "")).text
    assert "keine CSV-Datei" in (await upload(client, b"PK\x03\x04\x00")).text


async def test_ten_thousand_lines_pass_while_others_are_served(client: Client) -> None:
    lines = [f"Person{n:05} Nummer{n:05};p{n}@example.org;+4930231{n:05};alle" for n in range(10_000)]
    page = await client.get(PATH)
    data = FormData({"csrf": page.hidden("csrf")})
    text = "Name;E-Mail;Durchwahl;Durchstellen\n" + "\n".join(lines)
    data.add_field("file", text.encode(), filename="liste.csv")
    async with client.session.post(client.served.address + PATH, data=data) as response:
        job = response.url.path
    seen: set[int] = set()
    while True:
        async with client.session.get(f"{client.served.address}{job}/stand") as response:
            state = await response.json()
        if state["ready"]:
            break
        seen.add(state["done"])
    assert len(seen) > 20, "the bar moves"

    await client.get(job)
    await client.post(job)

    assert len((await client.served.company()).employees) == 10_002
