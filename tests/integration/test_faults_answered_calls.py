"""An answered call takes its note, and each conversation its own: when the service dies in a put-through, and
when the caller falls back into the queue."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.desk import protocol as p
from tests.integration.fates import Fate, Scenes
from tests.integration.scenes import judge
from tests.integration.whole_house import PATIENCE, shows
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import CALM, open_room

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

killed, stopped, fallen = Scenes(), Scenes(orderly=True), Scenes(alone=True)


# ---- the service is killed in a put-through


@killed("in the first moment of ringing; picked up while it is dead, put through, noted")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.together()
    await fate.rings()
    await fate.dies()
    await fate.far.pick_up(fate.employee)
    await fate.far.converse(fate.desk.who.phone, fate.employee)
    await fate.lives_again()
    await fate.shows("consulting")
    await fate.connects()
    await fate.saves()
    await fate.ends(joined=True)


@killed("in the first moment of ringing, and nothing of it is stored; picked up later, put through, noted")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.together()
    await fate.rings()
    await fate.dies()
    fate.forget_the_attempt()
    await fate.lives_again()
    await fate.shows("ringing")
    await fate.far.pick_up(fate.employee)
    await fate.shows("consulting")
    await fate.connects()
    await fate.saves()
    await fate.ends(joined=True)


@killed("in mid-consultation, of which nothing is stored; the caller is taken back, noted")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.consults()
    await fate.dies()
    fate.forget_the_attempt()
    await fate.lives_again()
    await fate.shows("consulting")
    await fate.types("Erika Beispiel wollte nicht.")
    assert (await fate.desk.ask(p.Back, call=fate.call)).ok
    await fate.is_back()
    await fate.saves()
    await fate.ends(joined=False)


@killed("in mid-consultation, of which nothing is stored; noted at once, then put through")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.consults()
    await fate.dies()
    fate.forget_the_attempt()
    await fate.lives_again()
    await fate.shows("consulting")
    await fate.saves()
    assert (await fate.desk.ask(p.Connect, call=fate.call)).ok
    await fate.far.converse(fate.caller, fate.employee)
    await fate.ends(joined=True)


@killed("while caller and employee talk: the screen says so, and it is noted")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.put_through()
    await fate.dies()
    await fate.lives_again()
    await fate.is_joined()
    await fate.types("Hat übernommen.")
    await fate.saves()
    await fate.ends(joined=True)


@killed("while caller and employee talk, who are done before it is back")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.put_through()
    await fate.dies()
    await fate.far.hang_up(fate.caller)
    await fate.far.over(fate.employee)
    await fate.lives_again()
    view = await shows(fate.desk, fate.call, lambda view: view.phase == "ended")
    assert view.end_reason == "joined"
    await fate.saves()
    await fate.ends(joined=True)


@killed("while it rings, and the employee refuses before it is back")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.rings()
    await fate.dies()
    await fate.far.reject(fate.employee, "busy")
    await fate.far.converse(fate.caller, fate.desk.who.phone)
    await fate.lives_again()
    await fate.is_back()
    await fate.saves()
    await fate.ends(joined=False)


@killed("in mid-consultation, and the employee hangs up before it is back")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.consults()
    await fate.dies()
    await fate.far.hang_up(fate.employee)
    await fate.far.converse(fate.caller, fate.desk.who.phone)
    await fate.lives_again()
    await fate.is_back()
    await fate.saves()
    await fate.ends(joined=False)


# ---- the service is stopped in order, as for an upgrade


@stopped("while caller and employee talk: the screen says so, and it is noted")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.put_through()
    await fate.dies()
    await fate.lives_again()
    await fate.is_joined()
    await fate.saves()
    await fate.ends(joined=True)


@stopped("while caller and employee talk, and the note is saved before")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.put_through()
    await fate.saves()
    await fate.dies()
    await fate.lives_again()
    await fate.far.converse(fate.caller, fate.employee)
    await fate.ends(joined=True)


# ---- the caller falls back into the queue


async def falls_back(fate: Fate) -> None:
    """The agent's telephone is hung up while the caller is on hold."""
    await fate.talk()
    assert (await fate.desk.ask(p.Hold, call=fate.call)).ok
    await shows(fate.desk, fate.call, lambda view: view.phase == "putting_through")
    await fate.far.hears(fate.caller, "music")
    await fate.far.hang_up(fate.desk.who.phone)
    await fate.waits()


async def given_back(fate: Fate) -> str:
    """Noted while caller and employee talk; the employee hangs up at once, and the caller waits again."""
    await fate.talk()
    await fate.put_through()
    await fate.saves()
    assert (await fate.desk.ask(p.Pause, reason="break")).ok
    await fate.far.hang_up(fate.employee)
    await fate.waits()
    noted, fate.concern = fate.concern, ""
    return noted


async def answers(fate: Fate) -> None:
    """Whoever is at the desk takes the caller, and begins a note of their own."""
    await fate.far.behave(fate.desk.who.phone, "answer:0")
    assert (await fate.desk.ask(p.Ready)).ok
    await shows(fate.desk, fate.call, lambda view: "hold" in view.may and not view.noted)
    await fate.far.converse(fate.caller, fate.desk.who.phone)
    await fate.types(f"Noch einmal {fate.number}.")


@fallen("from hold, and gives up: noted all the same")
async def _(fate: Fate) -> None:
    await falls_back(fate)
    await fate.far.hang_up(fate.caller)
    await shows(fate.desk, fate.call, lambda view: view.phase == "ended")
    await fate.saves()
    await fate.ends()


@fallen("from a consultation, gives up while the service is dead: noted all the same")
async def _(fate: Fate) -> None:
    await fate.talk()
    await fate.consults()
    await fate.far.hang_up(fate.desk.who.phone)
    await fate.waits()
    await fate.dies()
    await fate.far.hang_up(fate.caller)
    await fate.far.over(fate.caller)
    await fate.lives_again()
    await shows(fate.desk, fate.call, lambda view: view.phase == "ended")
    await fate.saves()
    await fate.ends(joined=False)


@fallen("noted, given back, the same agent answers, and the caller leaves a dead service: two notes")
async def _(fate: Fate) -> None:
    first = await given_back(fate)
    await answers(fate)
    await fate.dies()
    await fate.far.hang_up(fate.caller)
    await fate.far.over(fate.caller)
    await fate.lives_again()
    await shows(fate.desk, fate.call, lambda view: view.phase == "ended" and not view.noted)
    await fate.saves()
    await fate.ends(first, fate.concern)


@fallen("noted, given back, the service dies, and a colleague answers: two notes")
async def _(fate: Fate) -> None:
    first = await given_back(fate)
    await fate.dies()
    await fate.lives_again()
    fate.desk, fate.other = fate.other, fate.desk
    await answers(fate)
    await fate.saves()
    await fate.ends(first, fate.concern)
    await fate.other.until(lambda now: not now.calls, "an empty screen", PATIENCE)


@pytest.mark.parametrize("scenes", [killed, stopped, fallen], ids=["killed", "stopped", "fallen"])
def test_an_answered_call_takes_its_note(
    asterisk_tree: AsteriskTree, subtests: pytest.Subtests, scenes: Scenes
) -> None:
    async def play() -> dict[str, BaseException | None]:
        async with open_room(asterisk_tree, timers=replace(CALM, grace=4)) as room:
            return await scenes.play(room)

    judge(subtests, asyncio.run(play()))
