"""Callers whom a company does not want any more: turned away there, and nowhere else."""

from __future__ import annotations

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.demo import scenes
from pbx_bridge.demo.live_call import LiveCall
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial
from pbx_bridge.desk import protocol as p

ANNA = "Anna's desk"
PUSHY = "+493023125717"
REJECTED = 21
TRIES = 100


async def advertising(house: Playhouse, said: Protocol) -> None:
    """An advertising caller is blocked with one key."""
    call = await house.talks(Dial(scenes.MUSTERMANN, PUSHY))
    await house.far.hang_up(call.caller)
    await house.anna.until(lambda _: "close_call" in call.view.may, "the end of the call")
    await house.anna.ask(p.CloseCall, call=call.id, reason="advertising")
    await _stands(house, "offered")
    answer = await house.anna.ask(p.BlockCaller, call=call.id)
    said.expect(ANNA, "blocked", True, answer.ok)
    said.expect("caller", "network says", REJECTED, await _rejected(house))

    elsewhere = await house.rings(Dial(scenes.PRAXIS, PUSHY))
    said.expect(ANNA, "another company", "Praxis Dr. Sommer", elsewhere.open.pop.company.name)
    await house.far.hang_up(elsewhere.caller)
    await house.phase(elsewhere, "gone")

    await house.anna.ask(p.ReleaseCaller, call=call.id)
    await _stands(house, "offered")
    await house.anna.ask(p.PutOffBlock, call=call.id)
    again = await _let_in(house)
    said.expect(ANNA, "taken back", "Mustermann AG", again.open.pop.company.name)


async def _stands(house: Playhouse, state: str) -> None:
    await house.anna.until(lambda now: now.block and now.block.state == state, f"the block is {state}")


async def _rejected(house: Playhouse) -> int:
    """The cause that the caller is told, 0 if none; the PBX learns of the block a moment after the desk."""
    for _ in range(TRIES):
        caller = await house.calls(Dial(scenes.MUSTERMANN, PUSHY))
        if await house.far.heard_of(caller) is Doing.OVER:
            return house.far.cause(caller)
        await house.far.hang_up(caller)
        await house.far.over(caller)
    return 0


async def _let_in(house: Playhouse) -> LiveCall:
    """The call that rings; the PBX forgets a block a moment after the desk, too."""
    for _ in range(TRIES):
        caller = await house.calls(Dial(scenes.MUSTERMANN, PUSHY))
        if await house.far.heard_of(caller) is not Doing.OVER:
            return await house.offered(caller, house.anna)
    raise TimeoutError("still turned away")


SCENARIOS = (advertising,)
