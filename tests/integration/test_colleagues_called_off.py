"""A colleague picks up in the very moment in which nobody wants them any more: they are free at once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.desk import protocol as p
from tests.integration.colleagues import Scene, given, rings, sees
from tests.integration.scenes import judge
from tests.integration.two_agents import HANS, TIMES, TwoAgents, play_in
from tests.integration.whole_house import open_house
from tests.pbx.fixtures import asterisk_tree
from tests.pbx.room import open_folder, open_room

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk


@contextmanager
def hesitating(root: Path) -> Iterator[tuple[Path, ...]]:
    """Our dial plan on a busy machine: the moment after the answer is a long one."""
    with open_folder() as folder:
        etc = folder / "asterisk"
        shutil.copytree(root / "docker" / "asterisk", etc)
        plan = etc / "secretariat_colleague.conf"
        text = plan.read_text()
        for section in ("[sec-asked]", "[sec-given]"):
            first = f"{section}\nexten => s,1,"
            assert first in text
            text = text.replace(first, f"{first}Wait(3)\n same => n,")
        plan.write_text(text)
        yield SHARED, etc


async def cancel(hall: TwoAgents, call: str) -> None:
    assert (await hall.anna.ask(p.Cancel, call=call)).ok


async def agent_hangs_up(hall: TwoAgents, _: str) -> None:
    await hall.house.phones.far.hang_up(hall.anna.who.phone)


async def caller_hangs_up(hall: TwoAgents, _: str) -> None:
    await hall.house.phones.far.hang_up(hall.house.callers[-1])


async def colleague_hangs_up(_: TwoAgents, __: str) -> None:
    """Nobody else does anything."""


ENDS: Mapping[str, Callable[[TwoAgents, str], Awaitable[None]]] = {
    "the agent calls it off": cancel,
    "the agent hangs up": agent_hangs_up,
    "the caller hangs up": caller_hangs_up,
    "the colleague hangs up again": colleague_hangs_up,
}


def scenes() -> dict[str, Scene]:
    """Whoever ends it, asked first or given at once: the queue sends the colleague the next caller."""

    def one(begin: Callable[[TwoAgents], Awaitable[object]], end: str) -> Scene:
        async def play(hall: TwoAgents) -> None:
            far = hall.house.phones.far
            await begin(hall)
            call = hall.anna.picture.calls[0].view.call
            await far.pick_up(hall.ben.who.phone)
            await sees(hall.anna, hall.ben, "talking")
            await ENDS[end](hall, call)
            await far.hang_up(hall.ben.who.phone)
            await far.over(hall.ben.who.phone)
            await sees(hall.anna, hall.ben, "ready" if end != "the agent hangs up" else "ringing")
            if end != "the agent hangs up":
                await hall.call(HANS)
            await far.rang(hall.ben.who.phone)

        return play

    return {
        f"{end}, {how}": one(begin, end)
        for end in ENDS
        for how, begin in (("asked first", rings), ("given at once", given))
    }


def test_who_is_called_off_in_the_moment_of_the_answer_is_free_at_once(
    asterisk_tree: AsteriskTree, root: Path, subtests: pytest.Subtests
) -> None:
    async def play() -> dict[str, BaseException | None]:
        with hesitating(root) as templates:
            async with (
                open_room(asterisk_tree, timers=TIMES, templates=templates) as room,
                open_house(room, transfers={"ring_seconds": 8}) as house,
            ):
                return await play_in(house, scenes())

    judge(subtests, asyncio.run(play()))
