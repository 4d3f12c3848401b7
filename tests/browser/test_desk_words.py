"""What an agent reads and says: Herrn where German wants it, dates with their points."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import OpenDesk
from tests.desk_face import sample_views, scenes

pytestmark = pytest.mark.browser


async def test_an_absence_keeps_the_point_of_its_date_and_no_other(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    away = p.AvailabilityView("away", "Rückrufe ab dem 18.10.", sample_views.FRIDAY_MIDNIGHT)
    plain = p.AvailabilityView("away", "Im Urlaub.", sample_views.FRIDAY_MIDNIGHT)
    staff = [
        sample_views.employee("ott", "Herr Dr. Uwe Ott", availability=away),
        sample_views.employee("meier", "Jens Meier", availability=plain),
    ]
    await desk.stage.offer(sample_views.mustermann(employees=staff))
    await desk.stage.talk("c1")
    await desk.sees("[data-key=ott] .there", "Rückrufe ab dem 18.10., bis Fr 27.11.")
    await desk.sees("[data-key=meier] .there", "Im Urlaub, bis Fr 27.11.")


async def test_a_consultation_is_with_herrn_ott(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    staff = [sample_views.employee("ott", "Herr Dr. Uwe Ott")]
    await desk.stage.offer(sample_views.mustermann(employees=staff))
    await desk.stage.talk("c1")
    await desk.stage.through("c1", "consulting", "ott")
    await desk.sees(".steps [aria-current]", "Rücksprache mit Herrn Dr. Uwe Ott")
    await desk.sees(".speech-head", "Zu Herrn Dr. Uwe Ott sagen")
    await desk.stage.joined("c1")
    await desk.sees(".steps", "Verbunden mit Herrn Dr. Uwe Ott")
    await desk.sees(".say", "Herr Dr. Uwe Ott spricht mit dem Anrufer.")


async def test_whoever_took_the_call_has_no_red_mark(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    tried = [
        p.TriedView("beispiel", "Erika Beispiel", "busy"),
        p.TriedView("mueller", "Hans Müller", "joined"),
    ]
    await desk.stage.emit(p.Call(replace(desk.stage.view("c1"), tried=tried, joined_with="mueller")))
    await desk.stage.end("c1")
    await desk.sees(".steps li", "Hans Müller: verbunden")
    marks = await desk.says(
        "[...document.querySelectorAll('.steps li svg')].map((icon) => icon.dataset.shape)"
    )
    assert marks == ["failed", "done"]
