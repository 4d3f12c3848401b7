"""Beside the call: who waits, what callers often ask, what this one wanted before, who would be tried."""

from __future__ import annotations

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes

pytestmark = pytest.mark.browser


async def talking(open_desk: OpenDesk) -> Desk:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    return desk


@pytest.mark.parametrize(
    "typed,answer",
    [
        ("parken", "Auf dem Hof"),
        ("einfahrt", "Auf dem Hof"),
        ("offnungs", "Montag bis Freitag"),
        ("oeffnungszeiten", "Montag bis Freitag"),
        ("reparatur werktage", "Meist fünf Werktage"),
    ],
)
async def test_an_answer_is_found_by_words_of_the_question_and_of_itself(
    open_desk: OpenDesk, typed: str, answer: str
) -> None:
    desk = await talking(open_desk)
    await desk.press("f")
    await desk.becomes("document.activeElement.closest('desk-dock') !== null")
    await desk.type(typed)
    await desk.becomes("document.querySelectorAll('.faq dt').length === 1")
    await desk.sees(".faq dd", answer)


async def test_a_question_that_nobody_has_answered_is_said_to_be_one(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.press("f")
    await desk.becomes("document.activeElement.closest('desk-dock') !== null")
    await desk.type("kantine")
    await desk.sees("desk-dock .none", "kantine")


async def test_the_waiting_list_names_company_and_vip_and_its_clocks_run(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    rows = desk.page.locator("desk-waiting .row")
    await desk.sees("desk-waiting", "Wartend (2)")
    assert "Praxis Dr. Sommer" in await rows.nth(0).inner_text()
    assert not await rows.nth(0).locator(".vip").is_visible()
    assert "Kanzlei Brandt & Weiß" in await rows.nth(1).inner_text()
    assert await rows.nth(1).locator(".vip").is_visible()
    first = "document.querySelector('desk-waiting desk-timer').textContent"
    before = await desk.says(first)
    await desk.becomes(f"{first} !== {before!r}")
    await desk.stage.emit(p.Waiting([]))
    await desk.sees("desk-waiting", "Wartend (0)")


async def test_earlier_calls_say_when_what_and_who_took_them(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.press("e")
    first = desk.page.locator(".earlier li").first
    await desk.sees(".earlier li", "Fragt nach dem Angebot für 40 Regale")
    assert "Ben Vogt" in await first.inner_text()
    await desk.sees(".earlier li", "Ohne Notiz: falsch verbunden")


async def test_who_would_be_tried_is_shown_in_order_before_anybody_is_rung(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.press("1")
    steps = desk.page.locator(".steps li")
    await desk.sees(".steps", "Vertretung")
    assert [await step.inner_text() for step in await steps.all()] == [
        "Erika Beispiel",
        "Vertretung Jürgen Müller",
        "zurück zu Ihnen",
    ]
    await desk.press("3")
    await desk.sees(".steps li", "Vertretung Erika Beispiel")
    assert await steps.count() == 2, "whoever is away is not rung first"
    assert not desk.stage.sent(p.Ring)
    await desk.sees(".employee", sample_views.STAFF[2].name)
