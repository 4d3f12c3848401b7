"""Our PBX and the service seen from outside, where every byte can be chosen: `trunk`, and a `stranger`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.errors import LinkGone
from pbx_bridge.asterisk.config import PbxConfig
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.asterisk.runner import RunningAsterisk
from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.state import CallState
from tests.integration.service import Service, open_service
from tests.integration.test_pbx_rights import WANTED
from tests.pbx.hostile import MARK, Victim
from tests.pbx.raw_sip import RawSip, raw_sip
from tests.pbx.room import open_folder, quick_config
from tests.pbx.sip_message import Invite, Phone, answers
from tests.until import until

TRUNK, STRANGER = "127.0.0.1", "127.0.0.2"
AGENTS = ("anna", "ben", "carla", "dora")
AT_ONCE = 12
ANY_BREAK = re.compile(rb"[\r\n\x0b\x0c\x1c-\x1e]|\xc2\x85|\xe2\x80[\xa8\xa9]")


@dataclass
class Stream:
    """The bytes that the service's manager user gets, on a connection of our own."""

    data: bytearray = field(default_factory=bytearray)

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Until cancelled."""
        while got := await reader.read(65_536):
            self.data += got

    @property
    def frames(self) -> list[bytes]:
        """Every whole message but the answer to our log-in."""
        return bytes(self.data).split(b"\r\n\r\n")[1:-1]

    def count(self, event: str) -> int:
        """So many messages with this first line, or this name of a UserEvent."""
        first, named = f"Event: {event}\r\n".encode(), f"\r\nUserEvent: {event}\r\n".encode()
        return sum(frame.startswith(first) or named in frame for frame in self.frames)

    def has_joined(self, calls: int) -> bool:
        """So many callers have come into the queue."""
        return self.count("QueueCallerJoin") >= calls

    @property
    def forged(self) -> list[bytes]:
        """Lines that only a forger writes, for every reader's idea of what ends a line."""
        return [line for line in ANY_BREAK.split(bytes(self.data)) if line.startswith(MARK.encode())]

    @property
    def named(self) -> set[str]:
        """What all messages call themselves."""
        return {frame.split(b"\r\n")[0].removeprefix(b"Event: ").decode() for frame in self.frames}

    @property
    def calls(self) -> set[str]:
        """The calls that our dial plan's messages are about."""
        lines = {line for frame in self.frames for line in frame.split(b"\r\n")}
        return {line[6:].decode() for line in lines if line.startswith(b"Call: ")}


@dataclass(frozen=True)
class RawPeers:
    """`trunk` calls from the trunk's address and is all phones; `stranger` has another address."""

    config: PbxConfig
    trunk: RawSip
    stranger: RawSip
    stream: Stream
    service: Service

    @property
    def calls(self) -> list[CallState]:
        """What the service knows."""
        return list(self.service.registry.calls.values())

    @property
    def callers(self) -> list[Invite]:
        """The calls that we made from the trunk."""
        return list(self.trunk.calls.values())

    async def agent(self, name: str, phone: Phone) -> None:
        """An agent is there, whose phone does this."""
        self.trunk.phones[name.encode()] = phone
        assert await self.service.queue.ready(f"PJSIP/{name}", name) is None

    async def bystander(self) -> Victim:
        """A call in conversation with Anna, who takes no other."""
        await self.agent("anna", answers)
        self.trunk.send(Invite())
        await until(lambda: any(call.phase is Phase.TALKING for call in self.calls), message="a conversation")
        assert await self.service.queue.pause("PJSIP/anna", "test") is None
        (call,) = self.calls
        assert call.agent
        await until(lambda: self.service.registry.agents["PJSIP/anna"].paused, message="Anna takes no other")
        return Victim(call.pbx_call, call.channel, call.agent, call.agent_leg, call.agent_channel)

    @asynccontextmanager
    async def nothing_believed(self) -> AsyncIterator[Victim]:
        """Whatever happens meanwhile: nothing forged in the stream, and the bystander has noticed nothing."""
        victim = await self.bystander()
        before, agent = self.service.registry.calls[victim.call], self.service.registry.agents[victim.agent]
        looking = asyncio.create_task(look_all_the_time(self.service))
        try:
            yield victim
        finally:
            looking.cancel()
        assert self.stream.forged == []
        assert self.stream.named <= WANTED
        await until(
            lambda: self.stream.calls <= {call.pbx_call for call in self.calls}, message="no other call"
        )
        assert self.service.registry.calls[victim.call] == before
        assert self.service.registry.agents[victim.agent] == agent
        assert set(self.service.registry.agents) <= {f"PJSIP/{name}" for name in AGENTS}
        assert (self.service.link.counts.connects, self.service.link.counts.losses) == (1, 0)

    async def all_reach_the_queue(
        self, invites: list[Invite], then: Callable[[], object] = lambda: True
    ) -> None:
        """Each is accepted and joins the queue; when all have, and `then`, they hang up."""
        for start in range(0, len(invites), AT_ONCE):
            group = invites[start : start + AT_ONCE]
            joined = self.stream.count("QueueCallerJoin") + len(group)
            for invite in group:
                self.trunk.send(invite)
            statuses = {invite.user: await self.trunk.answered(invite) for invite in group}
            assert set(statuses.values()) == {200}, statuses
            await until(partial(self.stream.has_joined, joined), message="all are offered")
            await until(then)
            for invite in group:
                self.trunk.hang_up(invite)

    async def name_line(self, number: str) -> None:
        """The PBX knows it as one of ours."""
        await self.service.link.send(
            Originate(
                attempt=f"line-{number}",
                channel=f"Local/{number}@sec-line/n",
                context="sec-line",
                exten="done",
                variables=(("_SEC_COMPANY", "Mustermann"),),
            )
        )

    def rings(self, agent: str) -> bool:
        """This phone is the last one that was rung."""
        return self.trunk.rung[-1].user == agent.encode()

    async def quiet(self) -> None:
        """All calls but the bystander's are over."""
        await until(lambda: sum(call.live for call in self.calls) <= 1, message="all others are gone")


@asynccontextmanager
async def open_street(tree: AsteriskTree, **changes: object) -> AsyncIterator[RawPeers]:
    """Running; `changes` replace fields of the PbxConfig."""
    port = free_port()
    config = replace(quick_config(port, AGENTS), rtp_timeout=0)
    config = replace(config, **changes)  # type: ignore[arg-type]  # fields by name
    pbx_address = (TRUNK, config.sip_port)
    with open_folder() as folder:
        async with (
            RunningAsterisk(tree, config, folder / "pbx"),
            raw_sip((TRUNK, port), pbx_address) as trunk,
            raw_sip((STRANGER, port), pbx_address) as stranger,
            open_service(config.ami_port, config.ami_user, config.ami_secret) as service,
            listening(config) as stream,
        ):
            yield RawPeers(config, trunk, stranger, stream, service)


@asynccontextmanager
async def listening(config: PbxConfig) -> AsyncIterator[Stream]:
    """Logged in as the service is."""
    stream = Stream()
    reader, writer = await asyncio.open_connection(TRUNK, config.ami_port)
    login = f"Action: Login\r\nUsername: {config.ami_user}\r\nSecret: {config.ami_secret}\r\n\r\n"
    writer.write(login.encode())
    reading = asyncio.create_task(stream.read(reader))
    await until(lambda: b"Authentication accepted" in stream.data, message="logged in")
    try:
        yield stream
    finally:
        reading.cancel()
        writer.close()


async def look_all_the_time(service: Service) -> None:
    """A snapshot lists channels as they are, also those that have not taken their first step."""
    while True:
        try:
            await service.link.snapshot()
        except LinkGone:
            return  # the link's own counts tell
        await asyncio.sleep(0.03)
