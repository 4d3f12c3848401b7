"""PBX.md section 6, both columns: phones that never say a word, and ways that lead nowhere."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.outcome_rig import TIMES, OutcomeRig
from tests.integration.scenes import Scenes, judge
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import open_folder

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene = Scenes()

WAY = "PJSIP/${SEC_NUM}@${SEC_VIA}"
WAYS = "PJSIP/${SEC_NUM}@${IF($[${SEC_NUM:9:2} = 66]?way-${SEC_NUM:11}:${SEC_VIA})}"
"""The dial plan's own line, but for numbers …66x, which have a trunk of their own each (or none)."""
SILENT, DEAD, NO_CONTACT, NO_ENDPOINT = (f"49302312566{way}" for way in (1, 2, 3, 4))


@contextmanager
def ways(root: Path) -> Iterator[tuple[Path, ...]]:
    """Our configuration with three more trunks: to a socket that only listens, a closed port, nowhere."""
    with open_folder() as folder, closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as mute:
        mute.bind(("127.0.0.1", 0))
        etc = folder / "asterisk"
        shutil.copytree(root / "docker" / "asterisk", etc)
        plan = (etc / "secretariat.conf").read_text()
        assert WAY in plan
        (etc / "secretariat.conf").write_text(plan.replace(WAY, WAYS))
        contacts = {"1": mute.getsockname()[1], "2": free_port(), "3": None}
        with (etc / "pjsip.conf").open("a") as trunks:
            for way, port in contacts.items():
                trunks.write(f"\n[way-{way}](both)\ncontext = from-nowhere\naors = way-{way}\n")
                trunks.write(f"[way-{way}]\ntype = aor\n")
                trunks.write(f"contact = sip:127.0.0.1:{port}\n" if port else "")
        yield SHARED, etc


async def fails(floor: OutcomeRig, number: str, result: str, mode: msg.Mode) -> None:
    """No phone rings; the deputy is tried (and is busy); then caller and agent are as before."""
    talk = await floor.talk()
    deputy = talk.employees[1]
    await floor.far.behave(deputy, "busy")
    plan = Plan((Target("employee", f"+{number}", TIMES.ring), Target("deputy", f"+{deputy}", TIMES.ring)))
    await talk.call_up(plan, mode)
    while mode == "talk" and talk.state.step is TransferStep.RINGTALK:
        assert await floor.oracle.company(talk.call) == "agent", "nobody is moved"
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    assert talk.results() == [result, "busy"]
    assert floor.far.phone(number).rings == 0
    await talk.end()


OUTCOMES = {
    "silent phone: no answer after the ring time": (SILENT, "no_answer"),
    "dead port: no answer after the ring time": (DEAD, "no_answer"),
    "no contact: unreachable at once": (NO_CONTACT, "unreachable"),
    "no endpoint: unreachable at once": (NO_ENDPOINT, "unreachable"),
}


def add(name: str, number: str, result: str, mode: msg.Mode) -> None:
    @scene(f"{mode}: {name}")
    async def _(floor: OutcomeRig) -> None:
        await fails(floor, number, result, mode)


for outcome, (number, result) in OUTCOMES.items():
    add(outcome, number, result, "hold")
    add(outcome, number, result, "talk")


@scene("hold: a mailbox picks up at once: a plain answer, the agent hears it and goes back")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", "answer:0")
    await talk.step(TransferStep.CONSULTING)
    await talk.sees("music")
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.silent(talk.employees[0])
    assert talk.rings(1) == 0
    await talk.end()


@scene("hold: a mailbox hangs up after its message: the agent is back with the caller, nobody else is rung")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0:2", "answer:0")
    await talk.step(TransferStep.CONSULTING)
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    assert talk.rings(1) == 0
    await talk.end()


@scene("talk: a mailbox picks up at once: it hears music until the key, nobody is moved")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", "answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await talk.sees("agent")
    await talk.ask(msg.AskCancel)
    await talk.step(TransferStep.TALKING)
    await talk.silent(talk.employees[0])
    assert talk.rings(1) == 0
    assert await floor.oracle.company(talk.call) == "agent"
    await talk.end()


def test_nobody_there(asterisk_tree: AsteriskTree, root: Path, subtests: pytest.Subtests) -> None:
    with ways(root) as templates:
        judge(subtests, asyncio.run(scene.play(asterisk_tree, templates=templates)))
