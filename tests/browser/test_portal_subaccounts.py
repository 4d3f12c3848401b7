"""Subaccounts: the customer invites, the employee chooses a password and finds the own absences."""

from __future__ import annotations

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.access.accounts import Role
from tests.browser.portal.fixtures import PHONE, OpenPortal, Visitor, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/subaccounts"


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
async def test_an_employee_is_invited_and_comes_in(open_portal: OpenPortal, viewport: dict[str, int]) -> None:
    visitor = await open_portal(PATH, viewport=viewport)
    await visitor.axe("nobody yet")
    await visitor.page.get_by_label("Wen einladen?").select_option(label="Beispiel, Erika")
    await visitor.clicks("Einladen")
    await visitor.sees(".flash", "Die Einladung ist unterwegs.")
    await visitor.axe("invited")
    await _becomes(visitor, "failed")
    await visitor.opens(PATH)
    await visitor.sees(".notice.is-failed", "Die Einladung kam nicht an.")
    await visitor.page.get_by_text("Adresse selbst weitergeben").click()
    await visitor.axe("not arrived")

    await visitor.page.goto(await visitor.page.locator(".link").inner_text())
    await visitor.page.locator("[name=password]").fill("ein Satz den nur Erika kennt")
    await visitor.page.locator("[name=again]").fill("ein anderer Satz")
    await visitor.clicks("Speichern und anmelden")
    await visitor.sees("[role=alert]", "Die beiden Kennwörter sind verschieden.")
    await visitor.axe("different passwords")


async def test_whoever_is_invited_in_english_reads_english(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH, locale="en")
    await visitor.page.get_by_label("Whom to invite?").select_option(label="Beispiel, Erika")
    await visitor.clicks("Invite")
    await visitor.axe("invited")
    await _becomes(visitor, "uncertain")
    await visitor.opens(PATH)
    await visitor.page.get_by_text("Pass the address on yourself").click()
    await visitor.axe("uncertain")
    await visitor.page.goto(await visitor.page.locator(".link").inner_text())
    await visitor.sees("h1", "Choose a password")


async def test_a_subaccount_sees_only_what_is_its_own(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal", role=Role.SUBACCOUNT, viewport=PHONE)
    await visitor.clicks("Menü")
    entries = await visitor.page.locator("nav.side li").all_inner_texts()
    assert "Mitarbeiter" not in entries
    assert "Unternehmen" not in entries
    assert "Termine" in [entry.strip() for entry in entries]


async def _becomes(visitor: Visitor, state: str) -> None:
    """What the outbox says of the invitation."""
    async with visitor.served.db.write() as conn:
        await conn.execute(tables.notification.update().values(state=state))
