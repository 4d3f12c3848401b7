"""A floor whose service is a process of its own: every scene brings its call to some point, then it is killed
at once."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.runner import RunningAsterisk
from tests.integration.outcome_rig import OutcomeRig, Talk, open_floor
from tests.integration.scenes import LONGEST, Named
from tests.integration.service import Service, open_service
from tests.until import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Mortal:
    """The service in its own process."""

    process: asyncio.subprocess.Process
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def do(self, talk: Talk, what: str, step: str = "", mode: str = "hold") -> None:
        """One command, and the step it must lead to."""
        told = {"do": what, "call": talk.call, "agent": talk.interface}
        told |= {"number": talk.employees[0], "mode": mode, "step": step}
        async with self.turn:
            self.tell(told)
            assert await self.hear() == "ok", what

    def tell(self, told: dict[str, str]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(told).encode() + b"\n")

    async def hear(self) -> str:
        assert self.process.stdout
        return (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode().strip()

    async def kill(self) -> None:
        """As `kill -9`."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@dataclass
class Fate:
    """`await fate.dead()` when your call is where you want it: returns when the service is dead, for all
    scenes at once."""

    floor: OutcomeRig
    mortal: Mortal
    barrier: asyncio.Barrier
    stack: AsyncExitStack
    lives: list[Service]

    async def talk(self) -> Talk:
        """A call in conversation; returns when all scenes have theirs."""
        talk = await self.floor.talk()
        await self.barrier.wait()
        return talk

    async def ringing(self, mode: str = "hold") -> Talk:
        """A call whose employee's phone rings; in mode "talk" agent and caller talk on."""
        talk = await self.talk()
        await talk.far.behave(talk.employees[0], "ring")
        await self.mortal.do(talk, "ring", "ringtalk" if mode == "talk" else "dialing", mode)
        await talk.far.rang(talk.employees[0])
        return talk

    async def consulting(self) -> Talk:
        """A call whose agent talks to the employee."""
        talk = await self.talk()
        await self.mortal.do(talk, "ring", "consulting")
        return talk

    async def dead(self) -> None:
        await self.barrier.wait()
        await self.mortal.kill()
        await self.barrier.wait()

    async def reborn(self, talk: Talk) -> Talk:
        """The service is killed and comes back; the same call as the new life knows it."""
        await self.barrier.wait()
        await self.mortal.kill()
        if await self.barrier.wait() == 0:
            config = self.floor.room.config
            life = open_service(config.ami_port, config.ami_user, config.ami_secret)
            self.lives.append(await self.stack.enter_async_context(life))
        await self.barrier.wait()
        return replace(talk, service=self.lives[0])


Scene = Callable[[Fate], Awaitable[None]]


@asynccontextmanager
async def open_mortal(pbx: RunningAsterisk) -> AsyncIterator[Mortal]:
    """Connected; killed at the latest at the end."""
    config = pbx.config
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.bridge_process",
        str(config.ami_port), config.ami_user, config.ami_secret,
        cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    mortal = Mortal(process)
    try:
        while await mortal.hear() != "up":
            pass
        yield mortal
    finally:
        await mortal.kill()


class Scenes(Named[Scene]):
    """Scenes that share one life of the service."""

    async def play(self, tree: AsteriskTree, **changes: object) -> dict[str, BaseException | None]:
        """All scenes on one floor, with one death; `changes` as for `open_room`."""
        async with AsyncExitStack() as stack:
            floor = await stack.enter_async_context(open_floor(tree, **changes))
            floor.service.only_watch()
            mortal = await stack.enter_async_context(open_mortal(floor.room.pbx))
            barrier, lives = asyncio.Barrier(len(self.scenes)), list[Service]()

            async def one(scene: Scene) -> None:
                try:
                    await asyncio.wait_for(scene(Fate(floor, mortal, barrier, stack, lives)), LONGEST)
                except BaseException:
                    await barrier.abort()
                    raise

            ends = await asyncio.gather(*map(one, self.scenes.values()), return_exceptions=True)
        return dict(zip(self.scenes, ends, strict=True))
