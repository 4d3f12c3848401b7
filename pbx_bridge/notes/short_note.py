"""A caller was put through and the agent writes no note: whoever took the call hears of it all the same, or,
where nobody of the company took it, whoever was asked for, else the company."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from pbx_bridge.notes.composed import ComposedNote, NoteBasis, compose, store_composed, store_note
from pbx_bridge.notes.standing import NoteStanding
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox import notifications
from rules.model import CallNote
from rules.notes import note_fields
from rules.text.phone_numbers import to_e164

if TYPE_CHECKING:
    from pbx_bridge.notes.save_note import NoteInput
    from pbx_bridge.storage.db.engine import AsyncConnection, Database


Write = Callable[["AsyncConnection", Callable[[], Awaitable[int]]], Awaitable[int]]
"""What else is stored in the transaction; it calls the second one, which stores note and messages and says
how many these are, if they are to be."""


async def tell_in_short(
    db: Database, typed: NoteInput, now: datetime, sender_domain: str, write: Write
) -> int:
    """Stores name and number, as far as they are known, and what goes out about them, within `write`.

    Nothing where it is not known any more who took the call. One at a number outside hears nothing of us, but
    the company has to know that we sent its caller there. Raises StorageUnavailable.
    """
    note = _short(typed)

    async def composed(basis: NoteBasis) -> ComposedNote:
        if not (note.put_through_to or typed.put_through_number):
            return ComposedNote(NoteStanding(note, None), basis.there)
        return await compose(typed, note, basis, now, sender_domain)

    async def write_all(conn: AsyncConnection, ready: ComposedNote) -> int:
        return await write(conn, lambda: _written(conn, typed, ready, now))

    return await store_composed(db, typed, note, composed, write_all)


async def _written(conn: AsyncConnection, typed: NoteInput, ready: ComposedNote, now: datetime) -> int:
    left = ready.left
    if left.customer is None or (left.note.put_through_to is None and not typed.put_through_number):
        return 0
    await store_note(conn, typed, ready, now, typed.conversation)
    await notifications.insert(conn, ready.outbox)
    return len(ready.outbox)


def _short(typed: NoteInput) -> CallNote:
    region = typed.customer.region if typed.customer else "DE"
    longest = note_fields.MAX_LENGTH
    return CallNote(
        id=new_id(),
        caller_name=typed.values.get(note_fields.NAME, "").strip()[: longest[note_fields.NAME]],
        concern="",
        recipients=(typed.asked_for,) if typed.put_through_number and typed.asked_for else (),
        caller_company=typed.values.get(note_fields.COMPANY, "").strip()[: longest[note_fields.COMPANY]],
        callback_number=to_e164(typed.values.get(note_fields.CALLBACK, ""), region) or typed.caller.number,
        put_through_to=typed.put_through_to,
        vip_id=typed.caller.vip.id if typed.caller.vip else None,
        callback_wanted=False,
        asked_for=typed.asked_for,
    )
