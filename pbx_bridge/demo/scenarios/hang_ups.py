"""Somebody hangs up at the worst moment: the caller is with a person, in the queue, or gone by own wish."""

from __future__ import annotations

from dataclasses import replace

from pbx_bridge.demo import scenes
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial

ANNA, BEN = "Anna's desk", "Ben's desk"
ERIKA = "Erika Beispiel"


async def caller_consulting(house: Playhouse, said: Protocol) -> None:
    """The caller hangs up during the consultation."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125750"))
    await house.ask_for(call, ERIKA)
    await house.picks_up(call, ERIKA)
    await house.far.hang_up(call.caller)
    await house.phase(call, "ended")
    said.expect(ANNA, "call ended by", "caller", call.view.end_reason)
    said.see(ANNA, "note can still be written", ", ".join(call.view.may), kept="save_note" in call.view.may)
    said.expect("Anna and Erika", "talk on", "talking", await house.doing(ERIKA))


async def employee_consulting(house: Playhouse, said: Protocol) -> None:
    """The employee hangs up during the consultation."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125751"))
    await house.ask_for(call, ERIKA)
    await house.picks_up(call, ERIKA)
    await house.far.hang_up(house.number(ERIKA))
    await house.phase(call, "talking")
    said.expect(ANNA, "call", "talking", call.phase)
    said.expect("caller", "is", "talking", await house.hears(call.caller))


async def agent_consulting(house: Playhouse, said: Protocol) -> None:
    """The agent hangs up during the consultation: caller first in line."""
    await house.pause(house.ben)
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125752"))
    await house.ask_for(call, ERIKA)
    await house.picks_up(call, ERIKA)
    other = await house.calls(Dial(scenes.PRAXIS, "+493023125753"))
    await house.anna.until(lambda now: len(now.waiting) == 1, "another caller waiting")
    await house.far.hang_up("anna")
    await house.anna.until(lambda now: len(now.waiting) == 2, "both callers waiting")
    said.expect("caller", "still there", "talking", await house.hears(call.caller))
    await house.far.over(house.number(ERIKA))
    said.expect("Erika's phone", "is", "over", house.phone(ERIKA).doing)
    await house.ready(house.ben)
    again = replace(call, desk=house.ben)
    await house.phase(again, "offered")
    said.see(
        BEN,
        "the interrupted call before the newer one",
        again.open.pop.company.name,
        kept=again.open.pop.company.name == "Mustermann AG",
    )
    await house.far.rang("ben")
    await house.answer(again)
    said.expect(BEN, "call", "talking", again.phase)
    said.expect("other caller", "still waits", "talking", await house.hears(other))


async def agent_ringing(house: Playhouse, said: Protocol) -> None:
    """The agent hangs up while the employee's phone rings."""
    await house.pause(house.ben)
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125754"))
    await house.ask_for(call, ERIKA)
    await house.rung(ERIKA)
    await house.far.hang_up("anna")
    await house.far.over(house.number(ERIKA))
    said.expect("Erika's phone", "is", "over", house.phone(ERIKA).doing)
    await house.anna.until(lambda now: len(now.waiting) == 1, "the caller waiting again")
    said.expect("caller", "still there", "talking", await house.hears(call.caller))


SCENARIOS = (caller_consulting, employee_consulting, agent_consulting, agent_ringing)
