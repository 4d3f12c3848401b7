"""RELIABILITY.md section 2: the PBX freezes, dies, or is restarted in the middle of a call."""

from __future__ import annotations

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.whole_house import PATIENCE, WholeHouse, open_house, shows
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk


async def banner(desk: Desk, pbx: str) -> None:
    """The desk says how the PBX is; "dead" is known after 1.5 s of silence here."""
    await desk.until(lambda now: now.link.pbx == pbx, f"the PBX is {pbx}", PATIENCE)


async def noted(house: WholeHouse, desk: Desk, call: str) -> None:
    """What was typed is still there, and can be saved."""
    found = desk.open(call)
    assert found
    assert found.draft
    answer = await house.save(desk, call, found.draft.body.concern)
    assert answer.ok, answer


async def typed(house: WholeHouse, desk: Desk, concern: str) -> str:
    """A call with a draft."""
    call = await house.talk(desk)
    draft = p.NoteBody(concern=concern)
    assert (await desk.ask(p.SaveDraft, call=call, revision=1, body=draft)).ok
    return call


async def frozen(house: WholeHouse, desk: Desk) -> None:
    """Nothing may be done while nobody knows what goes on; afterwards the same call goes on."""
    call = await typed(house, desk, "Anliegen im Frost")
    house.phones.pbx.freeze()
    await banner(desk, "down")
    await shows(desk, call, lambda view: "hold" not in view.may)
    refused = await desk.ask(p.Hold, call=call)
    assert (refused.ok, refused.code) == (False, "pbx_down")
    house.phones.pbx.thaw()
    await banner(desk, "up")
    await shows(desk, call, lambda view: view.phase == "talking" and "hold" in view.may)
    await house.put_through(desk, call, "Erika Beispiel")
    await noted(house, desk, call)
    await house.hang_up()


async def dead(house: WholeHouse, desk: Desk) -> None:
    """Its calls are over with it, and the note can be written while it is away."""
    call = await typed(house, desk, "Anliegen ohne Anlage")
    await house.phones.pbx.kill()
    await banner(desk, "down")
    await noted(house, desk, call)
    await house.phones.pbx.start()
    await banner(desk, "up")
    await no_ghost(house, desk)


async def restarted(house: WholeHouse, desk: Desk) -> None:
    """In order, in mid-call: a shutdown, and all calls are over."""
    call = await typed(house, desk, "Anliegen beim Neustart")
    await house.phones.pbx.restart()
    await shows(desk, call, lambda view: view.ended_at is not None)
    await banner(desk, "up")
    await noted(house, desk, call)
    await no_ghost(house, desk)


async def no_ghost(house: WholeHouse, desk: Desk) -> None:
    """Five seconds after the PBX is back nothing is left of calls that are gone."""
    await desk.until(lambda now: not now.calls and not now.waiting, "an empty desk", 5)
    await desk.until(lambda now: now.me.state != "talking", "no call with the agent", 5)
    await house.hang_up()
    await house.phones.far.hang_up(desk.who.phone)


async def test_frozen_dead_and_restarted(asterisk_tree: AsteriskTree) -> None:
    async with open_house(asterisk_tree) as house:
        anna = await house.desk("anna")
        await frozen(house, anna)
        await dead(house, anna)
        await restarted(house, anna)
        await house.delivered(minutes=False)
        for concern in ("Anliegen im Frost", "Anliegen ohne Anlage", "Anliegen beim Neustart"):
            assert house.arrived(concern)
        assert house.ask("SELECT id FROM call WHERE ended_at IS NULL") == []
        assert house.ask("SELECT id FROM attempt WHERE result IS NULL") == []
