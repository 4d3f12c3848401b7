"""The one link to the telephone system: stays up by itself, tells the truth in order, never acts twice."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import structlog

from pbx_bridge.ami.actions import Action, Response
from pbx_bridge.ami.decode import decode
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, SessionOver
from pbx_bridge.ami.event_gate import EventGate, LinkCounts
from pbx_bridge.ami.evidence import Implausible
from pbx_bridge.ami.memory_query import RememberedByPbx, remember
from pbx_bridge.ami.resync import take_snapshot
from pbx_bridge.ami.session import AmiSession
from pbx_bridge.calls.events import (
    LinkDown,
    LinkUp,
    MemberChanged,
    MemberRemoved,
    PbxEvent,
    Sink,
    Snapshot,
)
from pbx_bridge.metrics import ACTIONS, AMI_EVENTS, AMI_RECONNECTS, AMI_UP, UNEXPECTED
from rules.calls.answering import is_ours

if TYPE_CHECKING:
    from pbx_bridge.settings import AmiSettings

log = structlog.get_logger()

STUBBORN = frozenset({"wrong_secret", "missing_privilege"})
PATIENCE = 6
"""What is STUBBORN does not mend itself: ask that many times more rarely than the longest back-off."""
NEXT_SECONDS = 1.0
"""Longest pause while somebody else is logged in: whoever waits for their end is the next at once. Asterisk
itself takes a second for each refusal."""
STARTING = 5
"""So often a missing privilege is taken for a PBX that has only begun to load its modules."""
SINK_RETRY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class WireState:
    """`reason`, `detail`: of the last LinkDown, empty while up. `since`: UTC. `version`: Asterisk's."""

    up: bool = False
    reason: str = ""
    detail: str = ""
    since: datetime | None = None
    version: str = ""


class AmiLink:
    """Connects, logs in, takes a snapshot, reads; again and again until cancelled.

    `sink` gets every event in wire order, straight from the reader, and must not block. It may raise
    `asyncio.QueueFull`: then the link ends with LinkDown("overflow") and comes back with a snapshot.
    """

    def __init__(self, settings: AmiSettings, sink: Sink, *, queue: str = "sec") -> None:
        self.state = WireState()
        self.counts = LinkCounts()
        self._settings = settings
        self._queue = queue
        self._outlet = EventGate(sink, settings.queue_size, self.counts, self._on_full)
        self._session: AmiSession | None = None
        self._memory = RememberedByPbx("")
        self._snapshot_lock = asyncio.Lock()
        self._failures = 0
        self._random = random.Random()  # noqa: S311 - only spreads reconnects
        # Unique over restarts too: Asterisk may still answer what an earlier process has asked.
        self._ids = (f"bridge-{self._random.getrandbits(32):08x}-{number}" for number in count(1))

    @property
    def connected(self) -> bool:
        """Logged in, and the first snapshot has been told."""
        return self.state.up

    async def send(self, action: Action) -> Response:
        """Never sent twice. Raises LinkGone, ActionTimeout (outcome unknown), ActionFailed, Unsendable."""
        (response,) = await self.send_together(action)
        if not response.ok:
            raise ActionFailed(action.name, response.message)
        return response

    async def send_together(self, *actions: Action) -> tuple[Response, ...]:
        """One write, in order. Every answer, refused ones too: look at `ok`. Else raises like `send`."""
        try:
            answers = await self._live().ask(*actions)
        except (LinkGone, ActionTimeout) as error:
            for action in actions:
                ACTIONS.labels(action.name, type(error).__name__).inc()
            raise
        for action, answer in zip(actions, answers, strict=True):
            ACTIONS.labels(action.name, "ok" if answer.ok else "refused").inc()
        return answers

    async def snapshot(self) -> None:
        """Asks for the whole truth now; the sink gets it before any newer event. Raises like `send`."""
        session = self._live()
        async with self._snapshot_lock:
            self._outlet.hold()
            found: tuple[Snapshot, ...] = ()
            try:
                found = (await take_snapshot(session.ask, self._queue),)
            finally:
                if not session.over.done():
                    self._outlet.release(*found)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._report(await self._one_session())
                await asyncio.sleep(self._pause())
        finally:
            if self.state.up:
                self._went_down(LinkDown("shutdown"))

    async def _one_session(self) -> LinkDown:
        """From connect to the end of the connection; returns why it ended."""
        self.counts.connects += 1
        self._outlet.open()
        self._memory = RememberedByPbx(next(self._ids))
        session = self._session = AmiSession(
            self._settings, self._ids, self._on_raw, self._on_broken, self._on_foreign
        )
        try:
            await self._come_up(session, await session.open())
            return await session.watch()
        except SessionOver as over:
            return over.down
        except (LinkGone, ActionTimeout, ActionFailed) as error:
            return session.why(error)
        finally:
            self._outlet.close()
            session.end("lost")

    async def _come_up(self, session: AmiSession, version: str) -> None:
        seen, snapshot = await remember(session.ask, self._memory, self._queue)
        self.state = WireState(up=True, since=datetime.now(UTC), version=version)
        self._failures = 0
        AMI_UP.set(1)
        log.info("ami_up", version=version, legs=len(snapshot.legs), remembered=len(seen))
        self._outlet.release(LinkUp(version), *seen, snapshot)

    def _live(self) -> AmiSession:
        if self._session is None or not self.state.up:
            raise LinkGone("the telephone system is not connected")
        return self._session

    # ---- from the reader

    def _on_raw(self, _name: bytes, raw: bytes) -> None:
        event = decode(raw)
        if event is not None and self._memory.take(event):
            return
        # What happens in other queues is others' business: this PBX may serve more than the secretariat.
        if event is None or not self._is_ours(event):
            self.counts.unwanted += 1
        else:
            AMI_EVENTS.labels(type(event).__name__).inc()
            self._outlet.put(event)

    def _is_ours(self, event: PbxEvent) -> bool:
        """Callers wait in any of our queues. An agent's pause holds for all of them and is told of each: one
        is enough."""
        if isinstance(event, MemberChanged | MemberRemoved):
            return event.queue == self._queue
        return is_ours(self._queue, getattr(event, "queue", self._queue))

    def _on_broken(self, error: Exception) -> None:
        self.counts.broken += 1
        if isinstance(error, Implausible):
            UNEXPECTED.labels("wire").inc()
        log.warning("ami_message_broken", kind=type(error).__name__)

    def _on_foreign(self, name: bytes) -> None:
        self.counts.foreign += 1
        UNEXPECTED.labels("wire").inc()
        log.warning("ami_event_amid_a_list", kind=name.decode("ascii", "replace")[:40])

    def _on_full(self) -> None:
        if self._session is not None:
            self._session.end("overflow", "events came faster than they could be handled")

    # ---- going down

    async def _report(self, down: LinkDown) -> None:
        """Tells a change, not each attempt; a full sink is asked again: this must never be lost."""
        if not self.state.up and (down.reason, down.detail) == (self.state.reason, self.state.detail):
            return
        AMI_RECONNECTS.labels(down.reason).inc()
        log.warning("ami_down", reason=down.reason, detail=down.detail)
        while True:
            if self._went_down(down):
                return
            await asyncio.sleep(SINK_RETRY_SECONDS)

    def _went_down(self, down: LinkDown) -> bool:
        self.counts.losses += self.state.up
        if down.reason != self.state.reason:
            self._failures = 0  # something has changed, for the better perhaps: a PBX is coming up
        self.state = replace(
            self.state, up=False, reason=down.reason, detail=down.detail, since=datetime.now(UTC)
        )
        AMI_UP.set(0)
        return self._outlet.tell(down)

    def _pause(self) -> float:
        """Seconds until the next attempt: growing, with jitter, so that clients do not return in step."""
        longest = self._settings.backoff_max_seconds
        if self.state.reason == "in_use":
            longest = min(longest, NEXT_SECONDS)
        starting = self.state.reason == "missing_privilege" and self._failures < STARTING
        if self.state.reason in STUBBORN and not starting:
            seconds = longest * PATIENCE
        else:
            seconds = min(longest, self._settings.backoff_min_seconds * 2.0 ** min(self._failures, 20))
        self._failures += 1
        return seconds * self._random.uniform(0.5, 1.0)
