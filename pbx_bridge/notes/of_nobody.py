"""Notes that nobody has written: what a caller left for whom nobody was free, put down as an agent would."""

from __future__ import annotations

from pbx_bridge.notes.save_note import NoteInput
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.db.ids import new_id
from rules.model import Caller, CallNote, Customer


def note_of_nobody(
    call: StoredCall, customer: Customer | None, concern: str, taken_by: str
) -> tuple[NoteInput, CallNote]:
    """Of this call's caller, who wants to be called back; `customer`: whose call it is; `taken_by`: as the
    mail names who took it."""
    vips = customer.vip_callers if customer else ()
    vip = next((one for one in vips if one.id == call.vip_id), None)
    note = CallNote(
        id=new_id(),
        caller_name=vip.name if vip else call.caller_name,
        concern=concern,
        callback_number=call.caller_number,
        callback_wanted=bool(call.caller_number),
        vip_id=vip.id if vip else None,
    )
    typed = NoteInput(
        call_id=call.id,
        agent_id="",
        agent_name=taken_by,
        arrived_at=call.arrived_at,
        customer=customer,
        caller=Caller(number=call.caller_number, vip=vip),
        values={},
    )
    return typed, note
