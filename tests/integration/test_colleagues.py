"""An agent asks a colleague, or hands the call to one: the caller always has somebody, the words go along."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.desk import protocol as p
from tests.integration.colleagues import (
    anna_talks,
    ask,
    consult,
    given,
    handed,
    has,
    is_bens,
    left_alone,
    name_of,
    sees,
)
from tests.integration.scenes import Named, judge
from tests.integration.two_agents import HANS, TIMES, TwoAgents, play_in
from tests.integration.whole_house import PATIENCE, open_house, shows
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk

Scene = Callable[[TwoAgents], Awaitable[None]]
scene, more = Named[Scene](), Named[Scene]()


@scene("asked, then handed over: the call is the colleague's with every letter, and puts through as any call")
async def ask_and_hand_over(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    caller, call = await consult(hall)
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await is_bens(hall, caller, call)
    await hall.told(hall.anna, "taken_over")
    assert (await hall.ben.ask(p.Hold, call=call)).ok
    await shows(hall.ben, call, lambda view: view.put_through and view.put_through.step == "held")
    await far.hears(caller, "music", among=(caller, hall.ben.who.phone))
    assert (await hall.ben.ask(p.Back, call=call)).ok
    await shows(hall.ben, call, lambda view: view.phase == "talking" and "hold" in view.may)
    await far.converse(caller, hall.ben.who.phone)
    await hall.house.consult(hall.ben, call, "Petra Lange")
    assert (await hall.ben.ask(p.Connect, call=call)).ok
    await shows(hall.ben, call, lambda view: view.phase == "joined")
    await far.converse(caller, hall.house.person("Petra Lange").extension.lstrip("+"))


@scene("handed over at once: the caller is the colleague's in the moment of the answer; once in all figures")
async def give(hall: TwoAgents) -> None:
    caller, call = await given(hall)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await is_bens(hall, caller, call)
    assert (await hall.house.save(hall.ben, call, "von Ben notiert")).ok
    await hall.house.phones.far.hang_up(hall.ben.who.phone)
    await hall.ben.until(lambda now: not now.calls, "noted and over", PATIENCE)
    await hall.house.phones.far.over(caller)
    ben = name_of(hall.anna, hall.ben)
    assert ben not in hall.house.ask("SELECT employee_id FROM attempt")
    assert call not in hall.house.ask("SELECT call_id FROM attempt")
    rows = hall.house.ask("SELECT id, outcome, agent_id FROM call")
    assert [row for row in rows if row[0] == call] == [(call, "noted", ben)]
    assert (call, ben) in hall.house.ask("SELECT call_id, agent_id FROM call_note")


@scene("handed over, then asked about it: what is typed meanwhile takes nothing from the colleague's note")
async def asked_back(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    caller, call = await handed(hall)
    assert (await ask(hall, call, by=hall.ben)).ok
    await shows(hall.anna, call, lambda view: view.phase == "asked")
    typed = p.NoteBody(name="Hans Müller", concern="Frage von Ben")
    refused = await hall.anna.ask(p.SaveDraft, call=call, revision=5, base=0, body=typed)
    assert (refused.ok, refused.code) == (False, "not_yours")
    await far.rang(hall.anna.who.phone)
    assert (await hall.ben.ask(p.Cancel, call=call)).ok
    await has(hall, hall.ben, caller, call)


@scene("not answered: the caller is with the agent again, who reads it; nobody else rings there meanwhile")
async def not_answered(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    caller, call = await given(hall)
    rings = far.phone(hall.ben.who.phone).rings
    waits, other = await hall.call(HANS)
    await hall.told(hall.anna, "colleague_no_answer")
    await has(hall, hall.anna, caller, call)
    await shows(hall.ben, other, lambda view: view.phase == "offered")
    await far.hears(waits, "music", among=(caller, waits, hall.anna.who.phone))
    assert far.phone(hall.ben.who.phone).rings == rings + 1
    await hall.ben.until(lambda _: hall.ben.open(call) is None, "gone from Ben's desk", PATIENCE)


@more("asked, and back to the caller: the colleague is free at once, and nothing stays on their screen")
async def back(hall: TwoAgents) -> None:
    caller, call = await consult(hall)
    assert (await hall.anna.ask(p.Back, call=call)).ok
    await has(hall, hall.anna, caller, call)
    await left_alone(hall, call)
    view = await shows(hall.anna, call, lambda view: view.put_through is None)
    assert view.tried == []


@more("who is not free is refused in words, and nothing moves")
async def not_free(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    caller, call = await anna_talks(hall)
    refused = await hall.anna.ask(p.AskColleague, call=call, colleague=name_of(hall.anna, hall.anna))
    assert (refused.ok, refused.code) == (False, "colleague_yourself")
    refused = await hall.anna.ask(p.AskColleague, call=call, colleague="nobody")
    assert (refused.ok, refused.code) == (False, "colleague_unknown")
    refused = await hall.ben.ask(p.AskColleague, call=call, colleague=name_of(hall.anna, hall.anna))
    assert (refused.ok, refused.code) == (False, "not_yours")
    await hall.ben.ask(p.Pause, reason="lunch")
    await sees(hall.anna, hall.ben, "paused")
    refused = await ask(hall, call)
    assert (refused.ok, refused.code) == (False, "colleague_paused")
    assert refused.params == {"colleague": hall.ben.who.name}
    await hall.ben.ask(p.Ready)
    _, other = await hall.call(HANS)
    await far.rang(hall.ben.who.phone)
    await sees(hall.anna, hall.ben, "ringing")
    refused = await ask(hall, call)
    assert (refused.ok, refused.code) == (False, "colleague_ringing")
    await far.pick_up(hall.ben.who.phone)
    await shows(hall.ben, other, lambda view: "hold" in view.may)
    await sees(hall.anna, hall.ben, "talking")
    refused = await ask(hall, call)
    assert (refused.ok, refused.code) == (False, "colleague_talking")
    await has(hall, hall.anna, caller, call)


@more("while a colleague is rung they pick nobody, do not pause and do not leave; after the ring they may")
async def rung(hall: TwoAgents) -> None:
    _, call = await given(hall)
    _, other = await hall.call(HANS)
    for kind, more in ((p.Pause, {"reason": "lunch"}), (p.SignOut, {}), (p.Pick, {"call": other})):
        refused = await hall.ben.ask(kind, **more)
        assert (refused.ok, refused.code) == (False, "pick_one_at_a_time")
    assert (await hall.anna.ask(p.Cancel, call=call)).ok
    await shows(hall.anna, call, lambda view: view.phase == "talking")
    await shows(hall.ben, other, lambda view: view.phase == "offered")


@more("noted in mid-call, then handed over: the note stays the agent's, the colleague begins a new one")
async def noted(hall: TwoAgents) -> None:
    caller, call = await anna_talks(hall)
    assert (await hall.house.save(hall.anna, call, "von Anna notiert")).ok
    assert (await ask(hall, call, give=True)).ok
    await shows(hall.ben, call, lambda view: view.phase == "asked")
    await hall.house.phones.far.rang(hall.ben.who.phone)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await shows(hall.ben, call, lambda view: view.phase == "talking" and "hold" in view.may)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await hall.anna.until(lambda now: not now.calls, "nothing left on Anna's desk", PATIENCE)
    assert (await hall.house.save(hall.ben, call, "von Ben notiert")).ok
    names = {
        name_of(hall.ben, hall.anna): "von Anna notiert",
        name_of(hall.anna, hall.ben): "von Ben notiert",
    }
    stored = hall.house.ask("SELECT call_id, agent_id, concern FROM call_note")
    assert {agent: words for of, agent, words in stored if of == call} == names


@more("a caller comes for the colleague in the moment of the asking: one of both rings, nobody is lost")
async def same_moment(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    for pause in (0, 0.03, 0.08, 0.15):
        caller, call = await anna_talks(hall)

        async def asks(call: str = call, pause: float = pause) -> p.Answer:
            await asyncio.sleep(pause)
            return await ask(hall, call, give=True)

        (waits, other), _ = await asyncio.gather(hall.call(HANS), asks())
        await far.rang(hall.ben.who.phone)
        await hall.ben.until(lambda now: len(now.calls) == 1, "one of both", PATIENCE)
        assert far.phone(hall.ben.who.phone).doing is Doing.RINGING
        await far.pick_up(hall.ben.who.phone)
        view = await shows(hall.ben, hall.ben.picture.calls[0].view.call, lambda view: "hold" in view.may)
        if view.call == call:
            await far.converse(caller, hall.ben.who.phone)
            await far.hears(waits, "music", among=(caller, waits, hall.ben.who.phone))
        else:
            assert view.call == other
            await far.converse(waits, hall.ben.who.phone)
            await has(hall, hall.anna, caller, call)
        await hall.empty()


async def play(tree: AsteriskTree, scenes: Mapping[str, Scene]) -> dict[str, BaseException | None]:
    """How each scene ended: None, or what was wrong."""
    async with open_house(tree, timers=TIMES, transfers={"ring_seconds": 4}) as house:
        return await play_in(house, scenes)


def test_colleagues(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, scene.scenes)))


def test_more_of_colleagues(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, more.scenes)))


@pytest.mark.parametrize("scenes", [scene.scenes, more.scenes], ids=["first", "more"])
def test_colleagues_on_the_oldest(
    oldest_asterisk: AsteriskTree, scenes: Mapping[str, Scene], subtests: pytest.Subtests
) -> None:
    judge(subtests, asyncio.run(play(oldest_asterisk, scenes)))
