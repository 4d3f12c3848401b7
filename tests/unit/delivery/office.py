"""A database with one company, a clock to turn, and a worker whose ways out answer as told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from pbx_bridge.delivery.transport import Outcome, Outgoing, Sent
from pbx_bridge.delivery.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage import notes, notifications
from pbx_bridge.storage.engine import Database
from pbx_bridge.storage.ids import new_id
from pbx_bridge.storage.notifications import Notification, State
from rules.model import CallNote, Channel, MessageKind
from tests.house import NOW, House, arrive, furnish


@dataclass
class Post:
    """A way out that answers as told, and keeps what it was given."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    given: list[Outgoing] = field(default_factory=list)
    hold: asyncio.Event | None = None
    broken: Exception | None = None
    """What a look whether anybody is there meets."""

    async def send(self, message: Outgoing) -> Outcome:
        self.given.append(message)
        if self.hold:
            await self.hold.wait()
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
    house: House
    now: datetime = NOW
    mail: Post = field(default_factory=Post)
    sms: Post = field(default_factory=Post)
    told: list[str] = field(default_factory=list)

    def worker(self) -> Worker:
        settings = DeliverySettings(workers=2, lease_seconds=60, poll_seconds=0.05)
        ways = {Channel.EMAIL: self.mail, Channel.SMS: self.sms}
        return Worker(self.db, ways, settings, lambda: self.now, self.told.append)

    async def put(self, channel: Channel = Channel.EMAIL) -> str:
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
            await notifications.insert(conn, [one])
        return one.id

    async def look(self, notification_id: str) -> Notification:
        async with self.db.read() as conn:
            found = await notifications.by_id(conn, notification_id)
        assert found is not None
        return found

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
