"""Calls and notes from the database, in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.from_snapshot import Recalled
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.state import CallState
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.transfer_view import TransferView, shown_number, whom
from pbx_bridge.directory.index import Index
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.notes import notes
from rules.calls.identify import identify_caller
from rules.model import Agent, Customer
from rules.notes.field_text import typed
from rules.text.phone_numbers import national


def call_state(stored: calls.StoredCall, agent: Agent, index: Index, names: CallNames) -> CallState:
    """The call as it was left; who is calling, by the list of VIPs as it is now. `names`: of our PBX; what
    was taken at another one is none of its calls."""
    vips = index.vips(stored.customer_id).find
    number, name = stored.caller_number, stored.caller_name
    return CallState(
        id=stored.id,
        pbx_call=names.told(stored.pbx_call),
        channel="",
        line=stored.line_number,
        customer_id=stored.customer_id,
        unassigned_reason=stored.unassigned_reason,
        caller=identify_caller(number, name, not number, "DE", vips),
        phase=Phase.ENDED if stored.ended_at else Phase.TALKING,
        phase_since=stored.ended_at or stored.answered_at or stored.arrived_at,
        arrived_at=stored.arrived_at,
        answered_at=stored.answered_at,
        ended_at=stored.ended_at,
        agent=agent.interface,
        conversation=stored.conversation,
    )


def recalled(stored: calls.StoredCall, agent: Agent | None) -> Recalled:
    """What is written down of a call that may still live."""
    phone = agent.interface if agent else None
    return Recalled(stored.arrived_at, phone, stored.answered_at, stored.conversation)


def stored_transfer(customer: Customer | None, tried: Iterable[attempts.StoredAttempt]) -> TransferView:
    """Who was rung, as far as they still work there, and who took the call, also when they do not."""
    rung = [(a, customer.employee(a.employee_id) if customer else None) for a in tried if a.result]
    joined = [a.employee_id for a, _ in rung if a.result == "joined"]
    views = (
        p.TriedView(e.id if e else "", whom(customer, a.employee_id, a.number), a.result or "")
        for a, e in rung
        if e or a.number
    )
    outside = next((a.number for a, _ in rung if a.result == "joined" and a.number), "")
    meant = (attempt.asked_for for attempt, _ in rung if attempt.result != "cancelled")
    taker = next(filter(None, joined), None)
    asked = next(filter(None, meant), None)
    return TransferView(None, tuple(views), taker, asked, bool(joined), shown_number(customer, outside))


def draft_view(draft: notes.Draft) -> p.DraftView:
    """A stored draft; what an older or newer program put into it and this one does not know is left out."""
    return p.DraftView(draft.call_id, draft.revision, msgspec.convert(draft.body, p.NoteBody))


def version_view(
    stored: notes.StoredNote, customer: Customer | None, agent: Agent | None
) -> p.NoteVersionView:
    """A saved note as it could be typed again: what the company no longer has is left out."""
    note = stored.note
    asked = {field.key: field.kind for field in customer.note_fields} if customer else {}
    told = [name for name in note.recipients if customer and customer.employee(name)]
    body = p.NoteBody(
        name=note.caller_name,
        company=note.caller_company,
        callback=national(note.callback_number, customer.region if customer else "DE"),
        concern=note.concern,
        fields={key: typed(asked[key], text) for key, text in note.fields if key in asked},
        recipients=told,
        urgent=note.urgent,
        callback_by=f"{note.callback_by:%d.%m.%Y %H:%M}" if note.callback_by else "",
        message_to_caller=note.message_to_caller,
        callback_wanted=note.wants_callback,
    )
    return p.NoteVersionView(stored.created_at, agent.name if agent else "", body)
