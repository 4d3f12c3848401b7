"""Lists are sorted by their columns, from either end, and say so; what was changed can be taken back."""

from __future__ import annotations

import re

import pytest

from pbx_bridge.storage.customers import customers
from tests.unit.admin.office_site import OfficeSite


async def order(office: OfficeSite, address: str) -> list[str]:
    """What the rows lead to, in their order."""
    status, page = await office.see(address)
    assert status == 200
    return re.findall(r'<td class="name"><a href="([^"]+)"', page)


@pytest.mark.parametrize("column", ["name", "login", "phone", "access", "nonsense"])
async def test_agents_by_each_column_from_either_end(office: OfficeSite, column: str) -> None:
    up = await order(office, f"/admin/agenten?sort={column}&richtung=auf")
    down = await order(office, f"/admin/agenten?sort={column}&richtung=ab")
    assert len(up) == 2
    assert sorted(up) == sorted(down)
    assert (up == down) is (column in {"access", "nonsense"}), "alike ones stay by name"


async def test_tariffs_and_companies_by_name_from_either_end(office: OfficeSite) -> None:
    for name in ("Basis", "Zusatz"):
        await office.send("/admin/tarife/neu", "/admin/tarife/neu", name=name)
    up = await order(office, "/admin/tarife")
    assert len(up) == 3
    assert await order(office, "/admin/tarife?sort=name&richtung=ab") == up[::-1]
    most = await order(office, "/admin/tarife?sort=companies&richtung=ab")
    assert most[0] == up[1], "Premium is the one that a company has"
    _, page = await office.see("/admin/tarife?sort=companies&richtung=ab")
    assert page.count('aria-sort="descending"') == 1
    _, page = await office.see("/admin/unternehmen?sort=name_down")
    assert 'aria-sort="descending"' in page
    assert (await office.see("/admin/zustellungen?sort=whom&richtung=auf"))[0] == 200


async def test_a_change_in_the_office_is_taken_back_in_the_office(office: OfficeSite) -> None:
    company = f"/admin/unternehmen/{office.house.customer_id}"
    _, page = await office.see(f"{company}/bearbeiten")
    version = page.partition('name="version" value="')[2].partition('"')[0]
    greeting = "Mustermann AG, guten Tag, mein Name ist [Vorname, Nachname]."
    before = office.index.customer(office.house.customer_id)
    assert before
    sent = {"version": version, "greeting": greeting}
    _, page, where = await office.send(f"{company}/bearbeiten", f"{company}/bearbeiten", **sent)
    assert f'action="{company}/rueckgaengig"' in page
    step = where.partition("step=")[2]
    undo = {"step": step, "back": company}
    _, page, where = await office.send(company, f"{company}/rueckgaengig", **undo)
    assert "Rückgängig gemacht." in page
    assert where.startswith(company)
    async with office.db.read() as conn:
        stored = await customers.load_customer(conn, office.house.customer_id)
    assert stored
    assert stored.greeting == before.greeting
    _, page, _ = await office.send(company, f"{company}/rueckgaengig", **undo)
    assert "Das lässt sich nicht mehr zurücknehmen" in page
    assert (await office.send(company, "/admin/unternehmen/none/rueckgaengig", **undo))[0] == 404
