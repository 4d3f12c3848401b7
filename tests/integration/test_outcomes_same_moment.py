"""Two things in one moment, milliseconds apart in either order: no caller is lost, none stays on hold.

The processor decides who is first, so many are played at once.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import OutcomeRig, Talk, open_floor
from tests.integration.test_outcomes_races import consulting, held
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import open_folder
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk


APART = (-6, -4, -2, -1, 0, 1, 2, 4)
"""Milliseconds by which the agent is faster than the employee who picks up, or slower."""


@pytest.mark.parametrize("ask, talks", [(msg.AskBack, 20), (msg.AskCancel, 8)])
async def test_whoever_goes_back_in_the_moment_of_the_pick_up_is_with_the_caller(
    asterisk_tree: AsteriskTree, ask: type[msg.Ask], talks: int
) -> None:
    """The employee's leg fetches the agent while the agent fetches the caller: one must give way. Many at
    once, as the processor decides who is first."""
    async with open_floor(asterisk_tree) as floor:
        rung = await asyncio.gather(*(floor.talk() for _ in range(talks)))
        for turn in range(len(APART)):
            orders = (APART[(turn + place) % len(APART)] for place in range(talks))
            await asyncio.gather(*(_back(talk, ask, apart) for talk, apart in zip(rung, orders, strict=True)))
        await asyncio.gather(*(talk.end() for talk in rung))


async def _back(talk: Talk, ask: type[msg.Ask], apart: int) -> None:
    await talk.ring("ring")
    await _in_the_moment_of_the_pick_up(talk, _asks(talk, ask), apart)
    await talk.sees("agent")
    await talk.step(TransferStep.TALKING)
    await talk.silent(talk.employees[0])


async def _asks(talk: Talk, ask: type[msg.Ask]) -> None:
    """Whoever wants to cancel while the employee talks already goes back."""
    refused = await talk.service.ask(ask(call=talk.call, agent=talk.interface))
    if refused is not None:
        assert (ask, refused.code) == (msg.AskCancel, "not_now")
        await talk.ask(msg.AskBack)


async def _in_the_moment_of_the_pick_up(talk: Talk, what: Coroutine[Any, Any, None], apart: int) -> None:
    async def after(milliseconds: int, then: Coroutine[Any, Any, None]) -> None:
        await asyncio.sleep(max(0, milliseconds) / 1000)
        await then

    await talk.far.rang(talk.employees[0])
    await asyncio.gather(after(apart, what), after(-apart, talk.pick_up_if_it_rings()))


async def test_a_caller_who_hangs_up_in_the_moment_of_the_pick_up_leaves_nobody_waiting(
    asterisk_tree: AsteriskTree,
) -> None:
    """Agent and employee may talk on; with them it is over when the agent hangs up."""
    async with open_floor(asterisk_tree) as floor:

        async def play(apart: int) -> None:
            talk = await floor.talk()
            await talk.ring("ring")
            await _in_the_moment_of_the_pick_up(talk, talk.far.hang_up(talk.caller), apart)
            await floor.oracle.sees(talk.call, "gone")
            await talk.far.hang_up(talk.agent)
            await talk.silent(talk.agent, *talk.employees)

        await asyncio.gather(*map(play, APART * 2))


@contextmanager
def grasping(root: Path) -> Iterator[tuple[Path, ...]]:
    """Our dial plan, but an employee who picks up does not look whether the agent is still there."""
    with open_folder() as folder:
        etc = folder / "asterisk"
        shutil.copytree(root / "docker" / "asterisk", etc)
        plan = (etc / "secretariat.conf").read_text()
        looks = {
            ".${IMPORT(${SEC_AGENT},CONTEXT)}": "",
            ".sec-consult": "",
            "${IMPORT(${SEC_AGENT},CHANNEL(checkhangup))}": "0",
        }
        start = plan.index("[sec-answered]")
        section = plan[start : plan.index("\n[", start)]
        assert all(part in section for part in looks)
        careless = section
        for part, nothing in looks.items():
            careless = careless.replace(part, nothing)
        (etc / "secretariat.conf").write_text(plan.replace(section, careless))
        yield SHARED, etc


async def test_an_agent_who_hangs_up_in_the_moment_of_the_pick_up_leaves_the_caller_to_the_queue(
    asterisk_tree: AsteriskTree,
) -> None:
    async with open_floor(asterisk_tree) as floor:
        await _agents_go_as_employees_pick_up(floor)


async def test_an_agents_leg_that_was_fetched_after_its_end_keeps_no_caller_on_hold(
    asterisk_tree: AsteriskTree, root: Path
) -> None:
    """A dial plan cannot look and fetch in one step; where it fails the service ends what should be over."""
    with grasping(root) as templates:
        async with open_floor(asterisk_tree, templates=templates) as floor:
            await _agents_go_as_employees_pick_up(floor)


async def _agents_go_as_employees_pick_up(floor: OutcomeRig) -> None:
    async def play(talk: Talk, apart: int) -> None:
        await talk.ring("ring")
        await _in_the_moment_of_the_pick_up(talk, talk.far.hang_up(talk.agent), apart)
        await floor.oracle.sees(talk.call, "queue")
        await talk.silent()
        await talk.far.hang_up(talk.caller)
        await floor.oracle.sees(talk.call, "gone")

    talks = await asyncio.gather(*(floor.talk() for _ in APART * 2))
    await asyncio.gather(*map(play, talks, APART * 2))


Act = Callable[[Talk], Coroutine[Any, Any, None]]


async def _back_to_the_caller(talk: Talk) -> None:
    await talk.service.ask(msg.AskBack(call=talk.call, agent=talk.interface))  # refused when it is too late


async def _connects(talk: Talk) -> None:
    await talk.service.ask(msg.AskConnect(call=talk.call, agent=talk.interface))


async def _caller_goes(talk: Talk) -> None:
    await talk.far.hang_up(talk.caller)


async def _agent_goes(talk: Talk) -> None:
    await talk.far.hang_up(talk.agent)


async def _employee_goes(talk: Talk) -> None:
    await talk.far.hang_up(talk.employees[0])


GOING = (_caller_goes, _agent_goes, _employee_goes)
PAIRS = (
    (held, _back_to_the_caller, _caller_goes),
    (held, _agent_goes, _caller_goes),
    *((consulting, acts, goes) for acts in (_back_to_the_caller, _connects) for goes in GOING),
    (consulting, _agent_goes, _caller_goes),
    (consulting, _agent_goes, _employee_goes),
    (consulting, _employee_goes, _caller_goes),
)


@pytest.mark.parametrize("begin, one, other", PAIRS)
async def test_two_things_in_one_moment_leave_no_caller_behind(
    asterisk_tree: AsteriskTree, begin: Callable[[OutcomeRig], Awaitable[Talk]], one: Act, other: Act
) -> None:
    """Whoever was faster: when agent and employee have hung up, the caller is in the queue or gone, and when
    the caller is gone, nobody talks to anybody."""

    async def play(talk: Talk, apart: int) -> None:
        async def after(milliseconds: int, act: Act) -> None:
            await asyncio.sleep(max(0, milliseconds) / 1000)
            await act(talk)

        await asyncio.gather(after(apart, one), after(-apart, other))
        await asyncio.gather(_agent_goes(talk), _employee_goes(talk))
        await talk.floor.oracle.sees(talk.call, "queue", "gone")
        await talk.silent()
        await talk.far.hang_up(talk.caller)
        await talk.floor.oracle.sees(talk.call, "gone")
        await talk.silent(talk.agent)
        await until(lambda: not talk.live.live, message="over with us, too")

    async with open_floor(asterisk_tree) as floor:
        talks = await asyncio.gather(*(begin(floor) for _ in APART * 2))
        await asyncio.gather(*map(play, talks, APART * 2))
