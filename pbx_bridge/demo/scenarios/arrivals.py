"""Calls that come in: what the agent reads before the first word; what becomes of unanswered calls."""

from __future__ import annotations

from dataclasses import replace

from pbx_bridge.demo import scenes
from pbx_bridge.demo.cast import SHARED_LINE, UNKNOWN_LINE
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial

ANNA, BEN = "Anna's desk", "Ben's desk"
ANNA_KELLER, BEN_VOGT = "Anna Keller", "Ben Vogt"


async def vip(house: Playhouse, said: Protocol) -> None:
    """A VIP caller of Mustermann AG."""
    call = await house.rings(Dial(scenes.MUSTERMANN, scenes.VIP, "Hans Müller"))
    pop = call.open.pop
    known = house.companies["Mustermann AG"].vip_callers
    info = next(one.info for one in known if one.pattern == scenes.VIP)
    greeting = "Herzlich Willkommen bei der Mustermann AG, mein Name ist Anna Keller."
    said.expect(ANNA, "company", "Mustermann AG", pop.company.name)
    said.expect(ANNA, "greeting", greeting, pop.greeting)
    said.expect(ANNA, "caller", "vip", pop.caller.kind)
    said.expect(ANNA, "VIP info", info, pop.caller.vip_info)
    said.expect(ANNA, "employees", 7, len(pop.employees))
    handset = house.far.phone("anna")
    said.expect("Anna's phone", "display", "Mustermann AG", handset.shown_name)


async def number_block(house: Playhouse, said: Protocol) -> None:
    """Any extension of a VIP's number block."""
    call = await house.rings(Dial(scenes.MUSTERMANN, "+493023125604"))
    said.expect(ANNA, "caller", "vip", call.open.pop.caller.kind)
    said.expect(ANNA, "name", "Hauser Werke", call.open.pop.caller.name)


async def withheld(house: Playhouse, said: Protocol) -> None:
    """A withheld number calls Praxis Dr. Sommer."""
    call = await house.rings(Dial(scenes.PRAXIS, "+493023125711", "Geheim", withheld=True))
    caller = call.open.pop.caller
    said.expect(ANNA, "company", "Praxis Dr. Sommer", call.open.pop.company.name)
    said.expect(ANNA, "caller", "withheld", caller.kind)
    said.expect(ANNA, "number", "", caller.number + caller.shown)
    handset = house.far.phone("anna")
    said.expect("Anna's phone", "display", "Praxis Dr. Sommer", handset.shown_name)


async def diversion(house: Playhouse, said: Protocol) -> None:
    """Forwarded to the shared line (Diversion)."""
    dial = Dial(SHARED_LINE, "+493023125712", diverted=scenes.PRAXIS_PUBLIC)
    call = await house.rings(dial)
    said.expect(ANNA, "company", "Praxis Dr. Sommer", call.open.pop.company.name)


async def history_info(house: Playhouse, said: Protocol) -> None:
    """Forwarded to the shared line (History-Info)."""
    dial = Dial(SHARED_LINE, "+493023125713", history=scenes.KANZLEI_PUBLIC)
    call = await house.rings(dial)
    said.expect(ANNA, "company", "Kanzlei Brandt & Weiß", call.open.pop.company.name)


async def unknown_line(house: Playhouse, said: Protocol) -> None:
    """A line that belongs to nobody."""
    call = await house.talks(Dial(UNKNOWN_LINE, "+493023125714"))
    said.expect(ANNA, "company", None, call.open.pop.company.id)
    said.see(
        ANNA,
        "neutral greeting with her name",
        call.open.pop.greeting,
        kept="Anna Keller" in call.open.pop.greeting,
    )
    await house.converse(said, call.caller, ANNA_KELLER)
    said.expect("operator", "call among the unassigned", True, await house.is_unassigned(call))


async def abandoned(house: Playhouse, said: Protocol) -> None:
    """The caller hangs up while waiting."""
    call = await house.rings(Dial(scenes.MUSTERMANN, "+493023125715"))
    await house.far.hang_up(call.caller)
    await house.phase(call, "gone")
    said.expect(ANNA, "call", "gone", call.phase)
    await house.far.over("anna")
    said.expect("Anna's phone", "is", "over", house.far.phone("anna").doing)
    said.expect("statistics", "outcome", "abandoned", await house.outcome(call))


async def silent_agent(house: Playhouse, said: Protocol) -> None:
    """One agent lets it ring, the other answers."""
    at_anna = await house.rings(Dial(scenes.KANZLEI, "+493023125716"))
    at_ben = replace(at_anna, desk=house.ben)
    await house.phase(at_ben, "offered")
    said.see(
        BEN,
        "the same call, with his name",
        at_ben.open.pop.greeting,
        kept="Ben Vogt" in at_ben.open.pop.greeting,
    )
    await house.answer(at_ben)
    await house.phase(at_anna, "gone")
    said.expect(ANNA, "call", "gone", at_anna.phase)
    said.expect(BEN, "call", "talking", at_ben.phase)
    await house.converse(said, at_ben.caller, BEN_VOGT)


async def three_at_once(house: Playhouse, said: Protocol) -> None:
    """Three calls at once for three companies."""
    lines = {
        scenes.MUSTERMANN: "Mustermann AG",
        scenes.PRAXIS: "Praxis Dr. Sommer",
        scenes.KANZLEI: "Kanzlei Brandt & Weiß",
    }
    callers = [await house.calls(Dial(line, f"+49302312572{n}")) for n, line in enumerate(lines)]
    first = await house.offered(callers[0], house.anna)
    await house.anna.until(lambda now: len(now.waiting) == 3, "three waiting calls")
    shown = sorted(waiting.company for waiting in house.anna.picture.waiting)
    said.expect(ANNA, "waiting", sorted(lines.values()), shown)
    said.expect("waiting caller", "hears", "music", await house.hears(callers[2], "music"))
    await house.far.rang("anna")
    await house.answer(first)
    await house.anna.until(lambda now: len(now.waiting) == 2, "two waiting calls")
    second = await house.offered(callers[1], house.ben)
    await house.far.rang("ben")
    await house.answer(second)
    said.expect(BEN, "answers another one", True, second.id != first.id)
    for call, agent in ((first, ANNA_KELLER), (second, BEN_VOGT)):
        place = int(call.open.pop.caller.number[-1])  # the queue decides who comes first
        await house.converse(said, callers[place], agent)
    await house.anna.until(lambda now: len(now.waiting) == 1, "one waiting call")
    said.expect(ANNA, "still waiting", 1, len(house.anna.picture.waiting))


SCENARIOS = (
    vip,
    number_block,
    withheld,
    diversion,
    history_info,
    unknown_line,
    abandoned,
    silent_agent,
    three_at_once,
)
