"""Writes down what a try came to, until it is written: only then is the message out of our hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from pbx_bridge import metrics
from pbx_bridge.outbox.transports.transport import Copy, Failed, Outcome, Sent, Uncertain
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.outbox import notifications, worker
from pbx_bridge.storage.outbox.notifications import Notification
from pbx_bridge.storage.outbox.worker import Parted, Tries
from rules.model import Channel
from rules.outbox.mail_answers import About
from rules.outbox.notification import AttemptOutcome, retry_after
from rules.outbox.sms_text import messages

log = structlog.get_logger(__name__)

WRITE_AGAIN = (0.2, 0.5, 1, 2, 5, 10)
"""Pauses before an outcome is written again while the database is away; the last one as often as it takes."""
NOTHING = Tries(refused=0, doubtful=0)


class Ledger:
    """`told` hears the id of each note whose notifications moved."""

    def __init__(
        self, db: Database, clock: Callable[[], datetime], told: Callable[[str], None], next_try: NextTry
    ) -> None:
        self._db, self._clock, self._told, self._next_try = db, clock, told, next_try

    async def conclude(self, sending: Notification, outcome: Outcome) -> None:
        """Until it is stored, or whoever waits has no more time: then the lease runs out, and somebody will
        call it uncertain.

        What cannot be stored as it is (a bug, bytes nobody thought of) is stored without its details: the
        worst would be to send it again.
        """
        pauses = iter(WRITE_AGAIN)
        while True:
            try:
                mine = await self._store(sending, outcome)
                break
            except StorageUnavailable as error:
                log.warning("outcome_waits", reason=error.reason)
                await asyncio.sleep(next(pauses, WRITE_AGAIN[-1]))
            except Exception:
                log.exception("outcome_not_stored", channel=sending.channel.value)
                if outcome == bare(outcome):
                    return
                outcome = bare(outcome)
        if mine:
            self.tell(sending, outcome)

    def tell(self, sending: Notification, outcome: Outcome) -> None:
        """This outcome is stored: whoever counts and whoever looks at the note hear of it."""
        _, stored = _words(outcome)
        metrics.NOTIFICATIONS.labels(sending.channel.value, stored.value).inc()
        if sending.note_id:
            self._told(sending.note_id)

    async def judge(
        self, conn: AsyncConnection, sending: Notification, outcome: Outcome, now: datetime
    ) -> bool:
        """Write down what the try came to. False: somebody else has decided meanwhile, because the lease ran
        out or the gateway reported first; or this outcome is stored already, and only the database's word of
        it was lost."""
        _, stored = _words(outcome)
        detail, about = detail_of(outcome), about_of(outcome)
        due_at = self._again(sending, outcome, await worker.tries(conn, sending), now)
        if due_at is not None:
            mine = await notifications.retry(conn, sending, stored, detail, now, due_at, about)
        else:
            gateway_id = outcome.gateway_id if isinstance(outcome, Sent) else ""
            mine = await notifications.finish(conn, sending, stored, detail, now, gateway_id, about)
        if mine and outcome.copies:
            copies = [self._parted(sending, copy, now) for copy in outcome.copies]
            await worker.part(conn, sending, copies, now)
        await _bill(conn, sending, outcome, now)
        return mine

    async def _store(self, sending: Notification, outcome: Outcome) -> bool:
        async with self._db.write() as conn:
            return await self.judge(conn, sending, outcome, self._clock())

    def _again(
        self, sending: Notification, outcome: Outcome, before: Tries, now: datetime
    ) -> datetime | None:
        """When it is tried again, None: not by itself."""
        if isinstance(outcome, Failed) and outcome.about is About.SERVER:
            return max(now, self._next_try(sending.channel) or now)
        known, _ = _words(outcome)
        count = before.doubtful if known is AttemptOutcome.UNCERTAIN else before.refused
        pause = retry_after(count + 1, known, sending.channel)
        return None if pause is None else now + pause

    def _parted(self, sending: Notification, copy: Copy, now: datetime) -> Parted:
        _, stored = _words(copy.outcome)
        due_at = self._again(sending, copy.outcome, NOTHING, now)
        return Parted(copy.address, stored, detail_of(copy.outcome), about_of(copy.outcome), due_at)


NextTry = Callable[[Channel], datetime | None]
"""When a channel's server may be asked again."""


async def _bill(conn: AsyncConnection, sending: Notification, outcome: Outcome, now: datetime) -> None:
    """An SMS that the gateway took, once; a company that was deleted meanwhile pays nothing."""
    # Also when somebody else has decided meanwhile: the gateway has it, and an SMS is never billed twice.
    if not isinstance(outcome, Sent) or sending.channel is not Channel.SMS:
        return
    if await notifications.by_id(conn, sending.id) is not None:
        await usage.sms_sent(conn, sending.id, sending.customer_id, messages(sending.body_text), now)


def detail_of(outcome: Outcome) -> str:
    """Stable code and the other side's words."""
    return " ".join(part for part in (getattr(outcome, "code", ""), outcome.detail) if part)


def about_of(outcome: Outcome) -> About:
    """What it speaks of."""
    return outcome.about if isinstance(outcome, Failed) else About.MESSAGE


def bare(outcome: Outcome) -> Outcome:
    """The same without anything that others wrote."""
    copies = tuple(Copy(copy.address, bare(copy.outcome)) for copy in outcome.copies)
    match outcome:
        case Sent():
            return Sent(copies=copies)
        case Failed():
            return Failed("not_storable", outcome.permanent, about=outcome.about, copies=copies)
        case Uncertain():
            return Uncertain("not_storable", copies=copies)


def _words(outcome: Outcome) -> tuple[AttemptOutcome, notifications.Outcome]:
    """The outcome in the words of the rule, and in those of the table."""
    match outcome:
        case Sent():
            return AttemptOutcome.SENT, notifications.Outcome.SENT
        case Failed(permanent=True):
            return AttemptOutcome.PERMANENT, notifications.Outcome.FAILED
        case Failed():
            return AttemptOutcome.TEMPORARY, notifications.Outcome.FAILED
        case Uncertain():
            return AttemptOutcome.UNCERTAIN, notifications.Outcome.UNCERTAIN
