"""The link and a real Asterisk that refuses, stops, restarts or falls silent."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pbx_bridge.ami import recording
from pbx_bridge.ami.actions import DBGet, QueueAdd, QueueRemove
from pbx_bridge.ami.errors import ActionFailed
from pbx_bridge.asterisk.config import SHARED
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.events import (
    Bridged,
    CallAnswered,
    CallOffered,
    LinkDown,
    LinkUp,
    MemberChanged,
    MemberRemoved,
    MemberStatus,
    Snapshot,
)
from pbx_bridge.settings import Secret
from tests.ami_proxy import proxy_to
from tests.ami_server import listening
from tests.integration.test_ami_facts import LINE, settings
from tests.pbx.room import Room, open_folder, open_room
from tests.until import until

pytestmark = pytest.mark.asterisk


async def test_version_members_and_refusals_as_asterisk_says_them(room: Room) -> None:
    async with listening(settings(room.pbx)) as listener:
        await listener.up()
        assert listener.link.state.version.startswith(room.pbx.tree.version)
        add = QueueAdd("sec", "PJSIP/anna", "Anna Keller", "PJSIP/anna")
        await listener.link.send(add)
        await until(lambda: listener.of(MemberChanged))
        with pytest.raises(ActionFailed, match="Already there"):
            await listener.link.send(add)
        await listener.link.snapshot()
        (member,) = listener.of(Snapshot)[-1].members
        assert (member.interface, member.paused) == ("PJSIP/anna", False)
        assert member.status in {MemberStatus.FREE, MemberStatus.UNAVAILABLE}
        await listener.link.send(QueueRemove("sec", "PJSIP/anna"))
        await until(lambda: listener.of(MemberRemoved))
        with pytest.raises(ActionFailed, match="not found"):
            await listener.link.send(DBGet("line", LINE))


async def test_wrong_secret_is_named(room: Room) -> None:
    async with listening(replace(settings(room.pbx), secret=Secret("falsch"))) as listener:
        assert (await listener.down("wrong_secret")).detail == "Authentication failed"


async def test_missing_privilege_is_named(asterisk_tree: AsteriskTree, root: Path) -> None:
    with open_folder() as folder:
        etc = folder / "asterisk"
        shutil.copytree(root / "docker" / "asterisk", etc)
        manager = etc / "manager.conf"
        rights = "write = call,agent,originate,reporting"
        assert rights in manager.read_text()
        manager.write_text(manager.read_text().replace(rights, "write = call,reporting"))
        async with (
            open_room(asterisk_tree, templates=(SHARED, etc)) as room,
            listening(settings(room.pbx)) as listener,
        ):
            down = await listener.down("missing_privilege")
            assert {"Originate", "QueueAdd", "QueuePause"} <= set(down.detail.split(", "))


async def test_half_open_wire_is_noticed_and_mended(room: Room) -> None:
    async with proxy_to(room.config.ami_port) as proxy, listening(settings(room.pbx, proxy.port)) as listener:
        await listener.up()
        proxy.hearing.clear()
        await listener.down("silent")
        proxy.hearing.set()
        await until(lambda: len(listener.of(LinkUp)) == 2, message="up again")


async def test_orderly_restart_is_a_shutdown_and_comes_back_by_itself(room: Room) -> None:
    async with listening(settings(room.pbx)) as listener:
        await listener.up()
        await room.pbx.restart()
        await until(lambda: len(listener.of(LinkUp)) == 2, message="up again")
        assert listener.of(LinkDown)[0].reason == "shutdown"


async def test_call_in_mid_talk_is_whole_in_the_snapshot_of_a_newcomer(room: Room) -> None:
    async with listening(settings(room.pbx)) as first:
        await first.up()
        await first.link.send(QueueAdd("sec", "PJSIP/anna", "Anna Keller", "PJSIP/anna"))
        await room.far.call(
            LINE, name="Jürgen Groß", diversion="<sip:493023125900@carrier.example>;reason=cfnr"
        )
        await until(lambda: first.of(CallAnswered) and len(first.of(Bridged)) == 2, message="they talk")
        (offered,) = first.of(CallOffered)
        async with listening(settings(room.pbx)) as newcomer:
            await newcomer.up()
            (snapshot,) = newcomer.of(Snapshot)
    caller = next(leg for leg in snapshot.legs if leg.leg == offered.call)
    agent = next(leg for leg in snapshot.legs if leg.leg == offered.leg)
    assert (caller.caller_name, caller.dialled, caller.diversion) == ("Jürgen Groß", LINE, "493023125900")
    assert caller.application == "Queue"
    assert agent.bridge == caller.bridge != ""
    assert snapshot.members[0].status is MemberStatus.IN_USE


async def test_real_recording_has_no_secret_and_can_be_read(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "real.ami"
    await recording.record(settings(room.pbx), file, seconds=0.3)
    data = file.read_bytes()
    assert b"Asterisk Call Manager" in data
    assert b"QueueStatusComplete" in data
    assert room.config.ami_secret.encode() not in data
