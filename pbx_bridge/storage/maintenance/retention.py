"""Erases personal data whose time is over, and makes sure that it is gone from the disk as well.

What was used (`usage`) stays for the books as long as its company does: it has no number and no name, and the
id of its call leads nowhere once that is erased. With the call go the turns of its time (`call_time`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import ColumnElement, and_, exists, select, text

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, audit_chain
from pbx_bridge.storage.customers import company_changes, data_version, retention_days
from pbx_bridge.storage.customers.retention_days import AS_THE_HOUSE, RetentionSpans
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.erasure import protocol
from pbx_bridge.storage.notes import idempotency
from pbx_bridge.storage.outbox import alarms
from pbx_bridge.storage.outbox.notifications import KEYS
from pbx_bridge.storage.undo.import_jobs import KEPT as IMPORTS_KEPT
from pbx_bridge.storage.undo.undo import KEPT

if TYPE_CHECKING:
    from pbx_bridge.settings import RetentionSettings

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600
LOG_CHECKED_EVERY = timedelta(hours=23)
"""The whole chain of the access log."""
AT_ONCE = 500
"""Rows of a kind that one transaction erases: whoever has to store a note waits no longer than for these."""
COMMANDS_KEPT = timedelta(hours=24)
"""A desk that was away for longer begins anew."""
Whose = ColumnElement[bool]
_KEYS = tuple(kind.value for kind in KEYS)
SETTLED = (
    "sent",
    "delivered",
)  # what failed or is uncertain still waits for a person, who must be able to read it


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows were emptied or deleted."""

    messages: int
    notes: int
    calls: int

    def __bool__(self) -> bool:
        return bool(self.messages or self.notes or self.calls)

    def __add__(self, other: Erased) -> Erased:
        return Erased(self.messages + other.messages, self.notes + other.notes, self.calls + other.calls)


async def erase(
    conn: AsyncConnection, keep: RetentionSettings, now: datetime, own: RetentionSpans = AS_THE_HOUSE
) -> Erased:
    """Empty sent messages, delete notes that were delivered and calls that are over, each after its time and
    `AT_ONCE` at most: until nothing is left to erase. `own`: what companies have that is not as the house's.

    A note with a message that is failed, uncertain or on its way stays for a person to decide, but not for
    ever; so does a call with a note, a draft
    or without an outcome.
    """
    given_up = now - timedelta(days=keep.undelivered_days)
    message, note, call = t.notification.c, t.call_note.c, t.call.c
    messages, notes, calls = 0, await _give_up(conn, given_up), 0
    for days, theirs in own.of("outbox_days", keep.outbox_days, message.customer_id):
        messages += await _empty_messages(conn, now - timedelta(days=days), theirs)
    for days, theirs in own.of("note_days", keep.note_days, note.customer_id):
        notes += await _delete_notes(conn, now - timedelta(days=days), theirs)
    for days, theirs in own.of("call_days", keep.call_days, call.customer_id):
        calls += await _delete_calls(conn, now - timedelta(days=days), given_up, theirs)
    return Erased(messages, notes, calls)


async def forget_steps(conn: AsyncConnection, now: datetime) -> None:
    """What can no longer be undone; it holds what a customer has deleted."""
    await conn.execute(t.undo_step.delete().where(t.undo_step.c.at <= now - KEPT))
    await conn.execute(t.house_step.delete().where(t.house_step.c.at <= now - KEPT))


async def forget_imports(conn: AsyncConnection, now: datetime) -> None:
    """Files that nobody took over."""
    await conn.execute(t.import_job.delete().where(t.import_job.c.at <= now - IMPORTS_KEPT))


async def forget_invitations(conn: AsyncConnection, now: datetime) -> None:
    """Mails whose key opens nothing any more, sent or not."""
    over = t.invitation.c.expires_at <= now
    expired, c = select(t.invitation.c.account_id).where(over), t.notification.c
    await conn.execute(t.notification.delete().where(c.account_id.in_(expired), c.kind.in_(_KEYS)))
    await conn.execute(t.invitation.delete().where(over))


async def forget_mails(conn: AsyncConnection, keep: RetentionSettings, now: datetime) -> None:
    """Messages of no note: nothing else ends them."""
    c = t.notification.c
    sent = c.state.in_(SETTLED) & (c.finished_at < now - timedelta(days=keep.outbox_days))
    old = sent | (c.created_at < now - timedelta(days=keep.undelivered_days))
    await conn.execute(t.notification.delete().where(c.note_id.is_(None), old))


async def forget_appointments(conn: AsyncConnection, keep: RetentionSettings, now: datetime) -> bool:
    """Absences that are over for long, `AT_ONCE` at most; of calendars elsewhere too, as one that cannot be
    read any more is not replaced. False: there was none."""
    # Stored as companies' walls show it, so compared as text; after so many days a zone makes no difference.
    limit = (now - timedelta(days=keep.appointment_days)).strftime("%Y-%m-%dT%H:%M")
    person, source = t.employee.c, t.calendar_source.c
    own = select(t.appointment.c.id, person.customer_id).join_from(t.appointment, t.employee)
    imported = (
        select(t.calendar_event.c.id, person.customer_id)
        .join_from(t.calendar_event, t.calendar_source, t.calendar_event.c.source_id == source.id)
        .join(t.employee, person.id == source.employee_id)
    )
    companies = set[str]()
    for table, query in ((t.appointment, own), (t.calendar_event, imported)):
        rows = (await conn.execute(query.where(table.c.end_local < limit).limit(AT_ONCE))).all()
        await conn.execute(table.delete().where(table.c.id.in_([row.id for row in rows])))
        companies |= {row.customer_id for row in rows}
    for customer_id in sorted(companies):
        await data_version.touch(conn, customer_id, now)
    return bool(companies)


async def _empty_messages(conn: AsyncConnection, limit: datetime, theirs: Whose) -> int:
    c = t.notification.c
    full = text("notification.address <> ''")  # written out: a parameter takes no index of those that are
    old = and_(c.state.in_(SETTLED), c.finished_at < limit, full, theirs)
    nothing = {"address": "", "cc": [], "subject": "", "body_text": "", "body_html": ""}
    some = c.id.in_(select(c.id).where(old).limit(AT_ONCE))
    return (await conn.execute(t.notification.update().where(some).values(nothing))).rowcount


async def _delete_notes(conn: AsyncConnection, limit: datetime, theirs: Whose) -> int:
    note, message = t.call_note.c, t.notification.c
    unsettled = exists(select(message.id).where(message.note_id == note.id, message.state.not_in(SETTLED)))
    old = and_(note.created_at < limit, note.customer_id.is_not(None), ~unsettled, theirs)
    some = note.id.in_(select(note.id).where(old).limit(AT_ONCE))
    return (await conn.execute(t.call_note.delete().where(some))).rowcount


async def _give_up(conn: AsyncConnection, limit: datetime) -> int:
    """Notes that reached nobody, or belong to nobody, about which no person has decided since then; and what
    was typed and never saved."""
    await conn.execute(t.note_draft.delete().where(t.note_draft.c.changed_at < limit))
    note, message = t.call_note.c, t.notification.c
    unsettled = exists(select(message.id).where(message.note_id == note.id, message.state.not_in(SETTLED)))
    left = unsettled | note.customer_id.is_(None)
    some = note.id.in_(select(note.id).where(note.created_at < limit, left).limit(AT_ONCE))
    return (await conn.execute(t.call_note.delete().where(some))).rowcount


async def _delete_calls(conn: AsyncConnection, limit: datetime, given_up: datetime, theirs: Whose) -> int:
    call = t.call.c
    noted = exists(select(t.call_note.c.id).where(t.call_note.c.call_id == call.id))
    typed = exists(select(t.note_draft.c.call_id).where(t.note_draft.c.call_id == call.id))
    decided = (call.outcome != "open") | (call.arrived_at < given_up)
    old = and_(call.arrived_at < limit, decided, ~noted, ~typed, theirs)
    some = call.id.in_(select(call.id).where(old).limit(AT_ONCE))
    return (await conn.execute(t.call.delete().where(some))).rowcount


class Retention:
    """The hourly round, with what `also` tidies up; a database that is away is asked again an hour later."""

    def __init__(
        self,
        db: Database,
        keep: RetentionSettings,
        clock: Callable[[], datetime],
        also: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._db, self._keep, self._clock, self._also = db, keep, clock, also

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.round()
            except StorageUnavailable as error:
                log.warning("retention_waits", reason=error.reason)
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> Erased:
        """Erase once, and empty the write-ahead log."""
        erased = await self._erase()
        async with self._db.write() as conn:
            await forget_steps(conn, self._clock())
            await forget_imports(conn, self._clock())
            await forget_invitations(conn, self._clock())
            await forget_mails(conn, self._keep, self._clock())
            await alarms.forget(conn, self._clock() - timedelta(days=self._keep.access_days))
            await company_changes.forget(conn, self._clock())
            await idempotency.forget(conn, self._clock() - COMMANDS_KEPT)
        some = True
        while some:
            async with self._db.write() as conn:
                some = await forget_appointments(conn, self._keep, self._clock())
        await self._look_after_the_log()
        if self._also:
            await self._also()
        await self._db.empty_log()
        if erased:
            log.info("erased", messages=erased.messages, notes=erased.notes, calls=erased.calls)
        return erased

    async def _look_after_the_log(self) -> None:
        """Forget its beginning; once a day look whether the rest is whole."""
        some, before = True, self._clock() - timedelta(days=self._keep.access_days)
        while some:
            async with self._db.write() as conn:
                some = await access_log.forget(conn, before, self._clock())
        async with self._db.read() as conn:
            last = (await audit_chain.last_check(conn)).at
            if last and self._clock() - last < LOG_CHECKED_EVERY:
                return
            state = await audit_chain.check(conn)
        async with self._db.write() as conn:
            await audit_chain.note_check(conn, state, self._clock())
        if state.breach:
            log.error("audit_log_broken", breach=state.breach.value, entry=state.broken, entries=state.count)
        else:  # in the log too: whoever writes into the database cannot take it back there
            log.info("audit_log_whole", entries=state.count, head=str(state.head))

    async def _erase(self) -> Erased:
        """All of it, with room for others in between."""
        erased, some = Erased(0, 0, 0), Erased(1, 0, 0)
        async with self._db.read() as conn:
            own = await retention_days.spans(conn)
        while some:
            async with self._db.write() as conn:
                some = await erase(conn, self._keep, self._clock(), own)
                if some:
                    counts = {"messages": some.messages, "notes": some.notes, "calls": some.calls}
                    await protocol.add_round(conn, counts, self._clock())
            erased += some
        return erased
