"""What the row of an employee says: away until when, back from when, and what is possible now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import OpenDesk
from tests.desk_face import sample_views, scenes

pytestmark = pytest.mark.browser
# Of a year that no browser has for today: of today the words are others.
SATURDAY = datetime(2099, 11, 27, 23, tzinfo=UTC)
MONDAY_AT_EIGHT = datetime(2099, 11, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "locale,away,words",
    [
        ("de", p.AvailabilityView("away", "Im Urlaub.", SATURDAY), "Im Urlaub, bis Fr 27.11."),
        ("de", p.AvailabilityView("away", "", SATURDAY), "bis Fr 27.11."),
        ("de", p.AvailabilityView("away"), "zurzeit nicht im Haus"),
        ("de", p.AvailabilityView("info", "Dienstags im Lager."), "Dienstags im Lager."),
        (
            "de",
            p.AvailabilityView("away", "Dienstags im Lager.", MONDAY_AT_EIGHT, by_hours=True),
            "Dienstags im Lager, ab Mo 30.11., 08:00 Uhr wieder erreichbar",
        ),
        (
            "en",
            p.AvailabilityView("away", "Tuesdays in store.", MONDAY_AT_EIGHT, by_hours=True),
            "Tuesdays in store, back from Mon 30 Nov, 08:00",
        ),
        (
            "en",
            p.AvailabilityView("away", "", MONDAY_AT_EIGHT, by_hours=True),
            "back from Mon 30 Nov, 08:00",
        ),
    ],
)
async def test_the_words_for_an_absence(
    open_desk: OpenDesk, locale: Literal["de", "en"], away: p.AvailabilityView, words: str
) -> None:
    desk = await open_desk(locale)
    await desk.stage.offer(
        sample_views.mustermann(employees=[sample_views.employee("meier", "Jens Meier", availability=away)])
    )
    await desk.becomes(f"document.querySelector('.employee .there')?.textContent === {words!r}")


THROUGH = "[...document.querySelectorAll('.employee .through')].map((cell) => cell.textContent)"


async def test_when_the_call_is_over_nobody_is_said_to_be_put_through_to(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.back(desk.stage)
    await desk.sees(".steps", "Sie sprechen wieder mit dem Anrufer")
    assert (await desk.says(THROUGH))[:3] == [
        "durchstellen",
        "möchte nur Notizen",
        "→ Vertretung Erika Beispiel",
    ]
    await desk.stage.end("c1")
    await desk.sees("#desk[data-phase=ended]")
    assert set(await desk.says(THROUGH)) == {""}
    steps = await desk.page.locator(".steps").inner_text()
    assert "besetzt" in steps
    assert "Anrufer" not in steps
    await desk.page.locator("#centre").focus()
    await desk.press("1")
    await desk.sees(".recipient", "Erika Beispiel")
    assert "zurück" not in await desk.page.locator(".steps").inner_text(), "no plan for a call that is over"
