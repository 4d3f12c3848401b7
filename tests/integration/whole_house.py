"""The whole service as a process, with a real PBX, a real mail server and desks: faults come from outside."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from pbx_bridge.asterisk.config import Timers
from pbx_bridge.asterisk.far_end import Doing, FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.demo import cast
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from rules.model import Customer, Employee
from tests.integration.serve_process import Sections, ServeProcess
from tests.mail_server import LOGIN, PASSWORD, MailServer, running_mail_server
from tests.pbx.room import CALM, Room, open_folder, open_room
from tests.until import eventually, until

PATIENCE = 30.0
STRANGER = "491713920077"


@dataclass
class WholeHouse:
    """`room` None: nobody telephones here, and the PBX is simply not there."""

    service: ServeProcess
    mail: MailServer
    room: Room | None
    companies: tuple[Customer, ...]
    folder: Path
    url: str
    stack: AsyncExitStack
    callers: list[FarEndCaller] = field(default_factory=list)

    # ---- desks

    async def desk(self, login: str) -> Desk:
        """Logged in, with its first picture."""
        who = next(who for who in cast.log_ins() if who.login == login)
        return await self.stack.enter_async_context(Desk(self.url, who))

    async def kill_service(self, *desks: Desk) -> None:
        """Dead at once, and back; the desks come back by themselves, log-in and all."""
        await self.service.kill()
        for desk in desks:
            await desk.disconnect()
        await self.service.start()
        for desk in desks:
            await desk.connect()

    def person(self, name: str) -> Employee:
        """Somebody of the cast."""
        return next(
            person for company in self.companies for person in company.employees if person.name == name
        )

    async def save(self, desk: Desk, call: str, concern: str, to: str = "Petra Lange") -> p.Answer:
        """The agent saves a note for this employee."""
        body = p.NoteBody(name="Hans Müller", concern=concern, recipients=[self.person(to).id])
        return await desk.ask(p.SaveNote, call=call, body=body)

    # ---- telephones

    @property
    def phones(self) -> Room:
        assert self.room is not None
        return self.room

    async def talk(self, desk: Desk, line: int = 0, number: str = STRANGER, **who: Any) -> str:
        """Somebody calls this company and talks to this agent, the only one who is ready: the call's id."""
        await self.phones.far.behave(desk.who.phone, "answer:0")
        await desk.ask(p.Ready)
        await desk.until(lambda now: now.me.state == "ready", "ready", PATIENCE)
        before = {call.view.call for call in desk.picture.calls}

        def fresh(now: p.Snapshot) -> list[str]:
            return [c.view.call for c in now.calls if c.view.call not in before and "hold" in c.view.may]

        self.callers.append(await self.phones.far.call(cast.own_lines()[line].lstrip("+"), number, **who))
        call = fresh(await desk.until(fresh, "a call in conversation", PATIENCE))[0]
        await self.phones.far.converse(self.callers[-1], desk.who.phone)
        return call

    async def consult(self, desk: Desk, call: str, name: str) -> None:
        """This employee is rung, picks up, and talks to the agent."""
        await self.phones.far.behave(self.person(name).extension.lstrip("+"), "answer:0")
        answer = await desk.ask(p.Ring, call=call, employee=self.person(name).id)
        assert answer.ok, answer
        await shows(desk, call, lambda view: view.put_through and view.put_through.step == "consulting")
        await self.phones.far.converse(desk.who.phone, self.person(name).extension.lstrip("+"))

    async def put_through(self, desk: Desk, call: str, name: str) -> None:
        """… and takes the call; both are on the line."""
        await self.consult(desk, call, name)
        assert (await desk.ask(p.Connect, call=call)).ok
        await shows(desk, call, lambda view: view.phase == "joined")
        far = self.phones.far
        await until(lambda: far.phone(desk.who.phone).doing is not Doing.TALKING, message="the agent is free")
        await far.converse(self.callers[-1], self.person(name).extension.lstrip("+"))

    async def hang_up(self) -> None:
        """All callers."""
        for caller in self.callers:
            await self.phones.far.hang_up(caller)
        self.callers.clear()

    # ---- what is stored, and what has arrived: asked of SQLite and of the mail server themselves

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The file, opened beside the service."""
        with closing(
            sqlite3.connect(self.folder / "house.db", timeout=5, isolation_level=None)
        ) as connection:
            yield connection

    def ask(self, query: str) -> list[Any]:
        """Rows of one column as values, of several as tuples."""
        with self.database() as connection:
            return [row[0] if len(row) == 1 else row for row in connection.execute(query)]

    def arrived(self, concern: str) -> list[EmailMessage]:
        """Mails with this text, oldest first."""
        return [mail for mail in self.mail.inbox if concern in text_of(mail)]

    async def delivered(self, *, minutes: bool = True) -> None:
        """Nothing is under way any more. `minutes`: the pauses before new tries pass in no time."""

        def done() -> bool:
            if minutes:
                with self.database() as connection:
                    connection.execute("UPDATE notification SET due_at = created_at WHERE state = 'waiting'")
            return not self.ask("SELECT id FROM notification WHERE state IN ('waiting', 'sending')")

        end = asyncio.get_running_loop().time() + PATIENCE
        while not await asyncio.to_thread(done):
            assert asyncio.get_running_loop().time() < end, self.ask(
                "SELECT state, attempts FROM notification"
            )
            await asyncio.sleep(0.2)


async def shows(desk: Desk, call: str, holds: Any) -> p.CallView:
    """Wait until the desk shows this call like that."""

    def fits(_: p.Snapshot) -> object:
        found = desk.open(call)
        return found and holds(found.view)

    await desk.until(fits, f"call as wanted, not {desk.open(call) and desk.open(call).view}", PATIENCE)  # type: ignore[union-attr]  # `and`
    found = desk.open(call)
    assert found is not None
    return found.view


async def signed_out(desk: Desk) -> None:
    """Out of the queue. A screen is empty a moment before the PBX says that the phone has hung up."""

    async def taken() -> bool:
        return (await desk.ask(p.SignOut)).ok

    await eventually(taken, f"{desk.who.name} may sign out")
    await desk.until(lambda now: now.me.state == "signed_out", "nobody in the queue", PATIENCE)


@asynccontextmanager
async def open_house(
    tree: AsteriskTree | Room | None, open_calls: int = 0, timers: Timers = CALM, **changes: dict[str, Any]
) -> AsyncIterator[WholeHouse]:
    """Running. `tree` None: without telephones; a Room: with these. `open_calls`: Anna's from before, whose
    notes are still to be written. `timers`: the dial plan's. `changes`: keys of sections of the settings."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(open_folder())
        mail = await stack.enter_async_context(running_mail_server(folder))
        room = tree if isinstance(tree, Room) else None
        if isinstance(tree, AsteriskTree):
            room = await stack.enter_async_context(open_room(tree, timers=timers))
        companies = await _furnish(folder, open_calls)
        port = free_port()
        plain = _settings(folder, mail, room, port)
        settings = {
            section: plain.get(section, {}) | changes.get(section, {})
            for section in [*plain, *(changes.keys() - plain.keys())]
        }
        secrets = {
            "PBX_BRIDGE_AMI_SECRET": room.config.ami_secret if room else "nobody asks",
            "PBX_BRIDGE_MAIL_PASSWORD": PASSWORD,
        }
        service = ServeProcess(folder / "settings.toml", settings, secrets)
        stack.push_async_callback(service.kill)
        await service.start()
        house = WholeHouse(service, mail, room, companies, folder, f"http://localhost:{port}", stack)
        yield house


def _settings(folder: Path, mail: MailServer, room: Room | None, port: int) -> Sections:
    return {
        "web": {"port": port, "public_url": f"http://localhost:{port}"},
        "database": {"url": f"sqlite:///{folder / 'house.db'}", "busy_timeout_seconds": 1},
        "ami": {
            "port": room.config.ami_port if room else free_port(),
            "ping_seconds": 0.5,
            "dead_after_seconds": 1.5,
            "backoff_max_seconds": 0.5,
        },
        "calls": {"wrap_up_seconds": 1},
        "transfers": {
            "ring_seconds": room.config.timers.ring if room else CALM.ring,
            "hold_limit_seconds": 60,
        },
        "mail": {
            "host": "localhost",
            "port": mail.port,
            "ca_file": mail.ca_file,
            "username": LOGIN,
            "timeout_seconds": 2,
        },
        "sms": {"timeout_seconds": 2},
        "delivery": {"lease_seconds": 3, "poll_seconds": 0.3},
        "auth": {"second_factor": "offered"},
        "log": {"level": "debug"},
    }


async def _furnish(folder: Path, open_calls: int) -> tuple[Customer, ...]:
    db, now = Database(f"sqlite:///{folder / 'house.db'}"), datetime.now(UTC)
    companies = await cast.furnish(db, now, Passwords(AuthSettings()).hash)
    begun = now - timedelta(minutes=open_calls + 1)
    async with db.write() as conn:
        anna = await agents.by_interface(conn, "PJSIP/anna")
        assert anna is not None
        for number in range(open_calls):
            answered, ended = (begun + timedelta(minutes=number, seconds=s) for s in (2, 40))
            call = calls.StoredCall(
                new_id(), f"{number}.1", cast.own_lines()[0], begun, companies[0].id,
                agent_id=anna.id, answered_at=answered, ended_at=ended,
            )  # fmt: skip
            assert await calls.insert(conn, call)
    await db.close()
    return companies


def text_of(mail: EmailMessage) -> str:
    """What a mail says in plain text."""
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def told(house: WholeHouse, event: str) -> list[dict[str, Any]]:
    """Lines of the service's log with this event."""
    lines = [json.loads(line) for line in house.service.said if line.startswith("{")]
    return [line for line in lines if line.get("event") == event]
