"""Scenes under their names: each is played on a floor beside all others, and is a test of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.outcome_rig import OutcomeRig, open_floor

Scene = Callable[[OutcomeRig], Awaitable[None]]
Played = TypeVar("Played")
LONGEST = 240  # seconds


class Named(Generic[Played]):
    """`@scene("what happens: what must be true")` adds a scene under its name."""

    def __init__(self) -> None:
        self.scenes: dict[str, Played] = {}

    def __call__(self, name: str) -> Callable[[Played], Played]:
        def add(scene: Played) -> Played:
            assert name not in self.scenes
            self.scenes[name] = scene
            return scene

        return add


class Scenes(Named[Scene]):
    """Scenes on one floor; `play` plays all of them at once."""

    async def play(self, tree: AsteriskTree, **changes: object) -> dict[str, BaseException | None]:
        """How each scene ended: None, or what was wrong. `changes` as for `open_room`."""
        names = list(self.scenes)
        async with open_floor(tree, **changes) as floor:
            ends = await asyncio.gather(
                *(_timed(self.scenes[name](floor)) for name in names), return_exceptions=True
            )
        return dict(zip(names, ends, strict=True)) | {"all that the PBX told is believed": _doubts(floor)}


def _doubts(floor: OutcomeRig) -> BaseException | None:
    """But what a scene did behind the service's back."""
    doubted = [
        told for told in floor.service.gate.refused if not floor.behind or floor.behind not in str(told)
    ]
    return AssertionError(f"doubted: {doubted}") if doubted else None


async def _timed(scene: Awaitable[None]) -> None:
    """A telephone that was waited for in vain says so itself, with another TimeoutError."""
    try:
        async with asyncio.timeout(LONGEST) as limit:
            await scene
    except TimeoutError:
        if limit.expired():
            pytest.fail(f"the scene hung for {LONGEST} s")
        raise


def judge(subtests: pytest.Subtests, ends: dict[str, BaseException | None]) -> None:
    """Each scene is a test of its own in the report."""
    for name, end in ends.items():
        with subtests.test(name):
            if end is not None:
                raise end
