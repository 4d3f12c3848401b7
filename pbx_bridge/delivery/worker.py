"""Takes messages from the outbox, hands them to their transport and writes down what became of them.

Written before sent: an attempt has its row, and its lease, before the first byte leaves. A worker that dies
leaves an attempt without an outcome; after the lease that counts as uncertain, and the rule decides.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from pbx_bridge import metrics, tasks
from pbx_bridge.delivery.transport import Failed, Outcome, Outgoing, Sent, Transport, Uncertain
from pbx_bridge.storage import notifications, usage
from pbx_bridge.storage.engine import Database, StorageUnavailable
from rules.model import Channel
from rules.notification import SendOutcome, retry_after

if TYPE_CHECKING:
    from pbx_bridge.settings import DeliverySettings
    from pbx_bridge.storage.notifications import Notification

log = structlog.get_logger(__name__)

WRITE_AGAIN = (0.2, 0.5, 1, 2, 5, 10)
"""Pauses before the outcome is written again while the database is away; it must not be forgotten."""
LOOK_SECONDS = 30.0
"""Between two looks whether anybody is there, as long as no message has told."""


class Worker:
    """One outbox, any number of workers. `told` hears the id of each note whose notifications moved.

    A channel without a transport (SMS switched off) keeps its messages waiting; nothing is thrown away.
    """

    def __init__(
        self,
        db: Database,
        transports: Mapping[Channel, Transport],
        settings: DeliverySettings,
        clock: Callable[[], datetime],
        told: Callable[[str], None] = lambda note_id: None,
    ) -> None:
        self._db, self._transports, self._settings = db, transports, settings
        self._clock, self._told = clock, told
        self._woken = asyncio.Event()
        self._concluding = tasks.Errands()
        self.health: dict[Channel, str] = {
            channel: "unknown" if channel in transports else "off" for channel in Channel
        }
        self._proven: set[Channel] = set()

    def wake(self) -> None:
        """There is something new; look now."""
        self._woken.set()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled.

        Each channel has its own hands, so that a silent gateway does not hold up the mail.
        """
        hands = [channel for channel in self._transports for _ in range(self._settings.workers)]
        try:
            await tasks.together([*map(self._look, self._transports), *map(self._work, hands)])
        finally:
            # What is known by now is stored even while this process is asked to stop.
            await self._concluding.settle(sum(WRITE_AGAIN))

    async def _look(self, channel: Channel) -> None:
        """Whether the other side can be reached: what desks show until a message has gone this way, or has
        not."""
        while channel not in self._proven and self.health[channel] != "up":
            try:
                await self._transports[channel].check()
                state = "up"
            except Exception as error:  # whatever is wrong with a look, it must not end those who send
                log.warning("transport_not_reached", channel=channel.value, reason=type(error).__name__)
                state = "down"
            if channel not in self._proven:
                self.health[channel] = state
            await asyncio.sleep(LOOK_SECONDS)

    async def _work(self, channel: Channel) -> None:
        """One pair of hands: the next message that is due, until there is none; then wait."""
        while True:
            woken = self._woken
            try:
                sending = await self._claim(channel)
            except StorageUnavailable as error:
                log.warning("outbox_waits", reason=error.reason)
                sending = None
            if sending is None:
                await self._sleep(woken)
                continue
            outcome = await self._send(sending)
            await asyncio.shield(self._concluding.send(self._conclude(sending, outcome)))

    async def _claim(self, channel: Channel) -> Notification | None:
        """The next one, ours for the time of the lease; what a dead worker left is judged on the way."""
        now = self._clock()
        lease = now + timedelta(seconds=self._settings.lease_seconds)
        async with self._db.write() as conn:
            left = await notifications.claim_abandoned(conn, now, lease, channel=channel)
            due = await notifications.claim_due(conn, now, lease, limit=1, channel=channel)
        for sending in left:
            await self._conclude(sending, Uncertain("worker_died"))
        return due[0] if due else None

    async def _send(self, sending: Notification) -> Outcome:
        try:
            return await self._transports[sending.channel].send(await self._outgoing(sending))
        except StorageUnavailable:
            return Failed("storage_down", permanent=False)
        except Exception as error:  # a bug in a transport costs this message, not the outbox
            log.exception("transport_broke", channel=sending.channel)
            return Failed("transport_broke", permanent=True, detail=type(error).__name__)

    async def _outgoing(self, sending: Notification) -> Outgoing:
        async with self._db.read() as conn:
            earlier = await notifications.attempts_of(conn, sending.id)
        doubtful = any(attempt.outcome is notifications.Outcome.UNCERTAIN for attempt in earlier)
        return Outgoing(
            id=sending.id,
            channel=sending.channel,
            address=sending.address,
            text=sending.body_text,
            cc=sending.cc,
            subject=sending.subject,
            html=sending.body_html,
            message_id=sending.message_id,
            attempt=sending.attempts,
            possible_duplicate=doubtful,
        )

    async def _conclude(self, sending: Notification, outcome: Outcome) -> None:
        """Write the outcome until it is written; only then is the message out of our hands."""
        for pause in (*WRITE_AGAIN, None):
            try:
                await self._store(sending, outcome)
                break
            except StorageUnavailable as error:
                log.warning("outcome_waits", reason=error.reason)
                if pause is None:
                    return  # the lease will run out and somebody will call it uncertain, which is true
                await asyncio.sleep(pause)
        self._remember(sending.channel, outcome)
        if sending.note_id:
            self._told(sending.note_id)

    async def _store(self, sending: Notification, outcome: Outcome) -> None:
        now = self._clock()
        known, stored = _words(outcome)
        detail = " ".join(part for part in (getattr(outcome, "code", ""), outcome.detail) if part)
        pause = retry_after(sending.attempts, known, sending.channel)
        async with self._db.write() as conn:
            if pause is not None:
                await notifications.retry(conn, sending, stored, detail, now, now + pause)
                return
            gateway_id = outcome.gateway_id if isinstance(outcome, Sent) else ""
            await notifications.finish(conn, sending, stored, detail, now, gateway_id)
            if isinstance(outcome, Sent) and sending.channel is Channel.SMS:
                price = await usage.sms_price(conn, sending.customer_id)
                await usage.meter_sms(conn, sending.id, sending.customer_id, price, now)
        metrics.NOTIFICATIONS.labels(sending.channel.value, stored.value).inc()

    def _remember(self, channel: Channel, outcome: Outcome) -> None:
        """What the desks show: a refused address says nothing against the server."""
        self._proven.add(channel)
        refused_for_good = isinstance(outcome, Failed) and outcome.permanent
        self.health[channel] = "up" if isinstance(outcome, Sent) or refused_for_good else "down"

    async def _sleep(self, woken: asyncio.Event) -> None:
        """Until there is something new or it is time to look; `woken` was taken before looking, so no call is
        missed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_seconds):
                await woken.wait()


def _words(outcome: Outcome) -> tuple[SendOutcome, notifications.Outcome]:
    """The outcome in the words of the rule, and in those of the table."""
    match outcome:
        case Sent():
            return SendOutcome.SENT, notifications.Outcome.SENT
        case Failed(permanent=True):
            return SendOutcome.PERMANENT, notifications.Outcome.FAILED
        case Failed():
            return SendOutcome.TEMPORARY, notifications.Outcome.FAILED
        case Uncertain():
            return SendOutcome.UNCERTAIN, notifications.Outcome.UNCERTAIN
