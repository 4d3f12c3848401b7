"""What an agent can tell of somebody who is away: until when, or from when again, and the words for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import OpenDesk
from tests.desk_face import cast

pytestmark = pytest.mark.browser
SATURDAY = datetime(2026, 11, 27, 23, tzinfo=UTC)
MONDAY_AT_EIGHT = datetime(2026, 11, 30, 7, tzinfo=UTC)


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
            "Tuesdays in store, back from Mon 30/11, 08:00",
        ),
        (
            "en",
            p.AvailabilityView("away", "", MONDAY_AT_EIGHT, by_hours=True),
            "back from Mon 30/11, 08:00",
        ),
    ],
)
async def test_the_words_for_an_absence(
    open_desk: OpenDesk, locale: Literal["de", "en"], away: p.AvailabilityView, words: str
) -> None:
    desk = await open_desk(locale)
    await desk.stage.offer(
        cast.mustermann(employees=[cast.employee("meier", "Jens Meier", availability=away)])
    )
    await desk.becomes(f"document.querySelector('.employee .there')?.textContent === {words!r}")
