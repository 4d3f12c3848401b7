"""The service dies right after an agent has picked a caller: the phone rings all the same."""

from __future__ import annotations

import pytest

from pbx_bridge.asterisk.far_end import Doing, Handset
from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.two_agents import HANS, TIMES, TwoAgents
from tests.integration.whole_house import PATIENCE, open_house, shows
from tests.pbx.fixtures import asterisk_tree
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk


async def killed(hall: TwoAgents, *, answers: bool) -> None:
    far = hall.house.phones.far
    await hall.staff(hall.anna)
    await hall.call(HANS)
    await far.rang(hall.anna.who.phone)
    caller, call = await hall.call()
    rings = far.phone(hall.anna.who.phone).rings
    assert (await hall.pick(hall.anna, call)).ok
    await hall.house.service.kill()
    await until(lambda: _rings_anew(far.phone(hall.anna.who.phone), rings), message="it rings for the other")
    if answers:
        await far.pick_up(hall.anna.who.phone)
        await far.converse(caller, hall.anna.who.phone)
    for desk in (hall.anna, hall.ben):
        await desk.disconnect()
    await hall.house.service.start()
    for desk in (hall.anna, hall.ben):
        await desk.connect()
    if not answers:
        await hall.anna.until(
            lambda now, c=call: c in {one.call for one in now.waiting},  # type: ignore[misc]
            "waits",
            PATIENCE,
        )
        await far.behave(hall.anna.who.phone, "answer:0")
        await far.hang_up(hall.anna.who.phone)
    await shows(hall.anna, call, lambda view: "hold" in view.may)
    await far.converse(caller, hall.anna.who.phone)
    assert (await hall.house.save(hall.anna, call, "Anliegen aus der Warteliste")).ok


def _rings_anew(phone: Handset, rings: int) -> bool:
    return phone.rings > rings and phone.doing is Doing.RINGING


@pytest.mark.parametrize("answers", [True, False], ids=["answered", "not answered"])
async def test_the_pick_is_kept(asterisk_tree: AsteriskTree, answers: bool) -> None:
    async with open_house(asterisk_tree, timers=TIMES, calls={"wrap_up_seconds": 30}) as house:
        await killed(TwoAgents(house, await house.desk("anna"), await house.desk("ben")), answers=answers)
