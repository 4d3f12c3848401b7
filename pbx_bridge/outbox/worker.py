"""Takes messages from the outbox, hands them to their transport and writes down what became of them.

Written before sent: an attempt has its row, and its lease, before the first byte leaves. The lease is renewed
while the message is on its way. A worker that dies leaves an attempt without an outcome; after the lease that
counts as uncertain, and the rule decides.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from pbx_bridge import metrics, tasks
from pbx_bridge.outbox.channel_health import ChannelHealth
from pbx_bridge.outbox.composing import account_mail
from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.ledger import Ledger
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Outgoing, Sound, Transport, Uncertain
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.notes import voice_messages
from pbx_bridge.storage.outbox import notifications, worker
from rules.model import Channel
from rules.outbox.mail_answers import About
from rules.outbox.notification import given_up_after
from rules.text.foreign_text import readable
from rules.vocabulary import FIRST_LANGUAGE

if TYPE_CHECKING:
    from pbx_bridge.settings import DeliverySettings
    from pbx_bridge.storage.outbox.notifications import Notification

log = structlog.get_logger(__name__)

STORED_SECONDS = 3.0
"""How long the end waits until what is known is stored; the lease stands for the rest."""
LOOK_SECONDS = 30.0
"""Between two looks whether anybody is there, as long as no message has told."""
TIDY_SECONDS = 60.0
"""Between two rounds for what has waited too long."""
STOPPED = Failed("stopped", permanent=False, about=About.SERVER)
"""We were asked to stop before anything had left."""
WORKER_DIED = Uncertain("worker_died")
"""Nobody has said what became of it when its lease ran out."""


class Worker:
    """One outbox, any number of workers. `told` hears the id of each note whose notifications moved.

    `sender_domain`: of Message-IDs; `sounds`: of voice messages, which go with their mails. A channel without
    a transport (SMS switched off) sends nothing; what waits for it is given up in time.
    """

    def __init__(
        self,
        db: Database,
        transports: Mapping[Channel, Transport],
        settings: DeliverySettings,
        clock: Callable[[], datetime],
        told: Callable[[str], None] = lambda note_id: None,
        sender_domain: str = "",
        sounds: VoiceSounds | None = None,
    ) -> None:
        self._sounds = sounds
        self._sender_domain = sender_domain
        self._db, self._transports, self._settings = db, transports, settings
        self._clock, self._told = clock, told
        self._woken = asyncio.Event()
        self._ways = ChannelHealth(transports, clock)
        self._ledger = Ledger(db, clock, told, self._ways.next_try)
        self._under_way: dict[str, Notification] = {}
        self._delivering, self._concluding = tasks.BackgroundTasks(), tasks.BackgroundTasks()
        self._warned = self._stopping = False
        self.health, self.since = self._ways.shown, self._ways.since

    @property
    def channels(self) -> frozenset[Channel]:
        """Those that are switched on."""
        return frozenset(self._transports)

    @property
    def busy(self) -> int:
        """How many messages are under way."""
        return len(self._under_way)

    def wake(self) -> None:
        """There is something new; look now."""
        self._woken.set()
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; what is under way then is for `drain`.

        Each channel has its own workers, so that a silent gateway does not hold up the mail.
        """
        self._stopping = False
        workers = [channel for channel in self._transports for _ in range(self._settings.workers)]
        lookers = map(self._look, self._transports)
        try:
            await tasks.run_all([*lookers, *map(self._work, workers), self._hold(), self._tidy()])
        finally:
            self._stopping = True
            # What is known by now is stored even while this process is asked to stop.
            await self._concluding.settle(STORED_SECONDS)

    async def drain(self, seconds: float) -> None:
        """After `run`: messages under way may come to their end, else it is stored how far they were."""
        await self._delivering.settle(seconds)
        await self._concluding.settle(STORED_SECONDS)

    # ---- workers

    async def _work(self, channel: Channel) -> None:
        """One worker: the next message that is due, until there is none; then wait."""
        while True:
            woken = self._woken
            if not await self._next(channel):
                await self._sleep(woken)

    async def _next(self, channel: Channel) -> bool:
        """Send one message; False when there is none, or none may go now. Ends for nothing but a cancel."""
        admission = self._ways.enter(channel)
        if admission is None:
            return False
        try:
            return await asyncio.shield(self._delivering.start(self._deliver_one(channel)))
        except StorageUnavailable as error:
            if not self._warned:
                log.warning("outbox_waits", reason=error.reason)
            self._warned = True
        except Exception:  # whatever it is, mail must go on
            metrics.HANDLER_FAILURES.labels("outbox").inc()
            log.exception("outbox_stumbled", channel=channel.value)
        finally:
            self._ways.leave(channel, admission)
        return False

    async def _deliver_one(self, channel: Channel) -> bool:
        """Claim, send, conclude. Outlives the hand that began it, so that nothing is claimed for nobody."""
        sending = await self._claim(channel)
        if sending is None:
            return False
        try:
            outcome = await self._tried(sending)
            await asyncio.shield(self._concluding.start(self._ledger.conclude(sending, outcome)))
        finally:
            self._under_way.pop(sending.id, None)
        return True

    async def _claim(self, channel: Channel) -> Notification | None:
        """The next one, ours for the time of the lease; what a dead worker left is judged on the way."""
        now = self._clock()
        lease = now + timedelta(seconds=self._settings.lease_seconds)
        async with self._db.write() as conn:
            left = await notifications.claim_abandoned(
                conn, now, lease, channel=channel, but=tuple(self._under_way)
            )
            # In the same transaction: between taking over and judging two would hold the same attempt.
            judged = [one for one in left if await self._ledger.judge(conn, one, WORKER_DIED, now)]
            due = await notifications.claim_due(conn, now, lease, limit=1, channel=channel)
        self._under_way |= {sending.id: sending for sending in due}
        self._warned = False
        for one in judged:
            self._ledger.tell(one, WORKER_DIED)
        return due[0] if due else None

    async def _tried(self, sending: Notification) -> Outcome:
        """What the other side made of it; a stop in the middle says how far it was."""
        if self._stopping:
            return STOPPED
        if self._clock() - sending.ordered_at > given_up_after(sending.channel):
            return Failed(worker.TOO_OLD, permanent=True)
        outgoing = None
        try:
            outgoing = await self._outgoing(sending)
            outcome = await self._transports[sending.channel].send(outgoing)
        except StorageUnavailable:
            return Failed("storage_down", permanent=False, about=About.SERVER)
        except asyncio.CancelledError:
            return Uncertain("stopped") if outgoing and outgoing.leaving.begun else STOPPED
        except Exception as error:  # a bug in a transport costs this message, not the outbox
            log.exception("transport_broke", channel=sending.channel.value)
            return Failed("transport_broke", permanent=True, detail=type(error).__name__)
        if self._ways.heard(sending.channel, outcome):
            self.wake()
        return outcome

    async def _outgoing(self, sending: Notification) -> Outgoing:
        async with self._db.read() as conn:
            earlier = await notifications.attempts_of(conn, sending.id)
            if sending.kind in notifications.PASSING:
                sending = await account_mail.dressed(conn, sending, self._sender_domain)
            sound = await self._sound(conn, sending)
        doubtful = any(attempt.outcome is notifications.Outcome.UNCERTAIN for attempt in earlier)
        return Outgoing(
            id=sending.id,
            channel=sending.channel,
            address=sending.address,
            text=sending.body_text,
            cc=sending.cc,
            subject=" ".join(sending.subject.split()),
            html=sending.body_html,
            message_id=sending.message_id,
            attempt=sending.attempts,
            possible_duplicate=doubtful,
            report_token=sending.report_token,
            sound=sound,
        )

    async def _sound(self, conn: AsyncConnection, sending: Notification) -> Sound | None:
        """Of the voice message that this mail tells of. What is gone is no reason to keep the words back."""
        if self._sounds is None or sending.channel is not Channel.EMAIL or not sending.note_id:
            return None
        voice = await voice_messages.of_note(conn, sending.note_id)
        if voice is None:
            return None
        try:
            content = await asyncio.to_thread(self._sounds.content, voice)
        except OSError as error:
            log.warning("sound_unreadable", notification=sending.id, error=type(error).__name__)
            return None
        if content is None:
            log.warning("sound_gone", notification=sending.id)
        return Sound(words_of(FIRST_LANGUAGE)("voice.file"), content) if content else None

    async def _sleep(self, woken: asyncio.Event) -> None:
        """Until there is something new or it is time to look; `woken` was taken before looking, so no call is
        missed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_seconds):
                await woken.wait()

    # ---- beside the workers

    async def _look(self, channel: Channel) -> None:
        """Whether the other side can be reached: what desks show until a message has gone this way, or has
        not."""
        while self._ways.unproven(channel) and self.health[channel] != "up":
            try:
                await self._transports[channel].check()
                self._ways.looked(channel, reached=True)
            except Exception as error:  # whatever is wrong with a look, it must not end those who send
                self._ways.looked(channel, reached=False, detail=readable(f"{type(error).__name__} {error}"))
            await asyncio.sleep(LOOK_SECONDS)

    async def _hold(self) -> None:
        """Renew the leases of what is under way, however long it takes."""
        while True:
            await asyncio.sleep(self._settings.lease_seconds / 3)
            if held := tuple(self._under_way.values()):
                until = self._clock() + timedelta(seconds=self._settings.lease_seconds)
                with contextlib.suppress(StorageUnavailable):
                    async with self._db.write() as conn:
                        await worker.renew(conn, held, until)

    async def _tidy(self) -> None:
        """Give up what has waited too long, also where the way is closed or switched off; count the rest."""
        while True:
            with contextlib.suppress(StorageUnavailable):
                for channel in Channel:
                    await self._give_up(channel)
            await asyncio.sleep(TIDY_SECONDS)

    async def _give_up(self, channel: Channel) -> None:
        now = self._clock()
        async with self._db.write() as conn:
            given_up = await worker.give_up(conn, channel, now - given_up_after(channel), now)
            metrics.OUTBOX_WAITING.labels(channel.value).set(await worker.waiting(conn, channel))
        for one in given_up:
            metrics.NOTIFICATIONS.labels(channel.value, notifications.State.FAILED.value).inc()
            log.warning("message_too_old", notification=one.id, channel=channel.value)
            if one.note_id:
                self._told(one.note_id)
