"""What lives as long as the process, what of it runs, and what is done about each effect: one table."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from pbx_bridge import tasks
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.effect_runner import Handler, fan_out, on
from pbx_bridge.calls.events import Sink
from pbx_bridge.calls.journal import Journal, Resynced
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.registry import Registry
from pbx_bridge.desk.screen.effect_handlers import DeskHandlers
from pbx_bridge.desk.screen.history import History
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.desk.session.hub import Hub
from pbx_bridge.desk.session.idempotency import AnsweredCommands
from pbx_bridge.desk.session.socket import DeskSockets
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.refresh import Refresh
from pbx_bridge.floor.room import Floor
from pbx_bridge.garbage import sweep
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.portal.calendar.refresh import Refresher
from pbx_bridge.storage.customers.data_version import Follower
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.retention import Retention
from pbx_bridge.storage.maintenance.watch import StorageWatch
from pbx_bridge.telephony.agent_queue import QueueLink
from pbx_bridge.telephony.astdb.remembered_calls import RememberedCalls
from pbx_bridge.telephony.astdb.sync import AstdbSync
from pbx_bridge.telephony.caller_priority import CallerPriority
from pbx_bridge.telephony.queue_access import QueueAccess
from pbx_bridge.telephony.wrap_up import WrapUp
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.executor import Executor
from pbx_bridge.transfers.executor import PutThroughLink as ActsLink
from pbx_bridge.transfers.journal import AttemptJournal
from pbx_bridge.web.rendering import compile_pages


class Link(ActsLink, QueueLink, Protocol):
    """What is needed of `AmiLink`; tests put a played PBX here."""

    async def run(self) -> None: ...


MakeLink = Callable[[Sink], Link]


@dataclass(frozen=True, slots=True)
class House:
    """Everything that lives as long as the process."""

    db: Database
    link: Link
    dispatcher: Dispatcher
    registry: Registry
    index: Index
    hub: Hub
    screens: Screens
    sessions: Sessions
    sockets: DeskSockets
    web: web.Application
    desk: DeskHandlers
    history: History
    answers: AnsweredCommands
    wrap_up: WrapUp
    journal: Journal
    worker: Worker
    mirror: AstdbSync
    memory: RememberedCalls
    refresh: Refresh
    follower: Follower
    retention: Retention
    calendars: Refresher
    floor: Floor
    watch: StorageWatch
    background: tasks.BackgroundTasks

    def parts(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What runs side by side. A crash of what carries calls ends the process, a PBX that is down does
        not; all else begins anew: no calendar, say, may cost a call."""
        yield from (self.journal.run(), self.dispatcher.run(), self.link.run(), self.desk.run())
        others: Mapping[str, Callable[[], Awaitable[None]]] = {
            "storage": self.watch.run,
            "history": self.history.run,
            "follower": self.follower.run,
            "retention": self.retention.run,
            "calendars": self.calendars.run,
            "mirror": self.mirror.run,
            "memory": self.memory.run,
            "worker": self.worker.run,
            "sessions": functools.partial(self.sessions.watch, self.sockets.sessions),
            "warm": self.refresh.warm,
            "pages": functools.partial(asyncio.to_thread, compile_pages),
            "floor": self.floor.run,
            "garbage": functools.partial(sweep, self.registry.is_quiet),
        }
        yield from (tasks.restart_on_error(name, part) for name, part in others.items())


IGNORED: Mapping[type[Effect], str] = {fx.Unexpected: "the dispatcher counts and logs it"}
"""Effects that nobody handles, and why."""


def effect_table(
    desk: DeskHandlers,
    journal: Journal,
    attempts: AttemptJournal,
    executor: Executor,
    mirror: AstdbSync,
    memory: RememberedCalls,
    queue_door: QueueAccess,
    vips: CallerPriority,
    floor: Floor,
) -> dict[type[Effect], Handler]:
    """Effect → what is done about it, in this order; after each the floor may look different."""
    table = [
        on(fx.Arrived, journal.arrived),
        on(fx.TurnedAway, journal.turned_away, memory.over),
        on(fx.Offered, desk.offered),
        on(fx.OfferGone, desk.offer_gone),
        on(fx.Answered, journal.answered, desk.answered),
        on(fx.CallChanged, desk.call_changed),
        on(fx.CallEnded, journal.ended, memory.over, desk.call_ended),
        on(fx.Remembered, journal.remembered, memory.remembered),
        on(fx.Forgettable, memory.over),
        on(fx.AgentChanged, desk.agent_changed, queue_door.agent_changed),
        on(fx.PhoneRefuses, desk.phone_refuses),
        on(fx.WaitingChanged, desk.waiting_changed, vips.waiting_changed),
        on(fx.LinkChanged, desk.link_changed),
        on(
            Resynced,
            *(journal.resynced, attempts.resynced, desk.resynced, mirror.resynced, queue_door.resynced),
        ),
        on(msg.Send, executor.send),
        on(msg.SendPick, executor.pick),
        on(msg.PickFailed, desk.pick_failed),
        on(msg.ColleagueOver, desk.colleague_over),
        on(msg.Look, executor.look),
        on(msg.AttemptStarted, attempts.started),
        on(msg.AttemptAnswered, attempts.answered),
        on(msg.AttemptEnded, attempts.ended),
        on(msg.AttemptRemembered, attempts.ended),
        on(msg.AttemptAdopted, attempts.adopted),
    ]
    return {effect: fan_out(handler, floor.moved) for effect, handler in table}
