"""An Asterisk of our own starts again whatever became of the last one, and is never run as root."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import Manager
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.runner import AsteriskFailed, RunningAsterisk
from tests.pbx.room import Room, open_folder, quick_config
from tests.pbx.watch import Watch

pytestmark = pytest.mark.asterisk


async def test_it_runs_unprivileged_and_its_secret_is_closed_to_others(room: Room) -> None:
    status = Path(f"/proc/{room.pbx.pid}/status").read_text()
    uid = next(line.split()[1] for line in status.splitlines() if line.startswith("Uid:"))
    assert uid != "0"
    assert (room.pbx.run_dir / "etc").stat().st_mode & 0o077 == 0


async def test_a_run_that_was_killed_leaves_nothing_in_the_way(asterisk_tree: AsteriskTree) -> None:
    with open_folder() as folder:
        lost = RunningAsterisk(asterisk_tree, quick_config(free_port()), folder / "pbx")
        await lost.start()  # and nobody ever stops it, as if we had been killed
        async with RunningAsterisk(asterisk_tree, lost.config, folder / "pbx") as next_one:
            assert await lost.ended() != 0
            assert next_one.pid != lost.pid


async def test_a_pid_file_of_somebody_else_harms_nobody(asterisk_tree: AsteriskTree) -> None:
    with open_folder() as folder:
        (folder / "pbx").mkdir()
        (folder / "pbx" / "asterisk.pid").write_text(str(os.getpid()))
        async with RunningAsterisk(asterisk_tree, quick_config(free_port()), folder / "pbx") as asterisk:
            assert asterisk.pid != os.getpid()


async def test_a_taken_port_is_told_with_the_log(asterisk_tree: AsteriskTree, room: Room) -> None:
    another = replace(room.config, ami_secret="of another run")
    with open_folder() as folder, pytest.raises(AsteriskFailed, match="did not start"):
        await RunningAsterisk(asterisk_tree, another, folder / "second").start()


async def test_frozen_it_answers_nothing_and_thawed_it_goes_on(room: Room) -> None:
    config = room.config
    room.pbx.freeze()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await Manager.connect(config.ami_port, config.ami_user, config.ami_secret, lambda _: None)
    room.pbx.thaw()
    manager = await Manager.connect(config.ami_port, config.ami_user, config.ami_secret, lambda _: None)
    await manager.close()


async def test_calls_end_with_a_restart_and_new_ones_come_in(room: Room, watch: Watch) -> None:
    before = await room.far.call("493023125100")
    await watch.seen("QueueCallerJoin")
    await room.pbx.restart()
    await room.far.over(before)
    after = await room.far.call("493023125100")
    await room.far.hears(after, "music")
