"""Hang-ups at the wrong moment, again and again: nobody stays on music, and nobody who is gone is queued."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pbx_bridge.ami.actions import Hangup, Redirect
from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import EndReason
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import OutcomeRig, Talk, open_floor
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import open_folder
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk

AT_ONCE, ROUNDS = 5, 5
BACK = " same => n,Set(SHARED(SEC_ST,${SEC_CHAN})=back:${CHANNEL})\n"
MILLISECONDS = (0, 0.5, 1, 2, 4)


@contextmanager
def slowly_back(root: Path) -> Iterator[tuple[Path, ...]]:
    """Our dial plan, but the agent's way back to the caller has a pause in the middle."""
    with open_folder() as folder:
        etc = folder / "asterisk"
        shutil.copytree(root / "docker" / "asterisk", etc)
        plan = (etc / "secretariat.conf").read_text()
        assert BACK in plan
        (etc / "secretariat.conf").write_text(plan.replace(BACK, f"{BACK} same => n,Wait(0.3)\n"))
        yield SHARED, etc


async def held(floor: OutcomeRig) -> Talk:
    """Caller on music, agent alone."""
    talk = await floor.talk()
    await talk.ask(msg.AskHold)
    await talk.step(TransferStep.HELD)
    return talk


async def consulting(floor: OutcomeRig) -> Talk:
    """Caller on music, agent and employee talk."""
    talk = await floor.talk()
    await talk.consult()
    return talk


@pytest.mark.parametrize("begin", [held, consulting])
async def test_an_agent_who_hangs_up_on_the_way_back_leaves_nobody_on_music(
    asterisk_tree: AsteriskTree, root: Path, begin: object
) -> None:
    with slowly_back(root) as templates:
        async with open_floor(asterisk_tree, templates=templates) as floor:
            talk = await begin(floor)  # type: ignore[operator]
            await talk.ask(msg.AskBack)
            while not (await floor.oracle.shared(talk.live.channel, "SEC_ST")).startswith("back"):
                await asyncio.sleep(0.01)
            await talk.far.hang_up(talk.agent)
            await talk.requeued()
            await talk.silent()
            await talk.end_of_caller()


async def test_an_agent_who_hangs_up_in_the_millisecond_of_back_leaves_nobody_on_music(
    asterisk_tree: AsteriskTree,
) -> None:
    async with open_floor(asterisk_tree) as floor:
        for _ in range(ROUNDS):
            talks = await asyncio.gather(*(held(floor) for _ in range(AT_ONCE)))
            await asyncio.gather(*map(back_and_gone, talks, MILLISECONDS))


async def back_and_gone(talk: Talk, after: float) -> None:
    """So many milliseconds apart."""
    link, agent = talk.service.link, talk.live.agent_channel
    going = asyncio.create_task(link.send_together(Redirect(agent, "sec-join", "agent")))
    await asyncio.sleep(after / 1000)
    await link.send_together(Hangup(agent))
    await going
    assert await talk.floor.oracle.sees(talk.call, "queue", "gone")
    await talk.far.hang_up(talk.caller)
    await talk.floor.oracle.sees(talk.call, "gone")


async def test_a_caller_who_hangs_up_just_after_connect_is_over_and_not_queued(
    asterisk_tree: AsteriskTree,
) -> None:
    async with open_floor(asterisk_tree) as floor:
        for turn in range(ROUNDS):
            talks = await asyncio.gather(*(consulting(floor) for _ in range(AT_ONCE)))
            await asyncio.gather(*(connected_and_gone(talk, turn * 0.2) for talk in talks))


async def connected_and_gone(talk: Talk, after: float) -> None:
    """So many seconds after caller and employee are together."""
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    await asyncio.sleep(after)
    await talk.far.hang_up(talk.caller)
    await talk.floor.oracle.sees(talk.call, "gone")
    await talk.silent()
    await until(lambda: not talk.live.live, message="over with us, too")
    told = [seen for seen in talk.service.told.messages if getattr(seen, "call", "") == talk.call]
    assert ev.HoldEnded(talk.call) not in told
    assert sum(isinstance(seen, ev.QueueJoined) for seen in told) == 1
    assert (talk.live.end_reason, talk.results()) == (EndReason.JOINED, ["joined"])


@contextmanager
def helpless(root: Path) -> Iterator[tuple[Path, ...]]:
    """Our dial plan without what it does when an agent hangs up."""
    with open_folder() as folder:
        etc = folder / "asterisk"
        shutil.copytree(root / "docker" / "asterisk", etc)
        plan = (etc / "secretariat.conf").read_text()
        handler = "[sec-agentgone]\nexten => s,1,"
        assert handler in plan
        (etc / "secretariat.conf").write_text(plan.replace(handler, f"{handler}Return()\n same => n,"))
        yield SHARED, etc


async def test_the_service_sees_a_caller_on_hold_whom_the_agent_left(
    asterisk_tree: AsteriskTree, root: Path
) -> None:
    with helpless(root) as templates:
        async with open_floor(asterisk_tree, templates=templates) as floor:
            talk = await consulting(floor)
            await talk.far.hang_up(talk.agent)
            await talk.requeued()
            await talk.end_of_caller()
