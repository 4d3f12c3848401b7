"""After a reload: the same call in front, the same person chosen, the same questions open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
CHOSEN = "document.querySelector('.employee[aria-selected=true] .person')?.textContent"


async def test_the_employee_chosen_before_a_reload_is_rung_after_it(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("4", "f")
    await desk.sees(".faq")
    await desk.page.reload()
    await desk.becomes(f"{CHOSEN} === 'Dr.-Ing. Maximiliane von der Mühlenberg-Hohenstein'")
    await desk.sees(".faq")
    await desk.page.locator("#centre").focus()
    await desk.press("r")
    await until(lambda: desk.stage.sent(p.Ring), message="the ring")
    assert [ring.employee for ring in desk.stage.sent(p.Ring)] == ["muehlenberg"]


async def test_the_note_in_front_of_a_ringing_call_is_in_front_after_a_reload(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("n")
    await desk.becomes("document.activeElement.closest('desk-note')")
    await desk.stage.offer(sample_views.praxis())
    await desk.sees(".other")
    await desk.page.reload()
    await desk.sees(".other", "Praxis Dr. Sommer")
    await desk.sees(".company-name", "Mustermann AG")


async def test_nobody_is_chosen_for_the_next_call(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("4")
    await desk.becomes(f"{CHOSEN}")
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.sees("desk-idle")
    await desk.becomes("JSON.parse(sessionStorage.getItem('desk.place')).chosen.length === 0")
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    assert not await desk.says(CHOSEN)


TURKISH = replace(sample_views.PRAXIS, language="tr")
FIRST = {
    "a note to write": scenes.ended,
    "an employee who talks": scenes.joined,
    "a correction": scenes.correcting,
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("last", ["hangs up", "is put through"])
async def test_who_was_in_front_stays_in_front_when_only_notes_are_left(
    open_desk: OpenDesk, first: str, last: str
) -> None:
    desk = await open_desk()
    await FIRST[first](desk.stage)
    await desk.sees(".company-name", "Mustermann AG")
    await desk.stage.offer(sample_views.mustermann("c2", company=TURKISH))
    await desk.stage.talk("c2")
    await desk.sees(".company-name", TURKISH.name)
    await desk.sees(".language", "Sprache der Anrufer: Türkisch")
    if last == "is put through":
        await desk.stage.through("c2", "consulting", "beispiel")
        await desk.stage.joined("c2")
    else:
        await desk.stage.end("c2")
    phase = "joined" if last == "is put through" else "ended"
    for reload in (False, True):
        if reload:
            await desk.page.reload()
        await desk.sees(f"#desk[data-phase={phase}] .other", "Mustermann AG")
        await desk.sees(".company-name", TURKISH.name)
    await desk.stage.emit(p.CallClosed("c2"))
    await desk.sees(".company-name", "Mustermann AG")
