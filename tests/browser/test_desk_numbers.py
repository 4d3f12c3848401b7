"""Numbers outside and the waiting list at the desk: what a click, a key and a letter do, or do not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views
from tests.until import until

pytestmark = pytest.mark.browser
NUMBERS = [p.NumberView("+493023125190", "030 23125190", "Notdienst")]


async def talking(open_desk: OpenDesk, **rest: Any) -> Desk:
    desk = await open_desk()
    await desk.stage.offer(sample_views.mustermann(**rest))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    return desk


async def test_a_named_number_is_a_button(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk, numbers=NUMBERS)
    button = desk.page.get_by_role("button", name="Notdienst 030 23125190: rufen")
    await button.click()
    await until(lambda: desk.stage.sent(p.RingNumber), message="rung")
    await button.click(modifiers=["Shift"])
    await until(lambda: len(desk.stage.sent(p.RingNumber)) == 2, message="rung while we talk")
    assert [(one.number, one.mode) for one in desk.stage.sent(p.RingNumber)] == [
        ("+493023125190", "hold"),
        ("+493023125190", "talk"),
    ]


async def test_letters_and_digits_in_the_field_are_no_keys(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.gone("desk-numbers")
    await desk.press("d")
    await desk.type("0302312h1xr")
    assert await desk.says("document.querySelector('desk-numbers input').value") == "0302312h1xr"
    await desk.press("Escape")
    await desk.gone("desk-numbers")
    for kind in (p.Hold, p.Ring, p.RingNumber, p.HangUp, p.Back):
        assert not desk.stage.sent(kind)


@pytest.mark.parametrize("company", [{"confidential": True}, {"put_through": False}])
async def test_where_none_may_be_rung_none_is_offered(open_desk: OpenDesk, company: dict[str, bool]) -> None:
    desk = await talking(open_desk, numbers=NUMBERS, company=replace(sample_views.MUSTERMANN, **company))
    await desk.gone("desk-numbers")
    await desk.press("d")
    await desk.gone("desk-numbers")


async def test_the_waiting_list_is_walked_by_arrows_and_picked_by_enter(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    waits = [p.WaitingView(f"w{n}", f"Firma {n}", n, False, sample_views.ago(9 * n)) for n in (3, 2, 1)]
    taken = replace(waits[0], picked_by="Ben Vogt")
    await desk.stage.emit(p.Waiting([taken, *waits[1:]]))
    await desk.sees("desk-waiting .pick-by", "Ben Vogt holt diesen Anruf")
    await desk.press("a", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "Enter")
    await until(lambda: desk.stage.sent(p.Pick), message="picked")
    assert [one.call for one in desk.stage.sent(p.Pick)] == ["w1"]


async def test_while_somebody_writes_nobody_is_picked(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.stage.emit(p.Waiting([p.WaitingView("w1", "Firma 1", 1, False, sample_views.ago(9))]))
    await desk.sees("desk-waiting .row")
    await desk.press("n")
    await desk.page.locator("[name=concern]").focus()
    await desk.type("aada a d")
    assert await desk.says("document.querySelector('[name=concern]').value") == "aada a d"
    assert not desk.stage.sent(p.Pick)
    await desk.gone("desk-numbers")
