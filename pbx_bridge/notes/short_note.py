"""A caller was put through and the agent writes no note: whoever took the call hears of it all the same, or,
where nobody of the company took it, whoever was asked for, else the company."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pbx_bridge.notes.save_note import NoteInput, company_of, outbox_of, store
from pbx_bridge.notes.standing import names_of, standing
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes.references import still_there
from pbx_bridge.storage.outbox import notifications
from rules.model import CallNote
from rules.notes import note_fields
from rules.text.phone_numbers import to_e164

if TYPE_CHECKING:
    from pbx_bridge.storage.db.engine import AsyncConnection


async def tell_in_short(conn: AsyncConnection, typed: NoteInput, now: datetime, sender_domain: str) -> int:
    """Stores name and number, as far as they are known, and what goes out about them; how many messages.

    Nothing where it is not known any more who took the call. One at a number outside hears nothing of us, but
    the company has to know that we sent its caller there.
    """
    note = _short(typed)
    named = names_of(typed.caller.vips, note)
    there = await still_there(conn, company_of(typed), typed.agent_id, named)
    left = standing(note, typed.customer, there, named)
    if left.customer is None or (left.note.put_through_to is None and not typed.put_through_number):
        return 0
    told = replace(typed, customer=left.customer, agent_id=typed.agent_id if there.agent else "")
    outbox = await outbox_of(told, left.note, None, now, sender_domain)
    await store(conn, told, left.note, now)
    await notifications.insert(conn, outbox)
    return len(outbox)


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
