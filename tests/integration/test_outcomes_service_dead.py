"""PBX.md section 6: the service is killed (`kill -9`) at each phase of a put-through, and no caller is
lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.mortal import Fate, Scenes
from tests.integration.outcome_rig import SHORT
from tests.integration.scenes import judge
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene = Scenes()
LIMITS = replace(SHORT, hold_max=25)
"""The first caller on hold waits until all scenes are where they want to be."""


@scene("talking: nothing happens to the call")
async def _(fate: Fate) -> None:
    talk = await fate.talk()
    await fate.dead()
    assert await fate.floor.oracle.company(talk.call) == "agent"
    await talk.end()


@scene("hold first, ringing, no answer: agent back with caller")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    await fate.dead()
    await talk.sees("agent")
    await talk.end()


@scene("hold first, ringing, then busy: agent back with caller after the grace time")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    await fate.dead()
    await talk.far.reject(talk.employees[0], "busy")
    await talk.sees("agent")
    await talk.end()


@scene("hold first, ringing, then answered: with the agent, who is back after the employee's BYE")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    await fate.dead()
    await talk.far.pick_up(talk.employees[0])
    await talk.far.talks(talk.employees[0])
    await asyncio.sleep(1)
    assert talk.far.phone(talk.agent).doing is Doing.TALKING
    await talk.far.hang_up(talk.employees[0])
    await talk.sees("agent")
    await talk.end()


@scene("hold first, ringing, agent hangs up: caller requeued, phone stops")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    await fate.dead()
    await talk.far.hang_up(talk.agent)
    await talk.requeued()
    await talk.silent()
    await talk.end()


@scene("hold first, ringing, caller hangs up: phone stops, agent free")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    await fate.dead()
    await talk.end()


@scene("consulting, nothing happens: hold limit, then the queue")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.dead()
    await talk.sees("music")
    await talk.requeued()
    assert talk.far.phone(talk.employees[0]).doing is Doing.TALKING
    await talk.end_of_caller()
    await talk.far.hang_up(talk.agent)


@scene("consulting, employee hangs up: agent back with caller after the grace time")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.dead()
    await talk.far.hang_up(talk.employees[0])
    await talk.sees("agent")
    await talk.end()


@scene("consulting, agent hangs up: caller requeued, employee dropped")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.dead()
    await talk.far.hang_up(talk.agent)
    await talk.requeued()
    await talk.silent()
    await talk.end()


@scene("consulting, caller hangs up: agent and employee talk on, the leg ends by itself")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.dead()
    await talk.end_of_caller()
    assert talk.far.phone(talk.agent).doing is Doing.TALKING
    await talk.far.hang_up(talk.employees[0])
    await talk.silent(talk.agent)


@scene("in the moment of connect: caller with the employee, or with the agent, or in the queue")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.barrier.wait()
    fate.mortal.tell({"do": "connect", "call": talk.call, "agent": talk.interface})
    await fate.mortal.kill()
    await fate.barrier.wait()
    await talk.sees("employee", "agent", "queue")
    await talk.end_of_caller()
    await talk.far.hang_up(talk.agent)


@scene("put through: caller and employee talk on")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.mortal.do(talk, "connect", "joined")
    await fate.dead()
    await asyncio.sleep(2)
    assert await fate.floor.oracle.company(talk.call) == "employee"
    await talk.end()


@scene("put through, employee gone < 4 s: caller requeued")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await asyncio.sleep(1)  # the others are on their way: connect as late as can be
    await fate.mortal.do(talk, "connect", "joined")
    await fate.dead()
    await talk.far.hang_up(talk.employees[0])
    await talk.requeued()
    await talk.end()


@scene("on pure hold: agent back with caller before the limit")
async def _(fate: Fate) -> None:
    talk = await fate.talk()
    await fate.mortal.do(talk, "hold", "held")
    await fate.dead()
    await talk.sees("music")
    await talk.sees("agent")
    await talk.end()


@scene("between Redirect and Originate: agent back with caller after wait and grace")
async def _(fate: Fate) -> None:
    talk = await fate.talk()
    await fate.dead()
    await fate.floor.oracle.manager.action(
        "Redirect", Channel=talk.live.channel, Context="sec-hold", Exten="s", Priority=1,
        ExtraChannel=talk.live.agent_channel, ExtraContext="sec-consult", ExtraExten="s", ExtraPriority=1,
    )  # fmt: skip
    await talk.sees("music")
    await talk.sees("agent")
    await talk.end()


@scene("ring while talking, no answer: nobody moved, phone stops")
async def _(fate: Fate) -> None:
    talk = await fate.ringing("talk")
    await fate.dead()
    await talk.silent()
    assert await fate.floor.oracle.company(talk.call) == "agent"
    await talk.end()


@scene("ring while talking, answered: music, tone, released; nobody moved")
async def _(fate: Fate) -> None:
    talk = await fate.ringing("talk")
    await fate.dead()
    await talk.far.pick_up(talk.employees[0])
    await talk.far.talks(talk.employees[0])
    await talk.silent()
    assert await fate.floor.oracle.company(talk.call) == "agent"
    await talk.end()


@scene("ring while talking, agent hangs up: call over, phone stops")
async def _(fate: Fate) -> None:
    talk = await fate.ringing("talk")
    await fate.dead()
    await talk.far.hang_up(talk.agent)
    await talk.sees("gone")
    await talk.silent()


def test_service_dead(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree, timers=LIMITS)))
