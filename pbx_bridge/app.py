"""The composition root: the only file that names concrete classes; who does what about which effect is one table."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import aiohttp
import structlog

from pbx_bridge import log as logging
from pbx_bridge.ami.actions import Action, Response
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.events import Sink
from pbx_bridge.calls.ids import call_id
from pbx_bridge.calls.index import Index
from pbx_bridge.calls.journal import Journal, Resynced, SnapshotWatch
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.resolver import Resolver
from pbx_bridge.delivery.sms_http import SmsTransport
from pbx_bridge.delivery.smtp import SmtpTransport
from pbx_bridge.delivery.transport import Transport
from pbx_bridge.delivery.worker import Worker
from pbx_bridge.desk.answers import Answers
from pbx_bridge.desk.commands import Commands, DialPlan
from pbx_bridge.desk.follow import Follow
from pbx_bridge.desk.handlers import DeskHandlers
from pbx_bridge.desk.history import History
from pbx_bridge.desk.hub import Hub
from pbx_bridge.desk.note_desk import NoteDesk
from pbx_bridge.desk.pop import Pops
from pbx_bridge.desk.protocol import ServiceState
from pbx_bridge.desk.screens import Screens
from pbx_bridge.desk.socket import DeskSockets
from pbx_bridge.desk.staff import Staff
from pbx_bridge.desk.words import translate
from pbx_bridge.desk.wrap_up import WrapUp
from pbx_bridge.settings import Settings
from pbx_bridge.storage import migrate
from pbx_bridge.storage.changes import Follower
from pbx_bridge.storage.engine import Database
from pbx_bridge.storage.ids import new_id
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.executor import Executor, ShownTo
from pbx_bridge.transfers.journal import AttemptJournal
from pbx_bridge.transfers.name_mirror import NameMirror
from pbx_bridge.transfers.queue_control import QueueControl
from pbx_bridge.transfers.reducer import PutThroughs
from rules.dialling import DialRules
from rules.model import Channel

log = structlog.get_logger(__name__)

Handler = Callable[[Any], Awaitable[None]]
JOURNAL_SECONDS = 3.0
"""How long a stop waits for the last rows; what is not stored by then the PBX tells again after the start."""


class Link(Protocol):
    """What is needed of `AmiLink`; tests and the demo put their own PBX here."""

    @property
    def connected(self) -> bool: ...
    async def send(self, action: Action) -> Response: ...
    async def send_together(self, *actions: Action) -> tuple[Response, ...]: ...
    async def snapshot(self) -> None: ...
    async def run(self) -> None: ...


MakeLink = Callable[[Sink], Link]


@dataclass(frozen=True, slots=True)
class House:
    """Everything that lives as long as the process."""

    settings: Settings
    db: Database
    clock: Callable[[], datetime]
    link: Link
    dispatcher: Dispatcher
    registry: Registry
    index: Index
    hub: Hub
    screens: Screens
    sockets: DeskSockets
    desk: DeskHandlers
    history: History
    wrap_up: WrapUp
    journal: Journal
    worker: Worker
    mirror: NameMirror
    follow: Follow
    follower: Follower

    def parts(self) -> Mapping[str, Coroutine[Any, Any, None]]:
        """What runs side by side until the end; a crash of one ends the process, a PBX that is down does not."""
        return {
            "journal": self.journal.run(),
            "dispatcher": self.dispatcher.run(),
            "link": self.link.run(),
            "desk": self.desk.run(),
            "history": self.history.run(),
            "follower": self.follower.run(),
            "mirror": self.mirror.run(),
            "worker": self.worker.run(),
            "warm": self.follow.warm(),
        }


def effect_table(
    desk: DeskHandlers, journal: Journal, attempts: AttemptJournal, executor: Executor, mirror: NameMirror
) -> dict[type, Handler]:
    """Effect → what is done about it, in this order."""
    return {
        fx.Arrived: journal.arrived,
        fx.Offered: desk.offered,
        fx.OfferGone: desk.offer_gone,
        fx.Answered: _each(journal.answered, desk.answered),
        fx.CallChanged: desk.call_changed,
        fx.CallEnded: _each(journal.ended, desk.call_ended),
        fx.AgentChanged: desk.agent_changed,
        fx.WaitingChanged: desk.waiting_changed,
        fx.LinkChanged: desk.link_changed,
        Resynced: _each(journal.resynced, desk.resynced, mirror.resynced),
        msg.Send: executor.send,
        msg.Look: executor.look,
        msg.AttemptStarted: attempts.started,
        msg.AttemptAnswered: attempts.answered,
        msg.AttemptEnded: attempts.ended,
        msg.AttemptAdopted: attempts.adopted,
    }


def assemble(
    settings: Settings,
    db: Database,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    make_link: MakeLink | None = None,
) -> House:
    """Every part with what it needs; nothing runs yet and nothing is read."""
    staff, index, hub = Staff(), Index(), Hub(new_id(), settings.desk.history_size)
    registry = Registry(Resolver(index), call_id, clock())
    put_throughs = PutThroughs(registry)
    handlers: dict[type, Handler] = {}
    reducers = (registry, put_throughs, SnapshotWatch())
    dispatcher = Dispatcher(reducers, handlers, clock, size=settings.calls.dispatcher_size)
    link = (make_link or _ami(settings))(dispatcher.put)
    queue, mirror = QueueControl(link, settings.pbx.queue), NameMirror(link)

    dial = _dial_plan(settings)
    pops = Pops(dial.dial_rules, dial.ring_seconds, translate)
    screens = Screens(hub, staff, registry, index, pops, translate, clock, put_throughs)
    journal = Journal(db, registry.calls, screens.agent_id, clock)
    history = History(db, screens, clock)
    worker = Worker(db, _transports(settings, session, clock), settings.delivery, clock, history.note_moved)
    wrap_up = WrapUp(queue, registry, settings.calls.wrap_up_seconds, clock)
    desk = DeskHandlers(screens, history, wrap_up, lambda: _services(worker), clock)
    attempts = AttemptJournal(journal, db, registry.calls, dispatcher.put)
    executor = Executor(link, registry.calls, dispatcher.put, ShownTo(settings.transfers.caller_id))
    handlers |= effect_table(desk, journal, attempts, executor, mirror)

    domain = settings.mail.from_address.rpartition("@")[2]
    notes = NoteDesk(db, journal, screens, history, wrap_up, dispatcher.put, worker.wake, domain, clock)
    commands = Commands(screens, Answers(db, clock), queue, notes, dispatcher.put, dial, clock)
    origins = (settings.web.public_url, *settings.desk.allowed_origins)
    follow = Follow(db, index, screens, pops, mirror.want, history.restore, clock)
    return House(
        settings=settings,
        db=db,
        clock=clock,
        link=link,
        dispatcher=dispatcher,
        registry=registry,
        index=index,
        hub=hub,
        screens=screens,
        sockets=DeskSockets(hub, commands, settings.desk, origins, clock),
        desk=desk,
        history=history,
        wrap_up=wrap_up,
        journal=journal,
        worker=worker,
        mirror=mirror,
        follow=follow,
        follower=Follower(db, follow.changed),
    )


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM. Raises SystemExit with a sentence when the database is not ours to use."""
    logging.configure(settings.log.level, settings.log.format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with running(settings) as house:
        log.info("ready", url=settings.web.public_url, customers=len(house.index.customers))
        await stop.wait()
        log.info("stopping")


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    make_link: MakeLink | None = None,
) -> AsyncIterator[House]:
    """The whole service, from its database to its web server; the start reads as a list, and so does the end."""
    db = await _open_database(settings)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        house = assemble(settings, db, session, clock, make_link)
        await house.follower.start()
        await house.follow.load()
        stack.push_async_callback(_store_the_rest, house)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = [group.create_task(part, name=name) for name, part in house.parts().items()]
        stack.callback(_cancel, tasks)
        stack.push_async_callback(house.sockets.close)
        yield house


async def _open_database(settings: Settings) -> Database:
    db = Database(
        settings.database.full_url(),
        busy_seconds=settings.database.busy_timeout_seconds,
    )
    refusal = await migrate.refusal(db)
    if refusal is not None:
        await db.close()
        raise SystemExit(f"database: {refusal.code} ({', '.join(map(str, refusal.params.values()))})")
    return db


async def _store_the_rest(house: House) -> None:
    """Whatever the journal still holds, in the time that a stop may take."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(JOURNAL_SECONDS):
            await house.journal.drain()


def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()


def _ami(settings: Settings) -> MakeLink:
    return lambda sink: AmiLink(settings.ami, sink, queue=settings.pbx.queue)


def _dial_plan(settings: Settings) -> DialPlan:
    wanted = settings.transfers
    rules = DialRules(wanted.allowed_countries, kinds=wanted.allowed_kinds)
    return DialPlan(rules, int(wanted.ring_seconds), wanted.max_attempts)


def _transports(
    settings: Settings, session: aiohttp.ClientSession, clock: Callable[[], datetime]
) -> dict[Channel, Transport]:
    """A channel that is switched off has none; its messages wait."""
    transports: dict[Channel, Transport] = {Channel.EMAIL: SmtpTransport(settings.mail, clock)}
    if settings.sms.preset != "off":
        transports[Channel.SMS] = SmsTransport(settings.sms, session)
    return transports


def _services(worker: Worker) -> tuple[ServiceState, ServiceState]:
    """How mail and SMS are, for the foot of the desk."""
    return cast("ServiceState", worker.health[Channel.EMAIL]), cast(
        "ServiceState", worker.health[Channel.SMS]
    )


def _each(*handlers: Handler) -> Handler:
    """One after the other; what fails keeps the next one from nothing."""

    async def handle(effect: Any) -> None:
        failures: list[Exception] = []
        for handler in handlers:
            try:
                await handler(effect)
            except Exception as error:  # handed on below, to whoever counts and logs
                failures.append(error)
        if failures:
            raise ExceptionGroup("handlers", failures)

    return handle
