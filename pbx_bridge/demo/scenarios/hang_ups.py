"""Somebody hangs up at the worst moment: the caller is with a person, in the queue, or gone by own wish."""

from __future__ import annotations

from dataclasses import replace

from pbx_bridge.demo import scenes
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial

ANNA, BEN = "Anna's desk", "Ben's desk"
ANNA_KELLER, BEN_VOGT = "Anna Keller", "Ben Vogt"
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
    await house.converse(said, ANNA_KELLER, ERIKA)


async def employee_consulting(house: Playhouse, said: Protocol) -> None:
    """The employee hangs up during the consultation."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125751"))
    await house.ask_for(call, ERIKA)
    await house.picks_up(call, ERIKA)
    await house.far.hang_up(house.number(ERIKA))
    await house.phase(call, "talking")
    said.expect(ANNA, "call", "talking", call.phase)
    await house.converse(said, call.caller, ANNA_KELLER)


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
    said.expect("caller", "hears", "music", await house.hears(call.caller, "music"))
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
    await house.converse(said, call.caller, BEN_VOGT)
    said.expect("other caller", "hears", "music", await house.hears(other, "music"))


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
    said.expect("caller", "hears", "music", await house.hears(call.caller, "music"))


SCENARIOS = (caller_consulting, employee_consulting, agent_consulting, agent_ringing)
