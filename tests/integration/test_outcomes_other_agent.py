"""PBX.md section 6, both columns: the caller came back from hold and another agent has them by now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import SHORT, OutcomeRig, Talk, open_floor
from tests.integration.scenes import judge
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

MODES: tuple[msg.Mode, ...] = ("hold", "talk")
Scene = Callable[[Talk, Talk], Awaitable[None]]


async def employee_ends(first: Talk, _other: Talk) -> None:
    """The first agent's consultation ends; nobody waits for them any more."""
    await first.far.hang_up(first.employees[0])
    await first.silent(first.agent)


async def agent_hangs_up(first: Talk, _other: Talk) -> None:
    """The first agent leaves the consultation."""
    await first.far.hang_up(first.agent)
    await first.silent(first.agent, first.employees[0])


async def both_consult(first: Talk, other: Talk) -> None:
    """The second agent consults somebody else, connects nobody, and goes back."""
    await other.ring("busy", "answer:0")
    await other.step(TransferStep.CONSULTING)
    await other.sees("music")
    assert first.far.phone(first.agent).doing is Doing.TALKING
    assert first.far.phone(first.employees[0]).doing is Doing.TALKING
    await other.ask(msg.AskBack)
    await other.sees("agent")
    await agent_hangs_up(first, other)


async def second_puts_through(first: Talk, other: Talk) -> None:
    """Everything again with the second agent, while the first one still talks."""
    await other.ring("busy", "answer:0")
    await other.step(TransferStep.CONSULTING)
    await other.ask(msg.AskConnect)
    await other.step(TransferStep.JOINED)
    await other.silent(other.agent)
    await agent_hangs_up(first, other)
    await other.sees("employee")
    ids = [attempt.id for attempt in other.state.attempts]
    assert len(ids) == len(set(ids)) == 3
    assert other.results()[-2:] == ["busy", "joined"]


SCENES: dict[str, tuple[Scene, str]] = {
    "the first one's consultation ends": (employee_ends, "agent"),
    "the first one hangs up": (agent_hangs_up, "agent"),
    "the second one consults too": (both_consult, "agent"),
    "everything again with the second one": (second_puts_through, "employee"),
}


async def until_the_limit(floor: OutcomeRig, mode: msg.Mode) -> Talk:
    """Consulting; and the caller, on hold for too long, is in the queue again."""
    talk = await floor.talk()
    await talk.consult(mode)
    await talk.requeued()
    assert floor.far.phone(talk.agent).doing is Doing.TALKING
    assert floor.far.phone(talk.employees[0]).doing is Doing.TALKING
    return talk


async def play(floor: OutcomeRig) -> dict[str, BaseException | None]:
    """All callers come back at about the same time, and as many agents take them."""
    names = {f"{mode}: {name}": (scene, mode) for mode in MODES for name, scene in SCENES.items()}
    firsts = await asyncio.gather(*(until_the_limit(floor, mode) for _, mode in names.values()))
    for _ in firsts:
        await floor.fresh_agent_takes_one()
    others = [first.with_the_other() for first in firsts]

    async def one(scene: Scene, company: str, first: Talk, other: Talk) -> None:
        await other.sees("agent")
        await scene(first, other)
        assert await floor.oracle.company(first.call) == company
        await other.end()

    scenes = [scene for scene, _ in names.values()]
    ends = await asyncio.gather(
        *(one(*scene, *pair) for scene, pair in zip(scenes, zip(firsts, others, strict=True), strict=True)),
        return_exceptions=True,
    )
    return dict(zip(names, ends, strict=True))


def test_another_agent_has_the_caller(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    async def on_a_floor() -> dict[str, BaseException | None]:
        async with open_floor(asterisk_tree, timers=SHORT) as floor:
            return await play(floor)

    judge(subtests, asyncio.run(on_a_floor()))
