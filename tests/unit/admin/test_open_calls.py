"""Calls that somebody has to look at: of each kind the right ones, and what can be done about them."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from tests.unit.admin.office_site import OfficeSite
from tests.unit.admin.test_start import everything

PATH = "/admin/anrufe"


async def test_each_kind_shows_its_own(office: OfficeSite) -> None:
    await everything(office)
    for kind, there, absent in (
        ("unknown_line", "+49 30 23125999", "Anna Keller"),
        ("unnoted", "Anna Keller", "23125999"),
        ("untold", "Angebot für &lt;Niemand&gt;", "23125999"),
    ):
        _, page = await office.see(f"{PATH}?art={kind}")
        assert there in page, kind
        assert absent not in page, kind
        assert "1 Anruf<" in page, kind


async def test_without_any_the_page_says_what_it_is_for(office: OfficeSite) -> None:
    for kind in ("unknown_line", "unnoted", "untold", "nonsense"):
        status, page = await office.see(f"{PATH}?art={kind}&page=99")
        assert status == 200
        assert "In den letzten sieben Tagen" in page


async def test_a_call_is_closed_with_an_agents_reason_and_with_no_other(office: OfficeSite) -> None:
    await everything(office)
    async with office.db.read() as conn:
        call = (await conn.execute(select(t.call.c.id).where(t.call.c.pbx_call == "u.2"))).scalar_one()
    page, path = f"{PATH}?art=unnoted", f"{PATH}/{call}/ohne-notiz"
    assert (await office.send(page, path, reason="tired"))[0] == 404
    assert "ist ohne Notiz geschlossen" in (await office.send(page, path, reason="advertising"))[1]
    async with office.db.read() as conn:
        row = (await conn.execute(select(t.call).where(t.call.c.id == call))).one()
    assert (row.outcome, row.closed_reason) == ("closed", "advertising")
    assert "es wurde nichts geändert" in (await office.send(page, path, reason="silent"))[1]
