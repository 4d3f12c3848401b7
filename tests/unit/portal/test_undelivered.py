"""The company sees what did not arrive, why, and where to mend it."""

from __future__ import annotations

from sqlalchemy import text

from pbx_bridge.storage.outbox import notifications
from tests.stuck_messages import SECRET, STUCK, all_kinds
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

PATH = "/portal/statistik/nicht-zugestellt"


async def test_the_dashboard_says_it_and_leads_there(client: Client, served: Served) -> None:
    assert "kam nicht an" not in (await client.get("/portal")).text
    await all_kinds(served.db, served.house)

    page = (await client.get("/portal")).text

    assert f'<a href="{PATH}">{len(STUCK)} Nachrichten kamen nicht an.</a>' in page


async def test_each_message_with_its_reason_its_call_and_what_to_mend(client: Client, served: Served) -> None:
    made = await all_kinds(served.db, served.house)

    page = (await client.get(PATH)).text

    assert page.count("<tr>") == len(STUCK) + 1
    for words in (
        "nimmt diese Adresse nicht an",
        "hat diese Nachricht abgelehnt",
        "wurde aufgegeben",
        "das Telefon die SMS nicht bekommen",
        "Vielleicht ist sie doch angekommen",
        "zentrale E-Mail-Adresse",
    ):
        assert words in page
    assert page.count(f'href="/portal/mitarbeiter/{served.house.erika}"') == 1, "whose address is wrong"
    assert page.count("/portal/statistik/anruf/") == len(STUCK)
    assert SECRET not in page
    assert made["sent"].id not in page


async def test_nothing_to_see_is_said(client: Client) -> None:
    assert "Alle Nachrichten sind zugestellt." in (await client.get(PATH)).text


async def test_the_call_says_why_and_that_there_was_no_sms(client: Client, served: Served) -> None:
    made = await all_kinds(served.db, served.house)
    note = made["address"].note_id
    async with served.db.write() as conn:
        call = (
            await conn.execute(text("SELECT call_id FROM call_note WHERE id = :id"), {"id": note})
        ).scalar_one()
    path = f"/portal/statistik/anruf/{call}"
    page = (await client.get(path)).text
    assert "nimmt diese Adresse nicht an" in page
    assert "SMS ist abgeschaltet" not in page

    async with served.db.write() as conn:
        await conn.execute(text("UPDATE call_note SET sms_off = TRUE WHERE id = :id"), {"id": note})
        await notifications.settle(conn, made["uncertain"].id, served.now)
    assert "Der Versand von SMS ist abgeschaltet." in (await client.get(path)).text


async def test_a_subaccount_has_no_such_page(subaccount: Client) -> None:
    assert (await subaccount.get(PATH)).status == 404
