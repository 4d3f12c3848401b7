"""The file of employees: out, in, all or nothing, and back again for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp import ClientSession, FormData

from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.maintenance import retention
from rules.model import Employee
from tests.unit.portal.conftest import Client, jar
from tests.unit.portal.uploading import seen, upload

PATH = "/portal/mitarbeiter/import"


async def test_what_went_out_comes_in_without_a_change(client: Client) -> None:
    async with client.session.get(f"{client.served.address}/portal/mitarbeiter/export") as response:
        data = await response.read()
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="mitarbeiter-2026-11-23.csv"' in response.headers["Content-Disposition"]
    assert data.startswith(b"\xef\xbb\xbfName;")

    answer = await upload(client, PATH, data)

    assert "Es ist nichts zu tun." in answer.text
    assert "Übernehmen" not in answer.text


async def test_new_changed_and_missing_at_once_and_back_the_next_day(client: Client) -> None:
    served = client.served
    before = await served.company()
    preview = await upload(client, PATH, "Name;Position\nBeispiel, Erika;Vorstand\nNeu Hier;Empfang\n")
    assert "Jens Meier" in preview.text

    answer = await client.post(preview.path, {"remove": "yes"} | seen(preview))

    assert "said=employees_imported" in answer.path
    names = {person.name: person.position for person in (await served.company()).employees}
    assert names == {"Beispiel, Erika": "Vorstand", "Neu Hier": "Empfang"}

    served.now += timedelta(hours=1)
    page = await client.get(PATH)
    assert "Letzter Import: 23.11. um 10:00 Uhr." in page.text
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert (await served.company()).employees == before.employees


async def test_those_missing_in_the_file_stay_unless_asked(client: Client) -> None:
    preview = await upload(client, PATH, "Name\nNeu Hier\n")
    await client.post(preview.path, seen(preview))
    assert len((await client.served.company()).employees) == 3


async def test_one_wrong_line_and_nothing_is_taken_over(client: Client) -> None:
    before = await client.served.company()
    answer = await upload(client, PATH, "Name;E-Mail\nNeu Hier;neu@example.org\nNeu Dort;neu@\n")
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
    preview = await upload(client, PATH, "Name\nNeu Hier\n")
    async with client.served.db.write() as conn:
        neu = Employee("neu", "Neu Hier", "Neu", "Hier")
        await employees.insert(conn, client.served.house.customer_id, [neu])
        from pbx_bridge.storage.customers import data_version

        await data_version.touch(conn, client.served.house.customer_id, client.served.now)

    answer = await client.post(preview.path, seen(preview))

    assert "said=import_overtaken" in answer.path
    assert len((await client.served.company()).employees) == 3


async def test_an_answer_that_was_lost_is_given_again(client: Client) -> None:
    preview = await upload(client, PATH, "Name\nNeu Hier\n")
    first = await client.post(preview.path, seen(preview))
    again = await client.get(preview.path)
    assert again.path == first.path
    assert "said=employees_imported" in again.path
    assert (await client.post(preview.path, seen(preview))).path == first.path
    assert len((await client.served.company()).employees) == 3


async def test_only_what_was_seen_is_taken_over(client: Client) -> None:
    preview = await upload(client, PATH, "Name\nNeu Hier\n")
    answer = await client.post(preview.path, {"seen": "0"})
    assert "said=import_overtaken" in answer.path
    assert len((await client.served.company()).employees) == 2


async def test_a_colleague_does_not_find_my_file(client: Client) -> None:
    preview = await upload(client, PATH, "Name\nNeu Hier\n")
    cookies = {"session": await client.served.cookie()}
    async with ClientSession(cookies=cookies, cookie_jar=jar()) as session:
        colleague = Client(client.served, session)
        assert (await colleague.get(preview.path)).status == 404
    assert (await client.get(preview.path.replace("mitarbeiter", "vip-kunden"))).status == 404


async def test_a_file_that_nobody_took_over_is_gone_after_an_hour(client: Client) -> None:
    preview = await upload(client, PATH, "Name\nNeu Hier\n")
    async with client.served.db.write() as conn:
        await retention.forget_imports(conn, client.served.now + timedelta(hours=1, seconds=1))
    assert (await client.get(preview.path)).status == 404


async def test_no_file_and_no_table_are_told_apart(client: Client) -> None:
    assert "Bitte wählen Sie eine Datei aus." in (await upload(client, PATH, None)).text
    assert "keine CSV-Datei" in (await upload(client, PATH, b"\x89PNG\x00")).text


@pytest.mark.parametrize(
    "nothing", [b"", b"\r\n\r\n", b" \t\n", "\ufeff".encode(), "\ufeff\r\n".encode("utf-16-le")], ids=repr
)
async def test_an_empty_file_is_said_to_be_one(client: Client, nothing: bytes) -> None:
    page = await upload(client, PATH, nothing)
    assert "In dieser Datei steht nichts." in page.text
    assert "Bitte wählen Sie eine Datei aus." not in page.text


async def test_ten_thousand_lines_pass_while_others_are_served(client: Client) -> None:
    lines = [f"Person{n:05} Nummer{n:05};p{n}@example.org;+4930231{n:05};alle" for n in range(10_000)]
    page = await client.get(PATH)
    data = FormData({"csrf": page.hidden("csrf")})
    text = "Name;E-Mail;Durchwahl;Durchstellen\n" + "\n".join(lines)
    data.add_field("file", text.encode(), filename="liste.csv")
    async with client.session.post(client.served.address + PATH, data=data) as response:
        job = response.url.path
    moved: set[int] = set()
    while True:
        async with client.session.get(f"{client.served.address}{job}/stand") as response:
            state = await response.json()
        if state["ready"]:
            break
        moved.add(state["done"])
    assert len(moved) > 5, "the bar moves"

    await client.post(job, seen(await client.get(job)))

    assert len((await client.served.company()).employees) == 10_002
