"""The facts about AMI that shape the link, each on the real Asterisk; numbers as in our list of facts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from pbx_bridge.ami.actions import Getvar, Originate, Ping, QueueAdd, QueuePause
from pbx_bridge.ami.codec import encode
from pbx_bridge.ami.errors import LinkGone, Unsendable
from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.calls.events import (
    CallAnswered,
    CallArrived,
    HungUp,
    LinkDown,
    LinkUp,
    MemberChanged,
    Snapshot,
)
from pbx_bridge.settings import AmiSettings, Secret
from tests.ami_proxy import Proxy, proxy_to
from tests.ami_server import SETTINGS, Listener, listening
from tests.pbx.room import Room
from tests.until import PATIENCE, until

pytestmark = pytest.mark.asterisk

LINE = "493023125100"
EMPLOYEE = "493023125700"


def settings(pbx: RunningAsterisk, port: int = 0) -> AmiSettings:
    config = pbx.config
    return replace(
        SETTINGS,
        port=port or config.ami_port,
        username=config.ami_user,
        secret=Secret(config.ami_secret),
        action_timeout_seconds=3,
        connect_timeout_seconds=3,
    )


@dataclass(frozen=True)
class World:
    """The room, a link through a proxy, and Anna in the queue."""

    room: Room
    proxy: Proxy
    listener: Listener

    async def talk(self, name: str = "Hans Müller") -> tuple[FarEndCaller, CallArrived, CallAnswered]:
        caller = await self.room.far.call(LINE, name=name)
        await until(lambda: self.listener.of(CallAnswered), message="Anna answers")
        return caller, self.listener.of(CallArrived)[-1], self.listener.of(CallAnswered)[-1]

    def ring(self, arrived: CallArrived, answered: CallAnswered, number: int = 1) -> Originate:
        attempt = f"{arrived.call}-a{number}"
        told = {"CALL": arrived.call, "CHAN": arrived.channel, "AGENT": answered.channel, "ATT": attempt}
        return Originate(
            attempt,
            f"Local/{EMPLOYEE}@sec-target/n",
            "sec-answered",
            caller_name="Müller, Hans",
            caller_number="+491713920042",
            variables=tuple((f"__SEC_{key}", value) for key, value in told.items()),
        )

    async def back_up(self) -> Snapshot:
        """After a loss: up again, with the truth."""
        await until(self._newer, 30, "up again")
        await until(lambda: self.listener.link.connected)
        return self.listener.of(Snapshot)[-1]

    def _newer(self) -> bool:
        """However often it was told down: a PBX that has only begun says so once more."""
        told = (event for event in reversed(self.listener.events) if isinstance(event, LinkUp | LinkDown))
        return isinstance(next(told), LinkUp)


@pytest.fixture
async def world(room: Room) -> AsyncIterator[World]:
    async with (
        proxy_to(room.config.ami_port) as proxy,
        listening(settings(room.pbx, proxy.port)) as listener,
    ):
        await listener.up()
        await listener.link.send(QueueAdd("sec", "PJSIP/anna", "Anna Keller", "PJSIP/anna"))
        yield World(room, proxy, listener)


@asynccontextmanager
async def raw_session(
    pbx: RunningAsterisk,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Logged in without any guard, as a naive build would be; events off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", pbx.config.ami_port)
    credentials = [("Username", pbx.config.ami_user), ("Secret", pbx.config.ami_secret)]
    writer.write(encode([("Action", "Login"), *credentials]))
    try:
        await asyncio.wait_for(reader.readuntil(b"Authentication accepted\r\n\r\n"), PATIENCE)
        yield reader, writer
    finally:
        writer.transport.abort()


def hung_up(world: World, call: str) -> list[HungUp]:
    """Legs of this call of whose end we heard."""
    return [event for event in world.listener.of(HungUp) if event.call == call]


async def test_fact_01_an_unanswered_originate_rings_one_phone_not_two(world: World) -> None:
    await world.room.far.behave(EMPLOYEE, "ring")
    _, arrived, answered = await world.talk()
    world.proxy.hearing.clear()
    sending = asyncio.create_task(world.listener.link.send(world.ring(arrived, answered)))
    await world.room.far.rang(EMPLOYEE)
    world.proxy.cut()
    world.proxy.hearing.set()
    with pytest.raises(LinkGone, match="outcome unknown"):
        await sending
    snapshot = await world.back_up()
    assert f"{arrived.call}-a1" in {leg.leg for leg in snapshot.legs}, "looked, not sent again"
    await world.listener.link.send(Ping())
    assert world.proxy.sent.count(b"@sec-target/n") == 1
    assert world.room.far.phone(EMPLOYEE).rings == 1


async def test_fact_02_the_attempts_id_lets_only_one_leg_live(world: World) -> None:
    await world.room.far.behave(EMPLOYEE, "ring")
    _, arrived, answered = await world.talk()
    ring = world.ring(arrived, answered)
    await world.listener.link.send(ring)
    await world.room.far.rang(EMPLOYEE)
    await world.listener.link.send(ring)
    await world.listener.link.snapshot()
    legs = [leg.leg for leg in world.listener.of(Snapshot)[-1].legs]
    assert legs.count(ring.attempt) == 1
    assert world.room.far.phone(EMPLOYEE).rings == 1


async def test_fact_03_a_bare_line_feed_is_a_line_end_for_asterisk_and_never_leaves_us(world: World) -> None:
    async with raw_session(world.room.pbx) as (reader, writer):
        writer.write(b"Action: Getvar\r\nVariable: EPOCH\nActionID: injected\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b"ActionID: injected\r\n"), PATIENCE)
    for sign in "\n\r\0\x85\u2028\u2029":
        with pytest.raises(Unsendable):
            await world.listener.link.send(Getvar(f"EPOCH{sign}ActionID: injected"))
    assert b"injected" not in world.proxy.sent


async def test_fact_04_a_stopped_pbx_is_known_in_time_and_does_not_count_as_connected(room: Room) -> None:
    async with listening(settings(room.pbx)) as listener:
        await listener.up()
        room.pbx.freeze()
        try:
            await listener.down("silent")
            short = replace(settings(room.pbx), connect_timeout_seconds=0.3)
            async with listening(short) as late:
                await late.down("silent")
                assert not late.link.connected
        finally:
            room.pbx.thaw()
        await until(lambda: listener.link.connected, message="up again after SIGCONT")


async def test_fact_05_a_flood_is_read_as_fast_as_asterisk_writes_it(world: World) -> None:
    """Asterisk cuts off whoever does not read for `writetimeout`; so all must arrive, on one connection."""
    wanted = 12_000
    for start in range(0, wanted, 200):
        toggles = [
            QueuePause("PJSIP/anna", paused=number % 2 == 0, reason=str(number))
            for number in range(start, start + 200)
        ]
        await world.listener.link.send_together(*toggles)

    def told() -> list[str]:
        return [event.reason for event in world.listener.of(MemberChanged) if event.reason]

    await until(lambda: len(told()) >= wanted, message="the last ones follow their responses")
    assert told() == [str(number) for number in range(wanted)]
    assert not world.listener.of(LinkDown)


async def test_fact_06_umlauts_and_order_survive_a_wire_that_dribbles(world: World) -> None:
    world.proxy.dribble = True
    caller, arrived, _ = await world.talk("Jürgen Groß")
    assert arrived.caller_name == "Jürgen Groß"
    await world.room.far.hang_up(caller)
    await until(lambda: [e for e in world.listener.of(HungUp) if e.leg == arrived.call])
    story = [
        type(event).__name__ for event in world.listener.events if getattr(event, "call", "") == arrived.call
    ]
    ordered = ["CallArrived", "QueueJoined", "CallOffered", "CallAnswered", "Bridged", "HungUp"]
    assert sorted(ordered, key=story.index) == ordered


async def test_fact_07_what_happened_while_we_were_away_is_in_the_snapshot(world: World) -> None:
    caller, arrived, answered = await world.talk()
    await world.proxy.stop()
    await world.listener.down("lost")
    await world.room.far.hang_up(caller)
    await world.room.far.over("anna")
    heard = len(hung_up(world, arrived.call))
    await world.proxy.start()
    snapshot = await world.back_up()
    assert arrived.call not in {leg.call for leg in snapshot.legs}
    assert len(hung_up(world, arrived.call)) == heard, "Asterisk does not say it again"
    assert [member.interface for member in snapshot.members] == [answered.interface]


async def test_fact_07_killed_pbx_says_no_hangup_and_the_snapshot_has_no_call(world: World) -> None:
    _, arrived, _ = await world.talk()
    await world.room.pbx.kill()
    await world.listener.down("lost")
    assert not hung_up(world, arrived.call)
    await world.room.pbx.start()
    snapshot = await world.back_up()
    assert [leg for leg in snapshot.legs if leg.call] == []  # what asks the PBX's memory belongs to no call
    assert [member.interface for member in snapshot.members] == ["PJSIP/anna"], "nobody is signed out by it"


async def test_fact_08_calls_outlive_us_and_are_adopted(world: World) -> None:
    person, arrived, answered = await world.talk()
    await world.listener.link.send(world.ring(arrived, answered))
    await world.room.far.talks(EMPLOYEE)
    await world.listener.stop()
    await world.room.far.converse(person, "anna")
    async with listening(settings(world.room.pbx)) as reborn:
        await reborn.up()
        legs = {leg.leg: leg for leg in reborn.of(Snapshot)[0].legs}
    caller, agent, employee = legs[arrived.call], legs[answered.leg], legs[f"{arrived.call}-a1"]
    assert {leg.call for leg in (caller, agent, employee)} == {arrived.call}
    assert caller.bridge == agent.bridge != ""
    assert caller.caller_name == "Hans Müller"
    assert caller.dialled == LINE
    assert employee.up


async def test_fact_09_asterisk_would_start_any_application_and_we_never_name_one(world: World) -> None:
    async with raw_session(world.room.pbx) as (reader, writer):
        writer.write(
            b"Action: Originate\r\nActionID: x\r\nChannel: Local/493023125100@sec-line/n\r\n"
            b"Application: Wait\r\nData: 1\r\nAsync: true\r\n\r\n"
        )
        await asyncio.wait_for(reader.readuntil(b"successfully queued\r\n"), PATIENCE)
    _, arrived, answered = await world.talk()
    ring = world.ring(arrived, answered)
    for evil in (
        replace(ring, context="from-trunk"),
        replace(ring, channel="PJSIP/490900123456@trunk"),
        replace(ring, channel=f"Local/{EMPLOYEE}@from-trunk/n"),
    ):
        with pytest.raises(Unsendable):
            await world.listener.link.send(evil)
    await world.listener.link.send(ring)
    assert b"Application" not in world.proxy.sent


async def test_fact_14_no_log_line_holds_the_action_that_was_on_its_way(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, arrived, answered = await world.talk()
    world.proxy.hearing.clear()
    sending = asyncio.create_task(world.listener.link.send(world.ring(arrived, answered)))
    await until(lambda: b"Action: Originate" in world.proxy.sent)
    world.proxy.cut()
    world.proxy.hearing.set()
    await asyncio.gather(sending, return_exceptions=True)
    await world.listener.down("lost")
    for personal in ("Müller", "491713920042", EMPLOYEE, world.room.config.ami_secret):
        assert personal not in caplog.text
