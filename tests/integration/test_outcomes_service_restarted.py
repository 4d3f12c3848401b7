"""The service is killed in the middle of put-throughs and comes back: it takes up every call where it is."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import Phase
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.mortal import Fate, Scenes
from tests.integration.scenes import judge
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene = Scenes()


@scene("talking: the same call with the same id, and a put-through from the start")
async def _(fate: Fate) -> None:
    talk = await fate.talk()
    before = talk.live
    talk = await fate.reborn(talk)
    after = talk.live
    assert (after.id, after.phase, after.busy_agent) == (before.id, Phase.TALKING, talk.interface)
    assert (after.line, after.caller.number, after.channel) == (
        before.line,
        before.caller.number,
        before.channel,
    )
    await talk.consult()
    assert talk.state.current
    assert int(talk.state.current.id.rpartition("-a")[2]) > 100, "no attempt number is used twice"
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.end()


@scene("hold first, ringing: adopted; the employee picks up, and the agent connects")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    talk = await fate.reborn(talk)
    assert talk.state.step is TransferStep.DIALING
    await talk.far.pick_up(talk.employees[0])
    await talk.step(TransferStep.CONSULTING)
    await talk.ask(msg.AskConnect)
    await talk.sees("employee")
    await talk.end()


@scene("hold first, ringing: adopted; back")
async def _(fate: Fate) -> None:
    talk = await fate.ringing()
    talk = await fate.reborn(talk)
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.silent()
    await talk.end()


@scene("consulting: adopted; connect")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    talk = await fate.reborn(talk)
    assert talk.state.step is TransferStep.CONSULTING
    await talk.ask(msg.AskConnect)
    await talk.sees("employee")
    await talk.step(TransferStep.JOINED)
    await talk.end()


@scene("consulting: adopted; back")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    talk = await fate.reborn(talk)
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.silent()
    await talk.end()


@scene("consulting, the employee hangs up after the restart: agent back at once, not after the grace time")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    talk = await fate.reborn(talk)
    await talk.far.hang_up(talk.employees[0])
    await talk.sees("agent")
    await talk.end()


@scene("on pure hold: adopted; ring")
async def _(fate: Fate) -> None:
    talk = await fate.talk()
    await fate.mortal.do(talk, "hold", "held")
    talk = await fate.reborn(talk)
    assert talk.state.step is TransferStep.HELD
    await talk.consult()
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.end()


@scene("ring while talking, ringing: adopted; cancel")
async def _(fate: Fate) -> None:
    talk = await fate.ringing("talk")
    talk = await fate.reborn(talk)
    assert talk.state.step is TransferStep.RINGTALK
    await talk.ask(msg.AskCancel)
    await talk.silent()
    await talk.step(TransferStep.TALKING)
    await talk.end()


@scene("ring while talking, answered: adopted; switch and connect")
async def _(fate: Fate) -> None:
    talk = await fate.ringing("talk")
    talk = await fate.reborn(talk)
    await talk.far.pick_up(talk.employees[0])
    await talk.step(TransferStep.ANSWERED)
    await talk.ask(msg.AskSwitch)
    await talk.step(TransferStep.CONSULTING)
    await talk.ask(msg.AskConnect)
    await talk.sees("employee")
    await talk.end()


@scene("put through: adopted as joined")
async def _(fate: Fate) -> None:
    talk = await fate.consulting()
    await fate.mortal.do(talk, "connect", "joined")
    talk = await fate.reborn(talk)
    assert talk.live.phase is Phase.JOINED
    await talk.end()


@scene("between Redirect and Originate: the agent, who waits for nobody, is back at once")
async def _(fate: Fate) -> None:
    talk = await fate.talk()
    await fate.floor.oracle.manager.action(
        "Redirect", Channel=talk.live.channel, Context="sec-hold", Exten="s", Priority=1,
        ExtraChannel=talk.live.agent_channel, ExtraContext="sec-consult", ExtraExten="s", ExtraPriority=1,
    )  # fmt: skip
    await talk.sees("music")
    talk = await fate.reborn(talk)
    await talk.sees("agent")
    await talk.end()


def test_service_restarted(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree)))
