"""Writes down what happens to calls, in order and without anybody waiting: telephony goes on while the
database is away."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from pbx_bridge import metrics
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.snapshot_watch import Resynced
from pbx_bridge.calls.state import CallState
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable

log = structlog.get_logger(__name__)

Write = Callable[[AsyncConnection], Awaitable[object]]

BACKLOG = 20_000
BATCH = 200
GATHER_SECONDS = 0.1
"""In a rush what happens within this time shares one transaction; `settled` does not wait for it."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
OF_NOBODY = timedelta(days=1)
"""No call lasts as long. A PBX that was given its name ends those that it had before it had one."""
NEVER_TALKED = frozenset({fx.EndReason.ABANDONED, fx.EndReason.UNANSWERED})


class Journal:
    """Effects in, rows out. All that waits goes into one transaction, so a busy hour costs few fsyncs.

    While the database is away up to `BACKLOG` entries wait; beyond that the oldest are lost, and counted.
    `agent_id`: id of the agent who has this phone.
    """

    def __init__(
        self,
        db: Database,
        registry: Registry,
        agent_id: Callable[[str | None], str | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._registry, self._agent_id, self._clock = db, registry, agent_id, clock
        self._names = registry.names
        self._entries: deque[Write] = deque()
        self._work, self._hurry, self._again = asyncio.Event(), asyncio.Event(), asyncio.Event()
        db.on_recovery(self._again.set)
        self._settled: list[asyncio.Future[None]] = []
        self.lost = 0
        self.failing = False
        """Whether the last try to store something failed."""

    # ---- handlers

    async def arrived(self, effect: fx.Arrived) -> None:
        """A new row; an adopted call that was answered before gets its agent again."""
        self._count_live()
        call = self._registry.calls.get(effect.call)
        if call is None:
            return
        # That it is over is told by itself: before, what its time went on has to be written down.
        row = replace(row_of(call, self._names, self._agent_id(call.agent)), ended_at=None)
        if call.unseen:
            row = replace(row, agent_id=None, answered_at=None, conversation="")  # left to `remembered`
        self.write(lambda conn: calls.insert(conn, row))
        if call.agent and call.answered_at and not call.unseen:
            self._answered(call, call.answered_at)

    def _count_live(self) -> None:
        metrics.LIVE_CALLS.set(len(self._registry.live))

    async def turned_away(self, effect: fx.TurnedAway) -> None:
        """A row that is over from the start."""
        metrics.CALLS.labels(calls.Outcome.BLOCKED.value).inc()
        row = calls.StoredCall(
            id=effect.id,
            pbx=self._names.pbx,
            pbx_call=self._names.stored(effect.call),
            line_number=effect.line,
            arrived_at=effect.at,
            customer_id=effect.customer_id,
            caller_number=effect.caller,
            ended_at=effect.at,
            outcome=calls.Outcome.BLOCKED,
        )
        self.write(lambda conn: calls.insert(conn, row))

    async def answered(self, effect: fx.Answered) -> None:
        """The agent has the call."""
        call = self._registry.calls.get(effect.call)
        if call is not None:
            self._answered(call, call.answered_at or self._clock())

    async def remembered(self, effect: fx.Remembered) -> None:
        """Somebody answered, perhaps unseen by this service: the row tells."""
        call = self._registry.calls.get(effect.call)
        if call is None or call.answered_at is None:
            return
        if not call.live:
            name, talk = call.id, call.conversation
            self.write(lambda conn: calls.mark_recalled(conn, name, talk))
        self._answered(call, call.answered_at)

    async def time_turned(self, effect: fx.TimeTurned) -> None:
        """What its seconds go on from now on, for when it is over."""
        call = self._registry.calls.get(effect.call)
        if call is not None:
            name = call.id
            self.write(lambda conn: usage.time_turned(conn, name, effect.at, effect.on))

    def wrapped_up(self, phone: str, talk: tuple[str, str] | None, began: datetime, seconds: int) -> None:
        """An agent is done with the note of `talk`: id of the call, conversation. None: it was before this
        run of the service, and the last one that the agent had."""
        agent_id = self._agent_id(phone)

        async def write(conn: AsyncConnection) -> None:
            known = talk
            if known is None and agent_id is not None:
                known = await usage.last_conversation(conn, agent_id, began)
            if known is not None:
                await usage.wrapped_up(conn, *known, seconds)

        self.write(write)

    async def ended(self, effect: fx.CallEnded) -> None:
        """Over. Whoever was never answered needs no note; who was, and fell back into the queue, does."""
        self._count_live()
        call = self._registry.calls.get(effect.call)
        talked = call is not None and call.answered_at is not None
        left_alone = effect.reason in NEVER_TALKED
        metrics.CALLS.labels(fx.EndReason.CALLER if talked and left_alone else effect.reason).inc()
        if call is None:
            return
        self.write(lambda conn: _over(conn, call.id, effect.at, effect.reason))
        if not talked:
            outcome = calls.Outcome.ABANDONED if left_alone else calls.Outcome.LOST
            self.write(lambda conn: calls.set_outcome(conn, call.id, outcome))

    async def resynced(self, _effect: Resynced) -> None:
        """This PBX's calls of an earlier life that it knows no longer are over; how, nobody knows."""
        known = {
            call.id for call in self._registry.calls.values()
        }  # over or not, they have effects of their own
        now = self._clock()
        self.write(lambda conn: _close_lost(conn, self._names.pbx, known, now))

    # ---- the one writer

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._work.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(
                    GATHER_SECONDS
                ):  # `wait_for` can swallow a cancellation in Python 3.11
                    await self._hurry.wait()
            await self.drain()

    async def settled(self) -> None:
        """Wait until all that was known at this moment is stored, which is tried at once; the caller sets the
        time limit."""
        if self._entries:
            future = asyncio.get_running_loop().create_future()
            self._settled.append(future)
            self._hurry.set()
            self._again.set()
            await future

    @property
    def waiting(self) -> int:
        """Entries not stored yet."""
        return len(self._entries)

    def _answered(self, call: CallState, at: datetime) -> None:
        agent_id, talk = self._agent_id(call.agent), call.conversation
        self.write(lambda conn: calls.answered(conn, call.id, agent_id, at, talk))
        if how := call.end_reason:  # told late: whoever wrote down its end took it for one nobody answered
            self.write(lambda conn: calls.ended_so(conn, call.id, how))
            self.write(lambda conn: usage.call_over(conn, call.id, how))

    def write(self, write: Write) -> None:
        """Store this when it is its turn."""
        self._entries.append(write)
        if len(self._entries) > BACKLOG:
            self._entries.popleft()
            self.lost += 1
            log.error("journal_entry_lost", lost=self.lost)
        self._work.set()

    async def drain(self) -> None:
        """Store all that waits, however long the database takes."""
        failures = 0
        while self._entries:
            batch = list(self._entries)[:BATCH]
            try:
                await self._store(batch)
            except StorageUnavailable as error:
                log.warning("journal_waits", reason=error.reason, entries=len(self._entries))
                self.failing = True
                await self._pause(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
                continue
            failures, self.failing = 0, False
            for _ in batch:
                self._entries.popleft()
        self._work.clear()
        self._hurry.clear()
        for future in self._settled:
            if not future.done():
                future.set_result(None)
        self._settled.clear()

    async def store_the_rest(self, seconds: float) -> None:
        """Whatever is still held, in the time that a stop may take."""
        try:
            async with asyncio.timeout(seconds):
                await self.drain()
        except TimeoutError:
            log.warning("journal_left", entries=len(self._entries))

    async def _pause(self, seconds: float) -> None:
        """Until it is time to try again, or the database has answered somebody else."""
        self._again.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._again.wait()

    async def _store(self, batch: list[Write]) -> None:
        """All in one transaction; when one of them cannot be stored at all, the others still are."""
        try:
            await self._together(batch)
        except StorageUnavailable:
            raise
        except Exception:
            if len(batch) == 1:
                log.exception("journal_entry_refused")
                return
            for write in batch:
                await self._store([write])

    async def _together(self, batch: list[Write]) -> None:
        async with self._db.write() as conn:
            for write in batch:
                await write(conn)


def row_of(call: CallState, names: CallNames, agent_id: str | None) -> calls.StoredCall:
    """The call as it is stored."""
    return calls.StoredCall(
        id=call.id,
        pbx=names.pbx,
        pbx_call=names.stored(call.pbx_call),
        line_number=call.line,
        customer_id=call.customer_id,
        unassigned_reason=call.unassigned_reason,
        caller_number=call.caller.number,
        caller_name=call.caller.display_name,
        vip_id=call.caller.vip.id if call.caller.vip else None,
        agent_id=agent_id,
        arrived_at=call.arrived_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        conversation=call.conversation,
        called_by=call.called_by,
        forwarded_from=call.forwarded_from,
    )


async def _over(conn: AsyncConnection, call_id: str, at: datetime, how: fx.EndReason) -> None:
    """The end, and what is paid for, at once."""
    await calls.ended(conn, call_id, at, how)
    await usage.call_over(conn, call_id, how)


async def _close_lost(conn: AsyncConnection, pbx: str, known: set[str], now: datetime) -> None:
    for call in await calls.live(conn, pbx, nobodys_until=now - OF_NOBODY):
        if call.id not in known:
            await _over(conn, call.id, now, fx.EndReason.LOST)
            await calls.set_outcome(conn, call.id, calls.Outcome.LOST)
