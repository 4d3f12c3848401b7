"""Asterisk lets in one service at a time: the second is told so, and is the next when the first has ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pbx_bridge import checks
from pbx_bridge.ami import recording
from pbx_bridge.asterisk.config import PbxConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.calls.events import LinkDown
from pbx_bridge.settings import AmiSettings, Secret, Settings
from tests.ami_server import SETTINGS, listening
from tests.pbx.room import open_folder, quick_config
from tests.until import until

pytestmark = pytest.mark.asterisk


@asynccontextmanager
async def as_delivered(tree: AsteriskTree) -> AsyncIterator[RunningAsterisk]:
    """With the manager.conf that operators have."""
    with open_folder() as folder:
        config = quick_config(free_port(), kind=PbxConfig)
        async with RunningAsterisk(tree, config, folder / "pbx") as pbx:
            yield pbx


def service_of(pbx: RunningAsterisk) -> AmiSettings:
    config = pbx.config
    return replace(SETTINGS, port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))


async def _one_at_a_time(pbx: RunningAsterisk) -> None:
    service = service_of(pbx)
    async with listening(service) as first:
        await first.up()
        async with listening(service) as second:
            assert await second.down("in_use") == LinkDown("in_use", "Login Already In Use")
            assert first.link.connected
            await first.stop()
            await second.up()


async def test_the_second_waits_and_is_the_next(asterisk_tree: AsteriskTree, tmp_path: Path) -> None:
    async with as_delivered(asterisk_tree) as pbx:
        await _one_at_a_time(pbx)
        service = service_of(pbx)
        async with listening(service) as running:
            await running.up()
            found = await checks.try_pbx(replace(Settings(), ami=service))
            assert (found.ok, "looked on" in found.words) == (True, True), found.words
            ended = await recording.record(service, tmp_path / "calls.ami", seconds=0.1)
            assert ended.reason == "shutdown"
            assert b"CoreShowChannelsComplete" in (tmp_path / "calls.ami").read_bytes()
            assert not running.of(LinkDown), "nobody was in the way of the service"
            await pbx.restart()  # with a service that waits for it
            await until(lambda: running.link.connected, message="back")


async def test_the_same_on_the_oldest(oldest_asterisk: AsteriskTree) -> None:
    async with as_delivered(oldest_asterisk) as pbx:
        await _one_at_a_time(pbx)
