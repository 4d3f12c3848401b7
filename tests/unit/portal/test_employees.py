"""The list of employees and what happens to one of them, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp import ClientSession

from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import employees
from pbx_bridge.web.kit.money import money
from rules.model import Employee
from rules.text.dialling import DialRules
from tests.unit.portal.conftest import Client, jar
from tests.unit.portal.serving import serving

PATH = "/portal/mitarbeiter"


async def test_what_the_tariff_does_not_include_is_shown_and_kept(client: Client) -> None:
    served = client.served
    async with served.db.write() as conn:
        await conn.execute(tables.tariff.update().values(put_through=False))
    erika = f"{PATH}/{served.house.erika}"
    page = await client.get(erika)
    assert "nicht in Ihrem Tarif" in page.text

    answer = await client.post(
        erika, {"name": "Beispiel, Erika", "position": "Chefin", "put_through": "none"}
    )

    assert "said=employee_saved" in answer.path
    stored = (await served.company()).employee(served.house.erika)
    assert stored is not None
    assert (stored.position, stored.extension, stored.put_through) == ("Chefin", "+493023125110", "all")


async def test_somebody_elses_employee_is_a_missing_one(client: Client) -> None:
    served = client.served
    async with served.db.write() as conn:
        row = dict((await conn.execute(tables.customer.select())).mappings().one())
        await conn.execute(
            tables.customer.insert().values(row | {"id": "other", "name": "Praxis Dr. Sommer"})
        )
        await employees.insert(conn, "other", [Employee("foreign", "Dr. Sommer", "", "Sommer")])
    await client.get(f"{PATH}/neu")
    for path in ("", "/loeschen"):
        foreign, missing = [await client.get(f"{PATH}/{one}{path}") for one in ("foreign", "missing")]
        assert foreign.status == missing.status == 404
    await client.get(f"{PATH}/neu")
    for path in ("", "/loeschen"):
        assert (await client.post(f"{PATH}/foreign{path}", {"name": "X Y"})).status == 404
    refused = await client.post(f"{PATH}/neu", {"name": "Neu Hier", "deputy": "foreign"})
    assert refused.status == 422
    assert "gibt es in Ihrer Liste nicht mehr" in refused.text


async def test_without_the_forms_token_nothing_happens(client: Client) -> None:
    await client.get(f"{PATH}/neu")
    assert (await client.post(f"{PATH}/neu", {"name": "Neu Hier", "csrf": ""})).status == 403


async def test_undoing_leads_back_into_the_portal_only(client: Client) -> None:
    await client.get(PATH)
    await client.get(f"{PATH}/neu")
    answer = await client.post("/portal/rueckgaengig", {"step": "none", "back": "//evil.example/portal"})
    assert answer.path.startswith("/portal")


@pytest.mark.parametrize(
    "locale, words", [("de", "0,10\N{NO-BREAK SPACE}€"), ("en", "0.10\N{NO-BREAK SPACE}€")]
)
def test_the_price_is_the_tariffs(locale: str, words: str) -> None:
    assert money(100_000, locale) == words


async def test_internal_extensions_are_taken_as_far_as_the_operator_allows(sqlite_db: Database) -> None:
    rules = DialRules(internal="[1-8][0-9]{1,3}")
    async with (
        serving(sqlite_db, lambda portal: replace(portal, dial_rules=rules)) as served,
        ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session,
    ):
        client, erika = Client(served, session), f"{PATH}/{served.house.erika}"
        page = await client.get(erika)
        assert "interne Durchwahl" in page.text
        fields = {"name": "Erika Beispiel", "put_through": "all"}
        refused = await client.post(erika, fields | {"extension": "9000"})
        assert (refused.status, "Diese interne Durchwahl" in refused.text) == (422, True)
        assert (await client.post(erika, fields | {"extension": "2-3"})).status == 200
        assert [one.extension for one in (await served.company()).employees][:1] == ["23"]


async def test_without_a_rule_internal_extensions_are_refused_with_the_reason(client: Client) -> None:
    erika = f"{PATH}/{client.served.house.erika}"
    assert "interne Durchwahl" not in (await client.get(erika)).text
    fields = {"name": "Erika Beispiel", "put_through": "all", "extension": "23"}
    refused = await client.post(erika, fields)
    assert refused.status == 422
    assert "Interne Durchwahlen erreichen wir nicht." in refused.text


@pytest.mark.parametrize(
    ("typed", "twice"),
    [
        ({"name": "Jens Meier"}, True),
        ({"name": "Meier, Jens"}, True),
        ({"name": "jens MEIER"}, True),
        ({"name": "Herr Dr. Jens Meier"}, True),
        ({"name": "Jens Meier", "position": "Lager"}, True),  # the other one has no position
        ({"name": "Jens Meyer"}, False),
        ({"name": "Meier"}, False),
    ],
)
async def test_two_of_a_name_are_told_apart_by_somebody_who_knows_them(
    client: Client, typed: dict[str, str], twice: bool
) -> None:
    await client.get(f"{PATH}/neu")
    answer = await client.post(f"{PATH}/neu", typed)
    assert ("said=employee_twice" in answer.path) is twice
    assert ("heißt schon jemand so" in answer.text) is twice
    assert "Rückgängig" in answer.text


async def test_two_of_a_name_with_positions_of_their_own_are_no_trouble(client: Client) -> None:
    jens = f"{PATH}/{client.served.house.jens}"
    await client.get(jens)
    assert (
        "said=employee_saved"
        in (
            await client.post(jens, {"name": "Jens Meier", "position": "Verkauf", "put_through": "none"})
        ).path
    )
    await client.get(f"{PATH}/neu")
    answer = await client.post(f"{PATH}/neu", {"name": "Jens Meier", "position": "Lager"})
    assert "said=employee_added" in answer.path
    same = await client.get(f"{PATH}/neu")
    same = await client.post(f"{PATH}/neu", {"name": "Jens Meier", "position": "lager "})
    assert "said=employee_twice" in same.path
