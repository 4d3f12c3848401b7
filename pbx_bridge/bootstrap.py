"""The rooms, put together: rooms in, routes, effects and running parts out. Nothing runs here."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import aiohttp
from aiohttp import web

from pbx_bridge.admin.room import OperatorsOffice
from pbx_bridge.alarms.room import Alarms
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.effect_runner import Handler, by_kind, fan_out
from pbx_bridge.calls.events import Sink
from pbx_bridge.calls.inbox import Inbox
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.room import Calls
from pbx_bridge.desk.room import AgentDesks
from pbx_bridge.directory.refresh import PhonePorts
from pbx_bridge.directory.room import DirectoryUpkeep, LiveDirectory
from pbx_bridge.floor.room import Floor
from pbx_bridge.garbage import sweep
from pbx_bridge.notes.left_by_callers import left_by_callers
from pbx_bridge.outbox.room import Outbox
from pbx_bridge.portal.room import CustomerPortal
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.retention import Retention
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.tasks import RunningPart
from pbx_bridge.telephony.agent_queue import QueueLink
from pbx_bridge.telephony.room import Telephony
from pbx_bridge.transfers.executor import PutThroughLink
from pbx_bridge.transfers.room import Transfers
from pbx_bridge.web.rendering import compile_pages
from pbx_bridge.web.server import make_app

IGNORED: Mapping[type[Effect], str] = {fx.Unexpected: "the dispatcher counts and logs it"}
"""Effects that nobody handles, and why."""


class Link(PutThroughLink, QueueLink, Protocol):
    """What is needed of `AmiLink`; tests put a played PBX here."""

    async def run(self) -> None: ...


MakeLink = Callable[[Sink], Link]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that lives as long as the process. `effects`: each kind's handlers, in their order."""

    db: Database
    sessions: Sessions
    directory: LiveDirectory
    upkeep: DirectoryUpkeep
    calls: Calls
    transfers: Transfers
    telephony: Telephony
    outbox: Outbox
    alarms: Alarms
    desks: AgentDesks
    floor: Floor
    portal: CustomerPortal
    office: OperatorsOffice
    web: web.Application
    effects: Mapping[type[Effect], tuple[Handler, ...]]
    parts: tuple[RunningPart, ...]


def _beside_calls(is_quiet: Callable[[], bool]) -> tuple[RunningPart, ...]:
    """What the process does for itself."""
    return (
        RunningPart("pages", functools.partial(asyncio.to_thread, compile_pages)),
        RunningPart("garbage", functools.partial(sweep, is_quiet)),
    )


def assemble(
    settings: Settings,
    db: Database,
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    make_link: MakeLink | None = None,
) -> Rooms:
    """Every room with what it needs; nothing runs yet and nothing is read."""
    inbox = Inbox(settings.calls.dispatcher_size)
    own_link: MakeLink = functools.partial(AmiLink, settings.ami, queue=settings.pbx.queue)
    link = (make_link or own_link)(inbox.put)
    watch, sessions = StorageWatch(db, clock), Sessions(db, settings.auth, clock)
    # A cell, one for each PBX: whatever follows from its calls, and the desks where they are answered.
    directory = LiveDirectory(settings)
    calls = Calls(settings, db, directory.resolve, directory.staff.id_at, clock)
    telephony = Telephony(settings, db, link, inbox.put, calls, directory, clock)
    transfers = Transfers(settings, db, link, inbox.put, calls, telephony.picks, directory, clock)
    outbox = Outbox(settings, db, session, clock)
    alarms = Alarms(settings, db, watch, calls, outbox, directory, clock)
    lower = directory, calls, telephony, transfers, outbox
    desks = AgentDesks(settings, db, watch, sessions, inbox.put, *lower, clock)
    # An office: pages that need no PBX of their own.
    floor = Floor(settings, db, watch, sessions, desks.of_floor, *lower, clock)
    portal = CustomerPortal(settings, db, sessions, directory, outbox.wake, clock)
    office = OperatorsOffice(settings, db, alarms, desks.of_floor, directory, outbox, clock)
    phones = PhonePorts(telephony.access.keep_out, telephony.give_phones)
    told = desks.of_directory, telephony.directory_changed, phones
    upkeep = DirectoryUpkeep(db, directory, *told, clock)

    rows = calls.effects(), transfers.effects()
    seen = telephony.effects_at_once(), desks.effects()
    effects = by_kind(*rows, *seen, telephony.effects(), floor.effects())
    handlers = {kind: fan_out(*several) for kind, several in effects.items()}
    reducers = (calls.registry, *transfers.reducers, *telephony.reducers, *calls.watchers)
    dispatcher = Dispatcher(inbox, reducers, handlers, clock, gate=transfers.gate)
    served = (desks, outbox, portal, office, floor)
    running = (desks, upkeep, telephony, outbox, alarms, floor, portal, office)
    pages = make_app(
        settings,
        db,
        sessions,
        [route for room in served for route in room.routes()],
        clock=clock,
        not_ready=lambda: () if calls.registry.link.up else ("pbx_down",),
        storage=lambda: watch.reasons,
    )
    parts: Iterable[RunningPart] = (
        *calls.parts(),
        RunningPart("dispatcher", dispatcher.run, vital=True),
        RunningPart("link", link.run, vital=True),
        *(part for room in running for part in room.parts()),
        *left_by_callers(settings, db, link, calls.registry, directory, outbox, clock),
        RunningPart("storage", watch.run),
        RunningPart("retention", Retention(db, settings.retention, clock, also=sessions.sweep).run),
        *_beside_calls(calls.registry.is_quiet),
    )
    return Rooms(
        db, sessions, directory, upkeep, calls, transfers, telephony, outbox, alarms, desks, floor, portal,
        office, pages, effects, tuple(parts),
    )  # fmt: skip
