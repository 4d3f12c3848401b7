"""The composition root: how everything in `house.py` is put together, started and ended."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import aiohttp
import structlog
from aiohttp import web

from pbx_bridge import log as logging
from pbx_bridge import tasks
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.effect_runner import Handler
from pbx_bridge.calls.ids import call_id
from pbx_bridge.calls.journal import Journal, SnapshotWatch
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.refusals import Refusals
from pbx_bridge.calls.registry import Registry
from pbx_bridge.desk.floor_port import SupervisedDesks
from pbx_bridge.desk.notes.note_desk import NoteDesk
from pbx_bridge.desk.pages import DeskPages
from pbx_bridge.desk.screen.directory_screens import DirectoryScreens
from pbx_bridge.desk.screen.effect_handlers import DeskHandlers
from pbx_bridge.desk.screen.history import History
from pbx_bridge.desk.screen.pop import Pops
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.desk.session.commands import Commands
from pbx_bridge.desk.session.hub import Hub
from pbx_bridge.desk.session.idempotency import AnsweredCommands
from pbx_bridge.desk.session.socket import DeskSockets
from pbx_bridge.desk.session.telephone import DialPlan
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.refresh import Refresh
from pbx_bridge.directory.resolver import Resolver
from pbx_bridge.directory.staff import Staff
from pbx_bridge.floor.room import Floor
from pbx_bridge.garbage import short_walks
from pbx_bridge.house import House, MakeLink, effect_table
from pbx_bridge.outbox import reports
from pbx_bridge.outbox.transports.from_settings import transports
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.portal import routes as portal
from pbx_bridge.portal.calendar.refresh import Refresher
from pbx_bridge.portal.visit import Portal
from pbx_bridge.settings import Settings
from pbx_bridge.storage.customers.data_version import Follower
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.lock import in_use
from pbx_bridge.storage.maintenance.retention import Retention
from pbx_bridge.storage.maintenance.waiting import fit_or_stopped, opened
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.telephony.agent_queue import AgentQueue
from pbx_bridge.telephony.astdb.desired import DesiredEntries
from pbx_bridge.telephony.astdb.remembered_calls import RememberedCalls
from pbx_bridge.telephony.astdb.sync import AstdbSync
from pbx_bridge.telephony.caller_priority import CallerPriority
from pbx_bridge.telephony.queue_access import QueueAccess
from pbx_bridge.telephony.wrap_up import WrapUp
from pbx_bridge.transfers.executor import Executor, ShownTo
from pbx_bridge.transfers.gate import Gate
from pbx_bridge.transfers.journal import AttemptJournal
from pbx_bridge.transfers.picks import Picks
from pbx_bridge.transfers.reducer import PutThroughs
from pbx_bridge.web.i18n import translate
from pbx_bridge.web.server import listening, make_app, may_listen
from rules.calling import Leads

log = structlog.get_logger(__name__)

SWITCH_SECONDS = 0.0001
"""How long a thread of the database driver may keep the interpreter from the calls; Python's own: 5 ms."""
SETTLE_SECONDS = 2.0
"""How long a stop waits for what desks have asked for; who got no answer asks again after the start."""
JOURNAL_SECONDS = 3.0
"""How long a stop waits for the last rows; what is not stored by then the PBX tells again after the start."""


def behind(registry: Registry) -> tuple[PutThroughs, Picks]:
    """The reducers of what agents ask of the PBX: who is rung by a colleague picks nobody meanwhile."""
    put_throughs = PutThroughs(registry)
    return put_throughs, Picks(registry, put_throughs.asked)


def assemble(
    settings: Settings,
    db: Database,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    make_link: MakeLink | None = None,
) -> House:
    """Every part with what it needs; nothing runs yet and nothing is read."""
    staff, index, hub = Staff(), Index(), Hub(new_id(), settings.desk.history_size)
    registry = Registry(Resolver(index, leads=Leads(settings.calls.caller)), call_id, clock())
    put_throughs, picks = behind(registry)
    handlers: dict[type[Effect], Handler] = {}
    reducers, size = (
        (registry, put_throughs, picks, Refusals(registry), SnapshotWatch()),
        settings.calls.dispatcher_size,
    )
    dispatcher = Dispatcher(reducers, handlers, clock, size=size, gate=Gate(registry, put_throughs, picks))
    own_link: MakeLink = functools.partial(AmiLink, settings.ami, queue=settings.pbx.queue)
    link = (make_link or own_link)(dispatcher.put)
    queue, mirror = AgentQueue(link, settings.pbx.queue), AstdbSync(link)
    dial, words = DialPlan.of(settings.transfers), functools.partial(translate, "desk")
    pops = Pops(dial.dial_rules, dial.ring, words, index)
    screens = Screens(hub, staff, registry, index, pops, words, clock, put_throughs)
    watch, journal = StorageWatch(db, clock), Journal(db, registry.calls, screens.agent_id, clock)
    history = History(db, screens, clock, settings.calls.in_time)
    domain, ways = settings.mail.from_address.rpartition("@")[2], transports(settings, session, clock)
    worker = Worker(db, ways, settings.delivery, clock, history.note_moved, domain)
    wrap_up, memory = (
        WrapUp(queue, registry, settings.calls.wrap_up_seconds, clock),
        RememberedCalls(link, journal, history.recalled),
    )
    desk = DeskHandlers(screens, history, wrap_up, worker.health, watch, clock, worker.since)
    live, put = registry.calls, dispatcher.put
    attempts = AttemptJournal(journal, db, live, put, put_throughs.alive, index.reached_at, clock)
    executor = Executor(link, live, put, ShownTo(settings.transfers.caller_id), journal.settled)
    vips, queue_door = CallerPriority(registry, queue), QueueAccess(registry, queue, staff)
    notes = NoteDesk(db, journal, screens, history, wrap_up, put, worker.wake, domain, clock, worker.channels)
    answers = AnsweredCommands(db, clock)
    commands = Commands(screens, answers, queue, notes, dispatcher.put, dial, clock)
    origins = (settings.web.public_url, *settings.desk.allowed_origins)
    sessions = Sessions(db, settings.auth, clock)
    sockets = DeskSockets(hub, commands, settings.desk, origins, clock, sessions.used)
    sessions.on_ended(sockets.end_session)
    desks, through = SupervisedDesks(hub, staff), put_throughs.views
    floor = Floor(
        settings, db, sessions, desks, registry, index, through, worker.health, watch, queue, clock,
        worker.since, worker.wake,
    )  # fmt: skip
    handlers |= effect_table(desk, journal, attempts, executor, mirror, memory, queue_door, vips, floor)
    routes = [
        *DeskPages(db, staff, sockets, settings.calls.in_time).routes(),
        *reports.hooks(settings, db, clock, history.delivered),
        *portal.routes(the_portal := Portal.of(settings, db, clock, worker.wake, index, sessions)),
        *floor.routes(),
    ]

    def not_ready() -> tuple[str, ...]:
        return () if registry.link.up else ("pbx_down",)

    refresh = Refresh(
        db, index, staff, DirectoryScreens(screens, index, pops, history.restore, clock),
        DesiredEntries(index, mirror.change).changed, queue_door.keep_out, clock,
    )  # fmt: skip
    return House(
        db=db, link=link, dispatcher=dispatcher, registry=registry, index=index, hub=hub, screens=screens,
        sessions=sessions, sockets=sockets, desk=desk, history=history, answers=answers, wrap_up=wrap_up,
        journal=journal, worker=worker, mirror=mirror, memory=memory, refresh=refresh, floor=floor,
        watch=watch,
        web=make_app(settings, db, sessions, routes, clock=clock, not_ready=not_ready,
                     storage=lambda: watch.reasons),
        follower=Follower(db, refresh.changed),
        retention=Retention(db, settings.retention, clock, also=sessions.sweep),
        calendars=Refresher(db, settings.calendar, clock), background=the_portal.background,
    )  # fmt: skip


async def serve(
    settings: Settings,
    *,
    extend: Callable[[web.Application], None] | None = None,
    ready: Callable[[], None] | None = None,
    upgrade: bool = False,
) -> None:
    """Run until SIGINT, SIGTERM or cancelled; waits for its database. Raises SystemExit when that is not ours
    to use.

    `extend` may add routes before the web server starts; `ready` is told when it listens; `upgrade`: make
    the database, or bring it to this version.
    """
    logging.configure(settings.log.level, settings.log.format)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    if not await fit_or_stopped(settings.database, stop, upgrade=upgrade):
        return
    await may_listen(settings)
    async with running(settings, extend=extend) as house, listening(house.web, settings) as port:
        log.info("ready", port=port, customers=len(house.index.customers))
        if ready:
            ready()
        try:
            await stop.wait()
        finally:
            await house.sockets.close()
            await house.floor.sockets.close()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    make_link: MakeLink | None = None,
    extend: Callable[[web.Application], None] | None = None,
) -> AsyncIterator[House]:
    """Everything but the port; the start reads as a list, and so does the end."""
    sys.setswitchinterval(SWITCH_SECONDS)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(short_walks())
        stack.enter_context(in_use(settings.database))
        db = await opened(settings.database)
        stack.push_async_callback(db.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        house = assemble(settings, db, session, clock, make_link)
        if extend:
            extend(house.web)
        await house.follower.start()
        await house.refresh.load()
        await house.history.recall()
        stack.push_async_callback(house.journal.store_the_rest, JOURNAL_SECONDS)
        for busy in (house.answers, house.history, house.background):
            stack.push_async_callback(busy.settle, SETTLE_SECONDS)
        stack.push_async_callback(house.worker.drain, settings.delivery.drain_seconds)
        await stack.enter_async_context(tasks.run_until_exit(house.parts()))
        stack.callback(house.wrap_up.close)
        yield house
