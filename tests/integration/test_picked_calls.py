"""An agent takes a caller out of the waiting list: that phone rings and no other, nobody is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from pbx_bridge.asterisk.far_end import Doing, FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.desk import protocol as p
from tests.integration.scenes import Named, judge
from tests.integration.two_agents import HANS, TIMES, TwoAgents, play_in
from tests.integration.whole_house import PATIENCE, open_house, shows
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk


scene = Named[Callable[[TwoAgents], Awaitable[None]]]()


@scene(
    "of two who wait the agent picks the second: the first goes on waiting, nobody else's phone rings for it"
)
async def second_of_two(hall: TwoAgents) -> None:
    await hall.staff(hall.anna)
    far = hall.house.phones.far
    first, earlier = await hall.call(HANS)
    await far.rang(hall.anna.who.phone)
    second, later = await hall.call()
    rung = len(far.rung)
    assert (await hall.pick(hall.anna, later)).ok
    await hall.takes(hall.anna, second, later)
    assert list(far.rung)[rung:] == [hall.anna.who.phone]
    assert hall.anna.open(earlier) is None
    assert [one.call for one in hall.anna.picture.waiting] == [earlier]
    await far.hears(first, "music", among=(first, second, hall.anna.who.phone))


@scene("it rings at both already: only the one who picks it is rung on, and the other is told by whom")
async def offered_to_both(hall: TwoAgents) -> None:
    await hall.staff(hall.anna, hall.ben)
    far = hall.house.phones.far
    caller, call = await hall.call()
    await asyncio.gather(*(far.rang(desk.who.phone) for desk in (hall.anna, hall.ben)))
    assert (await hall.pick(hall.anna, call)).ok
    await hall.ben.until(lambda _: hall.ben.open(call) is None, "gone from Ben's desk", PATIENCE)
    await far.over(hall.ben.who.phone)
    await hall.takes(hall.anna, caller, call)
    assert far.phone(hall.ben.who.phone).doing in {Doing.IDLE, Doing.OVER}
    assert hall.ben.picture.me.state == "ready"


@scene("it rings at the agent's phone alone: refused, it is theirs already")
async def rings_here(hall: TwoAgents) -> None:
    await hall.staff(hall.anna)
    _, call = await hall.call()
    await hall.house.phones.far.rang(hall.anna.who.phone)
    await shows(hall.anna, call, lambda view: view.phase == "offered")
    refused = await hall.pick(hall.anna, call)
    assert (refused.ok, refused.code) == (False, "rings_already")


@scene("two pick the same caller in the same moment: one gets them, the other is told who")
async def both_pick(hall: TwoAgents) -> None:
    await hall.staff(hall.anna, hall.ben)
    far = hall.house.phones.far
    await hall.call(HANS)
    await asyncio.gather(*(far.rang(desk.who.phone) for desk in (hall.anna, hall.ben)))
    caller, call = await hall.call()
    answers = await asyncio.gather(hall.pick(hall.anna, call), hall.pick(hall.ben, call))
    assert sorted(answer.ok for answer in answers) == [False, True]
    winner, loser = (hall.anna, hall.ben) if answers[0].ok else (hall.ben, hall.anna)
    (refused,) = (answer for answer in answers if not answer.ok)
    assert (refused.code, refused.params) == ("picked_already", {"agent": winner.who.name})
    await loser.until(
        lambda now: [one.picked_by for one in now.waiting if one.call == call] == [winner.who.name],
        "the list says who",
        PATIENCE,
    )
    await hall.takes(winner, caller, call)
    assert loser.open(call) is None


@scene("the caller hangs up in the moment of the pick: nothing is left, and the agent is free")
async def caller_gone(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    for pause in (0, 0.01, 0.05, 0.12, 0.2):
        await hall.staff(hall.anna)
        await hall.call(HANS)
        await far.rang(hall.anna.who.phone)
        caller, call = await hall.call()

        async def leaves(caller: FarEndCaller = caller, pause: float = pause) -> None:
            await asyncio.sleep(pause)
            await far.hang_up(caller)

        await asyncio.gather(hall.pick(hall.anna, call), leaves())
        await far.over(caller)
        await hall.anna.until(
            lambda now, call=call: call not in {one.call for one in now.waiting},  # type: ignore[misc]
            "off the list",
            PATIENCE,
        )
        await hall.empty()
        await hall.anna.until(lambda now: now.me.state == "ready", "free", PATIENCE)


CANNOT = {"busy": "pick_refused", "decline": "pick_unreachable", "notfound": "pick_unreachable"}


@scene("the agent's phone cannot take it: the caller waits on before all others, and the agent is told why")
async def phone_cannot(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    for behaviour, code in CANNOT.items():
        await hall.staff(hall.anna)
        first, _ = await hall.call(HANS)
        await far.rang(hall.anna.who.phone)
        caller, call = await hall.call()
        await far.behave(hall.anna.who.phone, behaviour)
        assert (await hall.pick(hall.anna, call)).ok
        await hall.told(hall.anna, code)
        await far.behave(hall.ben.who.phone, "answer:0")
        await hall.ben.ask(p.Ready)
        await shows(hall.ben, call, lambda view: "hold" in view.may)  # before the first one, who came earlier
        await far.converse(caller, hall.ben.who.phone)
        await far.hears(first, "music", among=(first, caller, hall.ben.who.phone))
        await hall.empty()


@scene("the agent does not pick up: the caller waits on before all others, and rings here again")
async def not_answered(hall: TwoAgents) -> None:
    await hall.staff(hall.anna)
    first, _ = await hall.call(HANS)
    await hall.house.phones.far.rang(hall.anna.who.phone)
    caller, call = await hall.call()
    assert (await hall.pick(hall.anna, call)).ok
    await hall.told(hall.anna, "pick_not_answered")
    await hall.takes(hall.anna, caller, call)
    await hall.house.phones.far.hears(first, "music", among=(first, caller, hall.anna.who.phone))


@scene("while a picked caller is on the way nobody pauses or leaves, and the second pick is refused")
async def on_the_way(hall: TwoAgents) -> None:
    await hall.staff(hall.anna)
    _, earlier = await hall.call(HANS)
    await hall.house.phones.far.rang(hall.anna.who.phone)
    caller, call = await hall.call()
    assert (await hall.pick(hall.anna, call)).ok
    await shows(hall.anna, call, lambda view: view.phase == "offered")
    for kind, more in ((p.Pause, {"reason": "lunch"}), (p.SignOut, {}), (p.Pick, {"call": earlier})):
        refused = await hall.anna.ask(kind, **more)
        assert (refused.ok, refused.code) == (False, "pick_one_at_a_time")
    await hall.takes(hall.anna, caller, call)
    assert (await hall.anna.ask(p.Pause, reason="lunch")).ok
    await hall.anna.until(lambda now: now.me.after == "lunch", "the pause comes after the call", PATIENCE)


@scene("who is not free is refused in words, and nothing moves")
async def not_free(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    await hall.staff()
    waits, call = await hall.call()
    refused = await hall.pick(hall.anna, call)
    assert (refused.ok, refused.code) == (False, "pick_paused")
    await far.behave(hall.anna.who.phone, "answer:0")
    await hall.anna.ask(p.Ready)
    await shows(hall.anna, call, lambda view: "hold" in view.may)
    other, second = await hall.call(HANS)
    refused = await hall.pick(hall.anna, second)
    assert (refused.ok, refused.code) == (False, "pick_in_call")
    refused = await hall.pick(hall.ben, call)
    assert (refused.ok, refused.code) == (False, "not_waiting")
    refused = await hall.pick(hall.anna, "no such call")
    assert (refused.ok, refused.code) == (False, "unknown_call")
    await far.converse(waits, hall.anna.who.phone)
    await far.hears(other, "music", among=(waits, other, hall.anna.who.phone))


@scene("an agent who still writes the last note may pick, and is then in that call")
async def wrap_up(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    await hall.staff(hall.anna)
    first, noted = await hall.call(HANS)
    await far.rang(hall.anna.who.phone)
    await far.pick_up(hall.anna.who.phone)
    await shows(hall.anna, noted, lambda view: "hold" in view.may)
    caller, call = await hall.call()
    await far.hang_up(first)
    await hall.anna.until(lambda now: now.me.state == "wrap_up", "still writing", PATIENCE)
    assert (await hall.pick(hall.anna, call)).ok
    await hall.takes(hall.anna, caller, call)
    assert hall.anna.open(noted) is not None


@scene("whoever hangs up first ends a picked call as any other")
async def ends(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    for reason in ("agent", "caller"):
        caller, call = await hall.picked()
        await far.hang_up(hall.anna.who.phone if reason == "agent" else caller)
        view = await shows(hall.anna, call, lambda view: view.phase == "ended")
        assert view.end_reason == reason
        await hall.empty()


@scene("a picked call is held and put through as any other")
async def put_through(hall: TwoAgents) -> None:
    far = hall.house.phones.far
    caller, call = await hall.picked()
    await hall.house.consult(hall.anna, call, "Erika Beispiel")
    await far.hears(caller, "music", among=(caller, hall.anna.who.phone))
    assert (await hall.anna.ask(p.Back, call=call)).ok
    await shows(hall.anna, call, lambda view: view.phase == "talking")
    await far.converse(caller, hall.anna.who.phone)
    await hall.house.consult(hall.anna, call, "Erika Beispiel")
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await shows(hall.anna, call, lambda view: view.phase == "joined")
    await far.converse(caller, hall.house.person("Erika Beispiel").extension.lstrip("+"))


async def play(tree: AsteriskTree) -> dict[str, BaseException | None]:
    """How each scene ended: None, or what was wrong."""
    async with open_house(tree, timers=TIMES, calls={"wrap_up_seconds": 30}) as house:
        return await play_in(house, scene.scenes)


def test_picked(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree)))


def test_picked_on_the_oldest(oldest_asterisk: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(oldest_asterisk)))
