from __future__ import annotations

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from tests.unit.portal.conftest import Client
from tests.unit.portal.uploading import seen, send, upload

PATH = "/portal/vip-kunden"
IMPORT = f"{PATH}/import"
HANS = {"pattern": "0171 39200-11", "name": "Hans Müller", "info": "kennt uns"}


async def add(client: Client, **fields: str) -> str:
    await client.get(f"{PATH}/neu")
    return (await client.post(f"{PATH}/neu", HANS | fields)).text


async def patterns(client: Client) -> list[tuple[str, str, str | None]]:
    vips = (await client.served.company()).vip_callers
    return sorted((vip.pattern, vip.name, vip.employee_id) for vip in vips)


async def test_an_entry_is_stored_with_its_number_normalised(client: Client) -> None:
    erika = client.served.house.erika
    page = await add(client, employee=erika)
    assert "+49 171 3920011" in page
    assert ("+491713920011", "Hans Müller", erika) in await patterns(client)


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"pattern": "abc"}, "Das ist keine Rufnummer."),
        ({"pattern": "+49*"}, "Der Block ist zu groß"),
        ({"name": " "}, "Bitte füllen Sie dieses Feld aus."),
        ({"pattern": "030 2312*"}, "Diese Nummer steht hier schon: „Haus Vogt“."),
        ({"employee": "stranger"}, "Diesen Mitarbeiter gibt es nicht mehr."),
    ],
)
async def test_each_error_is_the_one_intended(client: Client, fields: dict[str, str], words: str) -> None:
    before = await patterns(client)
    page = await add(client, **fields)
    assert words in page
    assert page.count('class="fault"') == 1
    assert await patterns(client) == before


async def test_what_agents_see_where_two_entries_meet_is_explained(client: Client) -> None:
    page = await add(client, pattern="0171 3920042", name="Hans M.")
    assert "sehen Agenten den Namen „Hans Müller“ (Beispiel, Erika) statt „Hans M.“" in page


async def test_search_by_digits_and_sort_by_number(client: Client) -> None:
    await add(client, name="Zacharias")
    page = await client.get(f"{PATH}?q=0171+392")
    assert "2 VIP-Kunden" in page.text
    page = await client.get(f"{PATH}?sort=number")
    assert page.text.index("Zacharias") < page.text.index("Haus Vogt")


async def test_the_file_goes_out_and_back_and_changes_nothing(client: Client) -> None:
    text = (await client.get(f"{PATH}/export")).text
    assert text.startswith("\ufeffRufnummer;Name;Info;Mitarbeiter;Kennung")
    page = await upload(client, IMPORT, text)
    assert page.status == 200
    assert "Es ist nichts zu tun." in page.text
    assert "Übernehmen" not in page.text


async def test_a_file_is_taken_as_a_whole_or_not_at_all(client: Client) -> None:
    before = await patterns(client)
    page = await upload(client, IMPORT, "Rufnummer;Name;Extra\n030 23125100;Neu;1\nkeine;Falsch;2\n")
    assert page.status == 422
    assert '<td data-label="Zeile">3</td>' in page.text
    assert "Das ist keine Rufnummer." in page.text
    assert "Extra" in page.text
    assert await patterns(client) == before

    page = await upload(client, IMPORT, "Rufnummer;Name\n030 23125100;Neu\n")
    done = await client.post(page.path, seen(page) | {"remove": "yes"})
    assert "said=vips_imported" in done.path
    assert await patterns(client) == [("+493023125100", "Neu", None)]

    page = await client.get(IMPORT)
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await patterns(client) == before


@pytest.mark.parametrize("typed", ["Çelik, Günter", "Günter Çelik", "Herr Günter Çelik", " Celik,  Günter"])
async def test_an_employee_in_a_file_is_found_in_either_order_of_the_name(client: Client, typed: str) -> None:
    house = client.served.house
    async with client.served.db.write() as conn:
        await conn.execute(
            tables.employee.update()
            .where(tables.employee.c.id == house.jens)
            .values(name="Günter Çelik", given_name="Günter", family_name="Çelik")
        )
        await data_version.touch(conn, house.customer_id, client.served.now)
    page = await upload(client, IMPORT, f'Rufnummer;Name;Mitarbeiter\n030 23125100;Neu;"{typed}"\n')
    assert page.status == 200, page.text
    await client.post(page.path, seen(page))
    assert ("+493023125100", "Neu", house.jens) in await patterns(client)


async def test_deleted_and_back_again(client: Client) -> None:
    before = await patterns(client)
    vip = (await client.served.company()).vip_callers[0]
    await client.get(f"{PATH}/{vip.id}")
    page = await client.post(f"{PATH}/{vip.id}/loeschen")
    assert len(await patterns(client)) == len(before) - 1
    client.last = page
    await client.post("/portal/rueckgaengig", {"step": page.hidden("step"), "back": PATH})
    assert await patterns(client) == before


async def test_what_is_not_there_is_not_found(client: Client) -> None:
    assert (await client.get(f"{PATH}/nobody")).status == 404


async def test_ten_thousand_lines_move_the_bar_while_others_are_served(client: Client) -> None:
    text = "Rufnummer;Name\n" + "".join(f"+49302312{at:05};Kunde {at}\n" for at in range(10_000))
    job = (await send(client, IMPORT, text)).path
    moved: set[int] = set()
    while True:
        async with client.session.get(f"{client.served.address}{job}/stand") as response:
            state = await response.json()
        if state["ready"]:
            break
        moved.add(state["done"])
    assert (state["done"], state["total"]) == (10_000, 10_000)
    assert len(moved) > 5, "the bar moves"
    page = await client.get(job)
    assert "<strong>10000</strong>" in page.text
    await client.post(job, seen(page) | {"remove": "yes"})
    assert len(await patterns(client)) == 10_000


async def test_who_types_the_number_of_a_switchboard_is_told_of_the_block(client: Client) -> None:
    await client.get("/portal/vip-kunden/neu")
    answer = await client.post("/portal/vip-kunden/vorschau", {"pattern": "040 55577-0"})
    assert "mit +49 40 55577* erkennen wir sie alle." in answer.text
    answer = await client.post("/portal/vip-kunden/vorschau", {"pattern": "040 55577-12"})
    assert "erkennen wir sie alle" not in answer.text
