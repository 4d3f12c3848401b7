"""A database with one company, a clock to turn, and a worker whose ways out answer as told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

import pytest

from pbx_bridge.outbox.transports.transport import Outcome, Outgoing, Sent
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import NOW, SampleCompany, arrive, furnish


@dataclass
class Post:
    """A way out that answers as told, and keeps what it was given."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    given: list[Outgoing] = field(default_factory=list)
    hold: asyncio.Event | None = None
    leaves_at_once: bool = True
    broken: Exception | None = None
    """What a look whether anybody is there meets."""

    async def send(self, message: Outgoing) -> Outcome:
        if self.leaves_at_once:
            message.leaving.begin()
        self.given.append(message)
        if self.hold:
            await self.hold.wait()
        message.leaving.begin()
        answer = self.answers.pop(0) if self.answers else Sent("gw-1", "250 OK")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def check(self) -> None:
        if self.broken:
            raise self.broken


@dataclass
class Office:
    """A database with one company, a clock to turn, and a worker with its ways out."""

    db: Database
    house: SampleCompany
    now: datetime = NOW
    mail: Post = field(default_factory=Post)
    sms: Post = field(default_factory=Post)
    told: list[str] = field(default_factory=list)
    off: set[Channel] = field(default_factory=set)
    lease_seconds: ClassVar[float] = 60

    def worker(self) -> Worker:
        settings = DeliverySettings(workers=2, lease_seconds=self.lease_seconds, poll_seconds=0.05)
        ways = {Channel.EMAIL: self.mail, Channel.SMS: self.sms}
        on = {channel: way for channel, way in ways.items() if channel not in self.off}
        return Worker(self.db, on, settings, lambda: self.now, self.told.append)

    async def put(self, channel: Channel = Channel.EMAIL, **changes: Any) -> str:
        async with self.db.write() as conn:
            call_id = await arrive(conn, self.house, pbx=new_id())
            note = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(self.house.erika,))
            await notes.insert(
                conn, note, call_id=call_id, customer_id=self.house.customer_id, agent_id=None, now=NOW
            )
            one = Notification(
                new_id(), note.id, self.house.customer_id, channel, MessageKind.NOTE, "erika@example.org",
                "Text", due_at=NOW, created_at=NOW, message_id="<1@example.org>",
            )  # fmt: skip
            await notifications.insert(conn, [replace(one, **changes)])
        return one.id

    async def look(self, notification_id: str) -> Notification:
        async with self.db.read() as conn:
            found = await notifications.by_id(conn, notification_id)
        assert found is not None
        return found

    async def tried(self, notification_id: str, number: int = 1) -> None:
        """Its attempt with this number is over."""
        for _ in range(1500):
            async with self.db.read() as conn:
                attempts = await notifications.attempts_of(conn, notification_id)
            if len(attempts) >= number and attempts[number - 1].outcome is not None:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(attempts)

    async def becomes(self, notification_id: str, state: State) -> Notification:
        found = await self.look(notification_id)
        for _ in range(1000):
            if found.state is state and found.attempts:
                break
            await asyncio.sleep(0.01)
            found = await self.look(notification_id)
        assert found.state is state
        return found


@pytest.fixture
async def office(db: Database) -> Office:
    return Office(db, await furnish(db))


@contextlib.asynccontextmanager
async def at_work(office: Office) -> AsyncIterator[Worker]:
    worker = office.worker()
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await worker.drain(0.1)
