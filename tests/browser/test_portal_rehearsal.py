"""Probeanruf: the question, the agent's screen, and why."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/probeanruf"


async def test_a_customer_sees_what_a_vip_would_meet(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.get_by_label("Eine Rufnummer").check()
    await visitor.fills("Rufnummer des Anrufers", "0171 3920042")
    await visitor.page.get_by_label("Verlangt wird").select_option("Beispiel, Erika")
    await visitor.clicks("Probeanruf zeigen")
    await visitor.sees(".screen", "mein Name ist Anna Keller.")
    await visitor.sees(".screen", "VIP-Kunde von Erika Beispiel.")
    await visitor.sees(".steps", "Erika Beispiel 030 23125110 · klingelt 20 Sekunden")
    await visitor.sees(".skipped", "Jens Meier wird ausgelassen: Durchstellen ist hier nicht gewünscht.")
    await visitor.sees(".message", "erika@example.org")
    await visitor.sees(".letter", "Zu Ihnen durchgestellt: Hans Müller")


async def test_an_appointment_of_today_is_in_the_rehearsal_of_today_only(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal/termine/neu")
    query = "?way=%2B493023125100~&caller=withheld&time=10:00&employee=&day="
    async with visitor.served.db.write() as conn:
        from pbx_bridge.storage import tables

        row = {"id": "urlaub", "employee_id": visitor.served.house.erika, "text": "Urlaub", "all_day": True}
        hours = {"start_local": "2026-11-24T00:00", "end_local": "2026-11-28T00:00"}
        await conn.execute(tables.appointment.insert().values(row | hours))
        info = tables.employee.update().where(tables.employee.c.id == visitor.served.house.erika)
        await conn.execute(info.values(absence_info="Nur vormittags"))
    await visitor.opens(f"{PATH}{query}2026-11-25")
    await visitor.sees(
        ".people", "Termin „Urlaub“ bis Fr 27.11. ersetzt die Abwesenheitsinfo „Nur vormittags“."
    )
    await visitor.opens(f"{PATH}{query}2026-11-28")
    await visitor.sees(".people", "Kein Termin läuft, also gilt die Abwesenheitsinfo.")


async def test_a_number_that_is_none_is_named_at_its_field(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.get_by_label("Eine Rufnummer").check()
    await visitor.fills("Rufnummer des Anrufers", "12")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("#number-fault", "Das ist keine vollständige Rufnummer.")
    assert await visitor.page.input_value("#number") == "12"


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_nobody_is_kept_out(open_portal: OpenPortal, locale: str) -> None:
    visitor = await open_portal(PATH, locale=locale)
    await visitor.axe("the question")
    await visitor.page.locator(".asking button").focus()
    await visitor.page.keyboard.press("Enter")
    await visitor.sees(".screen")
    await visitor.axe("the answer")
    await visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await visitor.axe("on a phone")
