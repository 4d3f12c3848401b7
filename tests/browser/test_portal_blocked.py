"""Gesperrte Rufnummern: blocked by hand, taken back at once, lifted, for every eye."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import blocked_callers as blocked_callers_editing
from rules.model import BlockedCaller, BlockReason
from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal
from tests.sample_company import NOW
from tests.unit.portal.serving import Served

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/gesperrte-rufnummern"
PUSHY = "+491713920077"


async def blocked(served: Served, *numbers: str) -> None:
    """Anna blocked these three days ago; the first has tried twice since."""
    began = NOW - timedelta(days=3)
    async with served.db.write() as conn:
        for number in numbers:
            caller = BlockedCaller(new_id(), number, BlockReason.ADVERTISING, "Umfragen")
            owner = (served.house.customer_id, caller, served.house.anna_account, began)
            await blocked_callers_editing.insert(conn, *owner)
        for hours in (1, 2):
            at = NOW - timedelta(hours=hours)
            call = calls.StoredCall(
                new_id(), new_id(), "+493023125100", at, served.house.customer_id,
                caller_number=numbers[0], ended_at=at, outcome=calls.Outcome.BLOCKED,
            )  # fmt: skip
            await calls.insert(conn, call)


async def test_a_number_is_blocked_by_hand_and_taken_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.sees(".nothing", "Keine Rufnummer ist gesperrt.")
    await visitor.clicks("Erste Rufnummer sperren")
    await visitor.fills("Rufnummer", "0171 / 39200-42")
    await visitor.clicks("Sperren")
    await visitor.sees("#number-fault", "Hans Müller ist VIP-Kunde.")
    assert await visitor.focused() == "number"
    await visitor.fills("Rufnummer", "0171 / 39200-77")
    await visitor.clicks("Sperren")
    await visitor.sees("[data-flash]", "werden ab jetzt abgewiesen")
    await visitor.sees("td", "0171 3920077")
    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    await visitor.sees(".nothing", "Keine Rufnummer ist gesperrt.")


async def test_a_block_is_lifted_and_comes_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await blocked(visitor.served, PUSHY, "+491713920078")
    await visitor.opens(PATH)
    await visitor.sees("tr:has-text('0171 3920077')", "2 Anrufe")
    await visitor.sees("tr:has-text('0171 3920077')", "Anna Keller")
    await visitor.fills("Rufnummer, Bemerkung oder Name suchen", "20077")
    await visitor.sees("caption", "1 gesperrte Rufnummer")
    await visitor.page.get_by_role("button", name="0171 3920077 freigeben").click()
    await visitor.sees("[data-flash]", "kommen ab jetzt wieder an")
    await visitor.gone("td:has-text('0171 3920077')")
    await visitor.clicks("Rückgängig")
    await visitor.sees("tr:has-text('0171 3920077')", "20.11.2026")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("scheme, viewport", [("light", PHONE), ("dark", {"width": 1280, "height": 800})])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, scheme: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(PATH, locale=locale, color_scheme=scheme, viewport=viewport)
    await visitor.axe("empty")
    await blocked(visitor.served, PUSHY, "+491713920042")
    await visitor.opens(PATH)
    await visitor.axe("list")
    await visitor.opens(f"{PATH}/neu")
    await visitor.axe("form")
    await visitor.page.locator("button[type=submit]").last.click()
    await visitor.sees("#number-fault")
    await visitor.axe("with faults")
    await visitor.opens("/portal/statistik?period=today")
    await visitor.axe("statistics with blocked calls")
