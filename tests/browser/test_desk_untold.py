"""A note that nobody can hear of is never just "gespeichert"."""

from __future__ import annotations

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import scenes
from tests.until import until

pytestmark = pytest.mark.browser
RED = ".notice[data-kind=refused]"


async def saved(desk: Desk) -> None:
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.page.fill("[name=concern]", "Angebot")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.press("Control+Enter")
    await until(lambda: desk.stage.sent(p.SaveNote), message="saved")
    await desk.sees("desk-idle")


async def test_the_notice_is_the_only_one_and_the_last_note_says_it_on(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    desk.stage.addresses = False

    await saved(desk)

    await desk.sees(RED, "Gespeichert, aber an niemanden zugestellt")
    assert await desk.page.locator(".notice").count() == 1
    await desk.sees("desk-notes li:first-child", "an niemanden zugestellt")
    await desk.sees(
        "desk-notes li:first-child svg[data-shape=failed], desk-notes li:first-child [data-shape=failed]"
    )


async def test_the_next_note_that_reaches_somebody_is_saved_as_ever(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    desk.stage.addresses = False
    await saved(desk)
    await desk.sees(RED)
    desk.stage.addresses = True

    await saved(desk)

    await desk.sees(".notice[data-kind=good]", "gespeichert")


async def test_whom_it_does_not_reach_is_named_beside_the_saving(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.emit(p.Notice("some_not_reached", {"names": "Herr Jens Meier"}))
    await desk.sees(RED, "Nicht zugestellt an Herrn Jens Meier")
