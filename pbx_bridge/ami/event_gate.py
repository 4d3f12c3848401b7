"""Where events leave the link: in order, held back during a snapshot, and never lost without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from pbx_bridge.calls.events import PbxEvent, Sink

log = structlog.get_logger()


@dataclass(slots=True)
class LinkCounts:
    """What the link has seen since the start; for metrics and tests."""

    events: int = 0
    unwanted: int = 0
    broken: int = 0
    foreign: int = 0
    sink_failures: int = 0
    overflows: int = 0
    connects: int = 0
    losses: int = 0


class EventGate:
    """Passes events to the sink. `on_full`: the sink (by `asyncio.QueueFull`) or our own store is full."""

    def __init__(self, sink: Sink, limit: int, counts: LinkCounts, on_full: Callable[[], None]) -> None:
        self._sink = sink
        self._limit = limit
        self._counts = counts
        self._on_full = on_full
        self._held: list[PbxEvent] | None = None
        self._closed = True

    def open(self) -> None:
        """A new session begins: hold everything back until its snapshot is there."""
        self._held = []
        self._closed = False

    def close(self) -> None:
        """The session is over: what it still says, or held back, is worth nothing."""
        self._held = None
        self._closed = True

    def hold(self) -> None:
        """Holds events back from here on, until `release`."""
        self._held = []

    def release(self, *first: PbxEvent) -> None:
        """Tells `first`, then what was held back, then goes on live."""
        held, self._held = self._held or [], None
        for event in (*first, *held):
            self.put(event)

    def put(self, event: PbxEvent) -> None:
        """Tells or holds one event; after an overflow nothing more comes out of this session."""
        if self._closed:
            return
        if self._held is None:
            self._counts.events += 1
            if not self.tell(event):
                self._overflow()
        elif len(self._held) < self._limit:
            self._held.append(event)
        else:
            self._overflow()

    def tell(self, event: PbxEvent) -> bool:
        """Straight into the sink, held or not; False if it is full."""
        try:
            self._sink(event)
        except asyncio.QueueFull:
            return False
        except Exception:  # a failing reader must cost neither the link nor the next event
            self._counts.sink_failures += 1
            log.exception("ami_sink_failed", event_name=type(event).__name__)
        return True

    def _overflow(self) -> None:
        self._counts.overflows += 1
        self.close()
        self._on_full()
