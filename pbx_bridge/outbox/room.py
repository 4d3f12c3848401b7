"""The outbox put together: transports, the worker that uses them, and the gateways' reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import aiohttp
from aiohttp import web

from pbx_bridge.outbox import reports
from pbx_bridge.outbox.by_hand import DeliveryByHand
from pbx_bridge.outbox.transports.from_settings import transports
from pbx_bridge.outbox.transports.transport import Transport
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart
from rules.model import Channel

Listener = Callable[[str], None]


class Outbox:
    """`health`: how mail and SMS are, `down_since`: since when they are down; both change by themselves.
    `ways`: the transports of those that are switched on; `sender_domain`: of Message-IDs; `by_hand`: what
    people decide about a message; `sounds`: of voice messages."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime],
    ) -> None:
        self.sender_domain = settings.mail.from_address.rpartition("@")[2]
        self.ways: Mapping[Channel, Transport] = transports(settings, session, clock)
        self.sounds = VoiceSounds(settings.nobody_free.recordings)
        sending = settings.delivery, clock, self._moved, self.sender_domain, self.sounds
        self.worker = Worker(db, self.ways, *sending)
        self.health: Mapping[Channel, str] = self.worker.health
        self.down_since: Mapping[Channel, datetime] = self.worker.since
        self._reports = reports.hooks(settings, db, clock, self._moved)
        self._moved_listeners: list[Listener] = []
        self.by_hand = DeliveryByHand(db, self.wake, clock)

    @property
    def channels(self) -> frozenset[Channel]:
        """Those that are switched on."""
        return self.worker.channels

    def wake(self) -> None:
        """There is something to send."""
        self.worker.wake()

    def on_moved(self, listener: Listener) -> None:
        """From now on told the id of each note whose notifications moved: sent, or not, or reported by a
        gateway. It is the version that caused them."""
        self._moved_listeners.append(listener)

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return self._reports

    def parts(self) -> list[RunningPart]:
        """What sends."""
        return [RunningPart("worker", self.worker.run)]

    async def drain(self, seconds: float) -> None:
        """Messages under way may come to their end, else it is stored how far they were."""
        await self.worker.drain(seconds)

    def _moved(self, note_id: str) -> None:
        for listener in self._moved_listeners:
            listener(note_id)
