"""Every list of people stands in the order of a German directory: ä as a, without von and zu."""

from __future__ import annotations

import html
import re

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from rules.text.names import split_name
from tests.unit.portal.conftest import Client

NAMES = (
    "Zander, Ulf",
    "Özgür Öztürk",
    "Karl von und zu Eltz",
    "Ärmel, Ada",
    "Çelik, Günter",
    "Herr Dr. Uwe Ott",
)
IN_ORDER = ["Ärmel, Ada", "Beispiel, Erika", "Çelik, Günter", "Karl von und zu Eltz", "Jens Meier",
            "Herr Dr. Uwe Ott", "Özgür Öztürk", "Zander, Ulf"]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/portal/statistik",
        "/portal/probeanruf",
        "/portal/subaccounts",
        "/portal/mitarbeiter/neu",
        "/portal/termine/neu",
        "/portal/vip-kunden/neu",
    ],
)
async def test_a_choice_of_people_is_in_order(client: Client, path: str) -> None:
    house = client.served.house
    async with client.served.db.write() as conn:
        rows = [
            {"id": new_id(), "customer_id": house.customer_id, "name": name, "email": f"{n}@example.org",
             "given_name": split_name(name).given, "family_name": split_name(name).family}
            for n, name in enumerate(NAMES)
        ]  # fmt: skip
        await insert_all(conn, tables.employee, rows)
        await data_version.touch(conn, house.customer_id, client.served.now)
    page = html.unescape((await client.get(path)).text)
    shown = [" ".join(one.split()) for one in re.findall(r"<option[^>]*>([^<]+)</option>", page)]
    listed = {name: name for name in IN_ORDER} | {split_name(name).listed: name for name in IN_ORDER}
    assert [listed[one] for one in shown if one in listed] == IN_ORDER
