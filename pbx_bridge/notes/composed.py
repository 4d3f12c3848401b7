"""A note's messages are put into words before the transaction that stores them: whoever writes waits for it.

What they are made of may change in between. So it is looked at in the transaction, before anything is
written, and if it has moved they are made anew of what is there then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pbx_bridge.notes.standing import NoteStanding, names_of, standing
from pbx_bridge.outbox.composing.compose import MessageFacts
from pbx_bridge.outbox.message_row import message_row
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import AsyncConnection, StorageUnavailable
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.notes.references import StillThere, still_there
from pbx_bridge.time_slices import gently
from rules.model import CallNote, Channel, Customer
from rules.outbox.notification import who_is_told

if TYPE_CHECKING:
    from pbx_bridge.notes.save_note import NoteInput
    from pbx_bridge.storage.db.engine import Database
    from pbx_bridge.storage.outbox.notifications import Notification

Result = TypeVar("Result")
TRIES = 10
"""What a note is about does not change so often in some milliseconds."""


@dataclass(frozen=True, slots=True)
class NoteBasis:
    """What others may change meanwhile: who is there, and the version `before` this one."""

    there: StillThere
    before: CallNote | None = None


@dataclass(frozen=True, slots=True)
class ComposedNote:
    """All that is written down of a note, ready. `sms_off`: an SMS was wanted, and SMS are switched off."""

    left: NoteStanding
    there: StillThere
    outbox: tuple[Notification, ...] = ()
    sms_off: bool = False


async def store_composed(
    db: Database,
    typed: NoteInput,
    note: CallNote,
    compose: Callable[[NoteBasis], Awaitable[ComposedNote]],
    write: Callable[[AsyncConnection, ComposedNote], Awaitable[Result]],
) -> Result:
    """Compose, then `write` in one transaction, upon the very basis that was composed. Raises
    StorageUnavailable."""
    basis = await _presumed(db, typed, note)
    for _ in range(TRIES):
        composed = await compose(basis)
        async with db.write() as conn:
            await calls.locked(conn, typed.call_id)
            found = await _basis(conn, typed, note)
            if found == basis:
                return await write(conn, composed)
        basis = found
    raise StorageUnavailable("locked", "what the note is about changes again and again")


async def compose(
    typed: NoteInput,
    note: CallNote,
    basis: NoteBasis,
    now: datetime,
    sender_domain: str,
    ways: Collection[Channel] = tuple(Channel),
) -> ComposedNote:
    """The note as far as those whom it names are there, and what goes out about it by these `ways`: some
    milliseconds for each of up to hundreds."""
    named = names_of(typed.caller.vips, note, basis.before)
    left = standing(note, typed.customer, basis.there, named)
    if left.customer is None or left.foreign:
        return ComposedNote(left, basis.there)
    told = MessageFacts(
        left.note,
        left.customer,
        typed.agent_name,
        typed.arrived_at,
        typed.tried,
        typed.caller.vip,
        typed.put_through_number,
    )
    wanted = who_is_told(left.customer, left.note, typed.caller.vips, replaces=basis.before)
    going = [one for one in wanted if one.channel in ways]
    outbox = [message_row(one, told, now, sender_domain) async for one in gently(going)]
    return ComposedNote(left, basis.there, tuple(outbox), sms_off=len(going) < len(wanted))


async def store_note(
    conn: AsyncConnection, typed: NoteInput, composed: ComposedNote, now: datetime, conversation: str
) -> None:
    """The note itself, with its recipients."""
    customer = composed.left.customer
    await notes.insert(
        conn,
        composed.left.note,
        call_id=typed.call_id,
        customer_id=customer.id if customer else None,
        agent_id=(typed.agent_id if composed.there.agent else "") or None,
        now=now,
        replaces_id=typed.replaces_id,
        conversation=conversation,
        revision=typed.revision,
        sms_off=composed.sms_off,
        told=bool(composed.outbox),
    )


async def _presumed(db: Database, typed: NoteInput, note: CallNote) -> NoteBasis:
    """As the memory has it, which is nearly always so."""
    before = None
    if typed.replaces_id is not None:
        async with db.read() as conn:
            before = await _before(conn, typed)
    named = names_of(typed.caller.vips, note, before)
    there = StillThere(
        customer=typed.customer is not None,
        agent=bool(typed.agent_id),
        employers=_employers(typed.customer, named),
    )
    return NoteBasis(there, before)


def _employers(customer: Customer | None, named: Collection[str]) -> dict[str, str]:
    return {one: customer.id for one in named if customer.employee(one)} if customer else {}


async def _basis(conn: AsyncConnection, typed: NoteInput, note: CallNote) -> NoteBasis:
    """As it is, and stays until the transaction ends."""
    before = await _before(conn, typed)
    named = names_of(typed.caller.vips, note, before)
    customer_id = typed.customer.id if typed.customer else None
    return NoteBasis(await still_there(conn, customer_id, typed.agent_id, named), before)


async def _before(conn: AsyncConnection, typed: NoteInput) -> CallNote | None:
    if typed.replaces_id is None:
        return None
    chain = await notes.chain(conn, typed.call_id, typed.replaces_id)
    return chain[-1].note if chain else None
