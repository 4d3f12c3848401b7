"""RELIABILITY.md section 2: two agents act on one call: one wins, the other is told."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo import cast
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.whole_house import PATIENCE, STRANGER, WholeHouse, open_house, shows
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk


async def both_ready(house: WholeHouse, *desks: Desk) -> None:
    """Both phones will ring, and nobody picks up by himself."""
    for desk in desks:
        await house.phones.far.behave(desk.who.phone, "ring")
        await desk.ask(p.Ready)
        await desk.until(lambda now: now.me.state == "ready", "ready", PATIENCE)


async def both_pick_up(house: WholeHouse, anna: Desk, ben: Desk) -> tuple[str, Desk, Desk]:
    """A call that both take in the same moment: its id, who has it, who does not."""
    far = house.phones.far
    house.callers.append(await far.call(cast.own_lines()[0].lstrip("+"), STRANGER))
    for desk in (anna, ben):
        await desk.until(lambda now: now.calls, "the pop", PATIENCE)
        await far.rang(desk.who.phone)
    call = anna.picture.calls[0].view.call
    picked_up = (far.pick_up(desk.who.phone) for desk in (anna, ben))
    done = await asyncio.gather(*picked_up, return_exceptions=True)
    assert None in done, "the later one may find that the phone has stopped ringing, the first one not"
    await anna.until(lambda _: sum(has(desk, call) for desk in (anna, ben)) == 1, "one has it", PATIENCE)
    winner, loser = (anna, ben) if has(anna, call) else (ben, anna)
    await loser.until(lambda _: loser.open(call) is None, "gone from the other desk", PATIENCE)
    return call, winner, loser


def has(desk: Desk, call: str) -> bool:
    """Whether this agent may act on the call."""
    found = desk.open(call)
    return found is not None and "hold" in found.view.may


async def test_one_wins_and_the_other_is_told(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        anna, ben = await house.desk("anna"), await house.desk("ben")
        await both_ready(house, anna, ben)
        call, winner, loser = await both_pick_up(house, anna, ben)
        for kind in (p.Hold, p.Connect, p.HangUp):
            refused = await loser.ask(kind, call=call)
            assert (refused.ok, refused.code) == (False, "not_yours")
        refused = await house.save(loser, call, "Anliegen der anderen")
        assert (refused.ok, refused.code) == (False, "not_yours")
        assert has(winner, call)

        await house.consult(winner, call, "Erika Beispiel")
        await house.phones.far.behave(loser.who.phone, "answer:0")
        await house.phones.far.hang_up(winner.who.phone)  # the caller goes back to the queue
        await loser.ask(p.Ready)
        await shows(loser, call, lambda view: "hold" in view.may)
        await winner.until(
            lambda _: "taken_over" in {notice.code for notice in winner.notices}, "told", PATIENCE
        )
        (notice,) = [notice for notice in winner.notices if notice.code == "taken_over"]
        assert notice.params == {"by": loser.who.name}
        refused = await house.save(winner, call, "Anliegen von vorhin")
        assert (refused.ok, refused.code) == (False, "not_yours")
        assert (await house.save(loser, call, "Anliegen, das gilt")).ok
        await house.hang_up()
        await house.delivered(minutes=False)
        assert [len(house.arrived(text)) for text in ("Anliegen der", "Anliegen von", "Anliegen, das")] == [
            0,
            0,
            1,
        ]
