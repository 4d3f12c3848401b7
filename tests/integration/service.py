"""The service's heart on a real PBX: link, dispatcher, registry, put-throughs; no desk, no database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from pbx_bridge.ami.link import AmiLink
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.effects import PhoneRefuses
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.inbox import Inbox
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.refusals import Refusals
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.request import ask
from pbx_bridge.directory.resolver import Resolver
from pbx_bridge.settings import AmiSettings
from pbx_bridge.settings.values import Secret
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.executor import Executor
from pbx_bridge.transfers.gate import Gate
from pbx_bridge.transfers.reducer import PutThroughs
from rules.decision import Refused
from tests.calls.sample_index import index
from tests.until import until


class Recorder:
    """A reducer that keeps every message, in order."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def apply(self, message: Message, _now: datetime) -> list[Effect]:
        self.messages.append(message)
        return []

    def deadline(self) -> datetime | None:
        return None

    def tick(self, _now: datetime) -> list[Effect]:
        return []


class RecordingGate(Gate):
    """What is not believed is kept with all else, and by itself."""

    def __init__(self, registry: Registry, transfers: PutThroughs, told: Recorder) -> None:
        super().__init__(registry, transfers)
        self._told = told
        self.refused: list[Message] = []

    def refuses(self, message: Message, now: datetime) -> list[Effect] | None:
        instead = super().refuses(message, now)
        if instead is not None:
            self._told.messages.append(message)
        self.refused += [message] if instead else []
        return instead


class Service:
    """Running between `open_service` and its end."""

    def __init__(self, port: int, user: str, secret: str) -> None:
        self.registry = Registry(Resolver(index()), CallNames(), datetime.now(UTC))
        self.transfers = PutThroughs(self.registry)
        self.told = Recorder()
        self.gate = RecordingGate(self.registry, self.transfers, self.told)
        self.ended: list[msg.AttemptEnded] = []
        handlers = self._handlers = dict[type, object]()
        self.inbox = Inbox()
        self.dispatcher = Dispatcher(
            self.inbox,
            (self.registry, self.transfers, Refusals(self.registry), self.told),
            handlers,  # type: ignore[arg-type]  # filled below
            lambda: datetime.now(UTC),
            gate=self.gate,
        )
        settings = AmiSettings(port=port, username=user, secret=Secret(secret), backoff_min_seconds=0.05)
        self.link = AmiLink(settings, self.inbox.put)
        self.queue = AgentQueue(self.link)
        self.executor = Executor(self.link, self.registry.calls, self.inbox.put)
        handlers |= {
            msg.Send: self.executor.send,
            fx.Look: self.executor.look,
            msg.AttemptEnded: self._ended,
            PhoneRefuses: self._phone_refuses,
        }

    async def ask(self, command: msg.Ask) -> Refused | None:
        return await ask(self.inbox.put, command)

    def only_watch(self) -> None:
        """From now on nothing is done to the PBX, as if we were not there."""
        for kind in (msg.Send, fx.Look):
            self._handlers.pop(kind)

    async def _phone_refuses(self, effect: PhoneRefuses) -> None:
        await self.queue.pause(effect.interface, effect.how)

    async def _ended(self, effect: msg.AttemptEnded) -> None:
        self.ended.append(effect)


@asynccontextmanager
async def open_service(port: int, user: str, secret: str) -> AsyncIterator[Service]:
    """Connected, and its first snapshot applied."""
    service = Service(port, user, secret)
    tasks = [asyncio.create_task(service.dispatcher.run()), asyncio.create_task(service.link.run())]
    try:
        await until(lambda: service.registry.link.up, message="the service is connected")
        yield service
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
