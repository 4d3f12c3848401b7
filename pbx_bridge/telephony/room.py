"""What stands in the PBX, put together: its queues of agents, and its own database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effect_runner import Binding, on
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.room import Calls
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.calls.state import Reducer
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart
from pbx_bridge.telephony.agent_queue import AgentQueue, QueueLink
from pbx_bridge.telephony.astdb.desired import DesiredEntries
from pbx_bridge.telephony.astdb.desired_nobody_free import DesiredNobodyFree
from pbx_bridge.telephony.astdb.remembered_calls import RememberedCalls
from pbx_bridge.telephony.astdb.sync import AstdbSync
from pbx_bridge.telephony.caller_priority import CallerPriority
from pbx_bridge.telephony.pick_messages import SendPick
from pbx_bridge.telephony.pick_sender import PickSender
from pbx_bridge.telephony.picks import Picks
from pbx_bridge.telephony.queue_access import QueueAccess
from pbx_bridge.telephony.team_queues import TeamQueues
from pbx_bridge.telephony.wrap_up import WrapUp
from rules.model import Line

Listener = Callable[[str], Awaitable[None]]
"""Hears the PBX's name of a call. Raises StorageUnavailable, and is told again then."""


class Telephony:
    """`desired` keeps what Asterisk's own database has to hold, `give_phones` takes the phones that stand
    there too, `access` who may be in the queue, `picks` who takes which caller out of it."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        link: QueueLink,
        put: Callable[[Message], None],
        calls: Calls,
        directory: LiveDirectory,
        clock: Callable[[], datetime],
    ) -> None:
        """`put`: into the dispatcher's inbox."""
        self._registry = registry = calls.registry
        base, index, staff = settings.pbx.queue, directory.index, directory.staff
        self._teams = TeamQueues(link, base, registry, index, staff, db, clock)
        self.queue = AgentQueue(link, base, self._teams.also_in)
        seconds = settings.calls.wrap_up_seconds
        self.wrap_up = WrapUp(self.queue, registry, seconds, clock, calls.journal.wrapped_up)
        self.access = QueueAccess(registry, self.queue, staff)
        self.picks = Picks(registry)
        self.reducers: tuple[Reducer, ...] = (self.picks,)
        self._priority = CallerPriority(registry, self.queue)
        self._pick_sender = PickSender(link, put)
        self._astdb = AstdbSync(link)
        self.give_phones = self._astdb.set_phones
        self.desired = DesiredEntries(index, self._astdb.change)
        free = settings.nobody_free
        told = self._astdb.set_nobody_free
        self.nobody_free = DesiredNobodyFree(index, free.policy, free.zone, clock, told)
        self._remembered = RememberedCalls(link, calls.journal, self._show)
        self._listeners: list[Listener] = []

    def on_recalled(self, listener: Listener) -> None:
        """From now on told of each call that somebody answered unseen, once it is stored."""
        self._listeners.append(listener)

    async def directory_changed(self, customers: Iterable[str], lines: Sequence[Line] | None = None) -> None:
        """These companies are others now, or gone; `lines`: all of them, and agents may be others too; None:
        they are as before."""
        customers = frozenset(customers)
        await self._teams.changed(customers, lines)
        await self.desired.changed(customers, lines)
        await self.nobody_free.changed(customers, lines)

    async def _link_changed(self, _effect: fx.LinkChanged) -> None:
        """What was told last may be lost, which counts before the PBX answers again."""
        if not self._registry.link.up:
            self._astdb.doubt()
            self._teams.doubt()

    async def _show(self, pbx_call: str) -> None:
        for listener in self._listeners:
            await listener(pbx_call)

    def effects_at_once(self) -> list[Binding]:
        """When a wrap-up begins and ends: before whoever shows it, and nobody waits for it."""
        wrap_up = self.wrap_up
        return [on(fx.AgentChanged, wrap_up.agent_changed), on(Resynced, wrap_up.resynced)]

    def effects(self) -> list[Binding]:
        """Who is picked, goes first, pauses or leaves the queue; what the PBX forgets, and is told anew."""
        remembered, access, wrap_up = self._remembered, self.access, self.wrap_up
        return [
            on(fx.Answered, wrap_up.answered),
            on(fx.PhoneRefuses, wrap_up.phone_refuses),
            on(SendPick, self._pick_sender.send),
            on(fx.TurnedAway, remembered.over),
            on(fx.CallEnded, remembered.over),
            on(fx.Remembered, remembered.remembered),
            on(fx.Forgettable, remembered.over),
            on(fx.AgentChanged, access.agent_changed, self._teams.agent_changed),
            on(fx.WaitingChanged, self._priority.waiting_changed),
            on(fx.LinkChanged, self._link_changed),
            on(Resynced, self._astdb.resynced, access.resynced, self._teams.resynced),
        ]

    def parts(self) -> list[RunningPart]:
        """What the PBX is told in its own time."""
        return [
            RunningPart("astdb", self._astdb.run),
            RunningPart("remembered_calls", self._remembered.run),
            RunningPart("access", self.access.run),
            RunningPart("team_queues", self._teams.run),
        ]

    def close(self) -> None:
        """Stop all timers; what they would have ended stays in the queue and is taken up after a restart."""
        self.wrap_up.close()
