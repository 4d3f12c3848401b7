"""More people than a pop holds: everybody is found by typing, and nobody is taken for another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser

PEOPLE = [replace(one, deputy_id="e299") for one in sample_views.many(300)]
LAST = PEOPLE[299]
ANSWERS = [p.FaqView(f"Wo ist Tor {n}?", f"Hinter Halle {n}.") for n in range(120)]
INPUT = "desk-employees input"


async def talking(desk: Desk) -> p.ScreenPop:
    """With a caller of a company of 300."""
    desk.stage.everybody, desk.stage.answered = PEOPLE, ANSWERS
    tries = [replace(one, tries=["e299"]) for one in PEOPLE[:50]]
    pop = sample_views.mustermann(
        employees=tries, employees_total=300, faq=ANSWERS[:50], faq_total=120, names={"e299": LAST.name}
    )
    await desk.stage.offer(pop)
    await desk.stage.talk(pop.call)
    await desk.sees("desk-employees .find", "die ersten 50 von 300")
    return pop


async def rows(desk: Desk) -> list[str]:
    found: list[str] = await desk.says(
        "[...document.querySelectorAll('.employee .person')].map((one) => one.textContent)"
    )
    return found


async def test_the_first_are_there_at_once_and_the_page_says_of_how_many(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await talking(desk)
    assert len(await rows(desk)) == 50
    await desk.sees(".employee .through", f"→ Vertretung {LAST.name}")
    assert not desk.stage.sent(p.Find)


async def test_whoever_is_not_in_the_pop_is_found_by_typing_and_can_be_rung(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await talking(desk)
    await desk.page.fill(INPUT, "jörg weiß 3")
    await desk.sees("desk-employees .find", "1 von 300")
    assert await rows(desk) == [LAST.name]
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.press("r")
    await until(lambda: [ring.employee for ring in desk.stage.sent(p.Ring)] == ["e299"])
    await desk.sees(".recipient", LAST.name)


async def test_enter_waits_for_the_answer_and_takes_nobody_else(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await talking(desk)
    desk.stage.gate.clear()
    await desk.page.click(INPUT)
    await desk.page.keyboard.type("weiß")
    await desk.page.keyboard.press("Enter")
    await until(lambda: desk.stage.sent(p.Find))
    assert not await desk.page.locator(".employee[aria-selected=true]").count()
    desk.stage.gate.set()
    await desk.sees(".employee[aria-selected=true] .person", "Weiß")


async def test_what_is_typed_on_is_another_question(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await talking(desk)
    desk.stage.gate.clear()
    await desk.page.click(INPUT)
    await desk.page.keyboard.type("weiß")
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.type(" 3")
    await until(lambda: [one.query for one in desk.stage.sent(p.Find)][-1:] == ["weiß 3"])
    desk.stage.gate.set()
    await desk.sees("desk-employees .find", "10 von 300")
    assert not await desk.page.locator(".employee[aria-selected=true]").count()


async def test_a_recipient_and_an_answer_are_found_too(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await talking(desk)
    await desk.page.fill("#recipients", "jörg weiß 3")
    await desk.sees("#recipient-list", LAST.name)
    await desk.page.keyboard.press("Enter")
    await desk.sees(".recipient", LAST.name)
    await desk.page.fill("desk-dock input", "halle 119")
    await desk.sees("desk-dock dd", "Hinter Halle 119.")


async def test_a_name_that_nobody_knows_here_is_asked_for(open_desk: OpenDesk) -> None:
    """A draft of another tab may name somebody who is not in the pop."""
    desk = await open_desk()
    pop = await talking(desk)
    await desk.stage.emit(p.Draft(p.DraftView(pop.call, 7, p.NoteBody(recipients=["e280"]))))
    await desk.sees(".recipient", PEOPLE[280].name)


async def test_when_the_company_changes_the_question_is_asked_again(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    pop = await talking(desk)
    await desk.page.fill(INPUT, "jörg weiß 3")
    await desk.sees(".employee .person", LAST.name)
    desk.stage.everybody = [replace(one, name="Jörg Weiß-Neu") if one is LAST else one for one in PEOPLE]
    await desk.stage.emit(p.PopChanged(replace(pop, instruction="Anders.")))
    await desk.sees(".employee .person", "Jörg Weiß-Neu")


async def test_a_small_company_asks_nobody(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.page.fill(INPUT, "erika")
    await desk.sees(".employee .person", "Erika Beispiel")
    assert not desk.stage.sent(p.Find)
