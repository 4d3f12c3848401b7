"""What is recorded can be said again, byte by byte, and holds no secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from pbx_bridge.ami import recording
from pbx_bridge.ami.playback import play
from pbx_bridge.calls.events import Bridged, CallArrived, HungUp, LinkDown, Snapshot
from pbx_bridge.settings import AmiSettings
from tests.ami_server import SETTINGS, bridge_enter, fake_ami, listening, message
from tests.until import PATIENCE, until

PLAIN = "tests/recordings/asterisk22-plain-call-caller-hangs-up.ami"


def at(port: int) -> AmiSettings:
    return replace(SETTINGS, port=port)


@asynccontextmanager
async def playing(path: Path, speed: float) -> AsyncIterator[int]:
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(play(path, 0, speed, on_ready=ready.set_result))
    try:
        yield await asyncio.wait_for(ready, PATIENCE)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_recording_holds_what_came_and_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "calls.ami"
    async with fake_ami() as server:
        server.queue = [message("Event: QueueMember", "Queue: sec", "Location: PJSIP/anna", "Status: 1")]
        task = asyncio.create_task(recording.record(server.settings(), file))
        await until(lambda: server.named("QueueStatus"))
        server.say(bridge_enter("Jürgen"))
        await until(lambda: b"rgen" in file.read_bytes())
        server.drop()
        assert (await task).reason == "lost"
    data = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0, "callers' names and numbers are in it"
    assert data.startswith(recording.MAGIC)
    assert b"geheim" not in data
    assert [raw for _, raw in recording.messages(file)][-1].startswith(b"Event: BridgeEnter")
    assert "Bridged(" in "".join(recording.replay(file))

    async with playing(file, speed=0) as port, listening(at(port)) as listener:
        await until(lambda: listener.of(Bridged))
        assert listener.of(Snapshot)[0].members[0].interface == "PJSIP/anna"
        assert listener.of(Bridged)[0].leg == "Jürgen"


async def test_recording_ends_after_its_time(tmp_path: Path) -> None:
    async with fake_ami() as server:
        ended = await recording.record(server.settings(), tmp_path / "calls.ami", seconds=0.1)
        assert ended == LinkDown("shutdown", "the recording is complete")


async def test_recording_with_a_wrong_secret_says_so(tmp_path: Path) -> None:
    async with fake_ami() as server:
        server.special["Login"] = lambda headers: server.refuse(headers, "Authentication failed")
        ended = await recording.record(server.settings(), tmp_path / "calls.ami")
        assert ended == LinkDown("wrong_secret", "Authentication failed")


async def test_recording_looks_on_beside_the_service_or_takes_its_place(tmp_path: Path) -> None:
    file = tmp_path / "calls.ami"
    async with fake_ami() as server:
        await recording.record(server.settings(), file, seconds=0.1)
        assert [sent["Username"] for sent in server.named("Login")] == ["bridge-look"]
        server.actions.clear()
        known = server._login
        server.special["Login"] = lambda headers: (
            known(headers)
            if headers["Username"] == "bridge"
            else server.refuse(headers, "Authentication failed")
        )
        await recording.record(server.settings(), file, seconds=0.1)
        assert [sent["Username"] for sent in server.named("Login")] == ["bridge-look", "bridge"]
    assert file.read_bytes().count(recording.MAGIC) == 1
    assert b"Authentication failed" not in file.read_bytes(), "what is played logs in once"


async def test_bare_stream_is_played_to_whoever_logs_in(root: Path) -> None:
    async with playing(root / PLAIN, speed=0) as port, listening(at(port)) as listener:
        await until(lambda: len(listener.of(HungUp)) == 2)
        assert listener.of(CallArrived)[0].caller_name == "Jürgen Groß"
        assert listener.link.connected


async def test_recording_is_played_in_its_own_time(tmp_path: Path) -> None:
    file = tmp_path / "calls.ami"
    first, second = bridge_enter("1.0"), bridge_enter("1.1")
    file.write_bytes(
        recording.MAGIC + b"0 %d\n%b300 %d\n%b" % (len(first), first, len(second), second) + b"400 99\nkilled"
    )
    async with playing(file, speed=1) as port, listening(at(port)) as listener:
        began = asyncio.get_running_loop().time()
        await until(lambda: len(listener.of(Bridged)) == 2)
        assert asyncio.get_running_loop().time() - began >= 0.25
