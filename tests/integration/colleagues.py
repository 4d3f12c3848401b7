"""Anna asks Ben, or hands a call to him, in a whole house; everybody speaks and listens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.two_agents import TIMES, TwoAgents, play_in
from tests.integration.whole_house import PATIENCE, open_house, shows

CONCERN = "Es geht um die Rechnung"


async def anna_talks(hall: TwoAgents) -> tuple[FarEndCaller, str]:
    """Anna has a caller and has typed something; Ben is free."""
    await hall.staff(hall.anna)
    caller, call = await hall.call()
    await hall.house.phones.far.rang(hall.anna.who.phone)
    await hall.house.phones.far.pick_up(hall.anna.who.phone)
    await shows(hall.anna, call, lambda view: "ask_colleague" in view.may)
    await hall.house.phones.far.converse(caller, hall.anna.who.phone)
    typed = p.NoteBody(name="Hans Müller", concern=CONCERN)
    assert (await hall.anna.ask(p.SaveDraft, call=call, revision=1, body=typed)).ok
    await hall.ben.ask(p.Ready)
    await sees(hall.anna, hall.ben, "ready")
    return caller, call


async def sees(desk: Desk, other: Desk, state: str) -> None:
    """What `other` does, as this desk shows it."""

    def word(now: p.Snapshot) -> bool:
        return any(one.name == other.who.name and one.state == state for one in now.colleagues)

    await desk.until(word, f"{other.who.name} {state}, not {desk.picture.colleagues}", PATIENCE)


def name_of(desk: Desk, other: Desk) -> str:
    return next(one.agent for one in desk.picture.colleagues if one.name == other.who.name)


async def ask(hall: TwoAgents, call: str, *, give: bool = False, by: Desk | None = None) -> p.Answer:
    asker = by or hall.anna
    other = hall.ben if asker is hall.anna else hall.anna
    return await asker.ask(p.AskColleague, call=call, colleague=name_of(asker, other), give=give)


async def asked(hall: TwoAgents, caller: FarEndCaller, call: str) -> None:
    """Ben's phone rings, his desk shows what it is about, and the caller hears music."""
    far = hall.house.phones.far
    view = await shows(hall.ben, call, lambda view: view.phase == "asked")
    assert (view.asked_by, view.may) == (hall.anna.who.name, [])
    await far.rang(hall.ben.who.phone)
    await sees(hall.anna, hall.ben, "ringing")
    await far.hears(caller, "music", among=(caller, hall.anna.who.phone, hall.ben.who.phone))


async def consult(hall: TwoAgents) -> tuple[FarEndCaller, str]:
    """Anna and Ben talk about a caller who hears music."""
    caller, call = await anna_talks(hall)
    far = hall.house.phones.far
    assert (await ask(hall, call)).ok
    await asked(hall, caller, call)
    await far.pick_up(hall.ben.who.phone)
    await shows(hall.anna, call, lambda view: view.put_through and view.put_through.step == "consulting")
    await far.converse(hall.anna.who.phone, hall.ben.who.phone)
    await far.hears(caller, "music", among=(caller, hall.anna.who.phone, hall.ben.who.phone))
    return caller, call


async def is_bens(hall: TwoAgents, caller: FarEndCaller, call: str) -> None:
    """Caller and Ben talk, Anna is free, and what she has typed stands on Ben's screen."""
    far = hall.house.phones.far
    view = await shows(hall.ben, call, lambda view: view.phase == "talking" and "hold" in view.may)
    assert (view.asked_by, view.tried, view.joined_with) == ("", [], None)
    await far.converse(caller, hall.ben.who.phone)
    await far.over(hall.anna.who.phone)
    found = hall.ben.open(call)
    assert found
    assert found.draft
    assert found.draft.body.concern == CONCERN
    assert hall.anna.open(call) is None
    await hall.anna.until(lambda now: now.me.state == "ready", "Anna is free at once", PATIENCE)


async def given(hall: TwoAgents) -> tuple[FarEndCaller, str]:
    """Ben's phone rings; the call is his as soon as he picks up."""
    caller, call = await anna_talks(hall)
    assert (await ask(hall, call, give=True)).ok
    await asked(hall, caller, call)
    return caller, call


async def rings(hall: TwoAgents) -> tuple[FarEndCaller, str]:
    """Ben's phone rings; he is only asked."""
    caller, call = await anna_talks(hall)
    assert (await ask(hall, call)).ok
    await asked(hall, caller, call)
    return caller, call


async def handed(hall: TwoAgents) -> tuple[FarEndCaller, str]:
    """The call is Ben's."""
    caller, call = await given(hall)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await is_bens(hall, caller, call)
    return caller, call


async def has(hall: TwoAgents, desk: Desk, caller: FarEndCaller, call: str) -> None:
    """Caller and agent talk, and the words are there."""
    await shows(desk, call, lambda view: view.phase == "talking" and "hold" in view.may)
    await hall.house.phones.far.converse(caller, desk.who.phone)
    found = desk.open(call)
    assert found
    assert found.draft
    assert found.draft.body.concern == CONCERN


async def left_alone(hall: TwoAgents, call: str) -> None:
    """Nothing of it is on Ben's screen any more, and he is free."""
    await hall.ben.until(lambda _: hall.ben.open(call) is None, "gone from Ben's desk", PATIENCE)
    await hall.house.phones.far.over(hall.ben.who.phone)
    await hall.ben.until(lambda now: now.me.state == "ready", "Ben is free", PATIENCE)


MOMENTS: Mapping[str, Callable[[TwoAgents], Awaitable[tuple[FarEndCaller, str]]]] = {
    "the colleague is asked and rung": rings,
    "the colleague is rung to take over": given,
    "agent and colleague talk": consult,
    "the colleague has the call": handed,
}


Scene = Callable[[TwoAgents], Awaitable[None]]


async def goes_on_with(hall: TwoAgents, desk: Desk, caller: FarEndCaller, call: str) -> None:
    """The caller waits before all others and this agent gets them, with the words."""
    far = hall.house.phones.far
    await hall.ben.until(lambda now: call in {one.call for one in now.waiting}, "the caller waits", PATIENCE)
    await shows(desk, call, lambda view: view.phase == "offered")
    await far.rang(desk.who.phone)
    await far.hears(caller, "music", among=(caller, hall.anna.who.phone, hall.ben.who.phone))
    await far.pick_up(desk.who.phone)
    await has(hall, desk, caller, call)


async def the_note_is_left(hall: TwoAgents, desk: Desk, call: str) -> None:
    """The call is over, and whoever had it has the words for the note."""
    await shows(desk, call, lambda view: view.phase == "ended" and "save_note" in view.may)
    found = desk.open(call)
    assert found
    assert found.draft
    assert found.draft.body.concern == CONCERN


async def play(
    tree: AsteriskTree, scenes: dict[str, Scene], rings: int = 4
) -> dict[str, BaseException | None]:
    """How each scene ended: None, or what was wrong. `rings`: for so many seconds."""
    async with open_house(
        tree, timers=TIMES, transfers={"ring_seconds": rings}, calls={"wrap_up_seconds": 30}
    ) as house:
        return await play_in(house, scenes)
