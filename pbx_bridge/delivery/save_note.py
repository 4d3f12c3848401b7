"""Saves a note together with everything that it sets in motion: all of it is stored, or nothing.

Facts (what was typed, the company) → decide (`rules.note_fields`, `rules.notification`) → one transaction:
the note, its recipients, its notifications in the outbox, the call's outcome; the draft goes with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pbx_bridge.delivery.compose import Told, compose
from pbx_bridge.delivery.words import words_of
from pbx_bridge.errors import Refused
from pbx_bridge.storage import calls, notes, notifications
from pbx_bridge.storage.ids import new_id
from rules import callback, note_fields
from rules.model import Caller, CallNote, Channel, Customer
from rules.notification import Notification, who_is_told
from rules.phone_numbers import to_e164
from rules.when import understand

if TYPE_CHECKING:
    from pbx_bridge.storage.engine import AsyncConnection, Database


@dataclass(frozen=True, slots=True)
class NoteInput:
    """A note as the agent sends it. `values`: standard and own fields by key; `callback_by`: the words typed.

    `customer` None: the line belongs to nobody yet; the note is kept for the operator, and nobody is told.
    `put_through_to`: the employee who took the call; `tried`: (employee's name, result code) in order.
    `replaces_id`: the version that this one corrects. `typed_at`: from when `callback_by` counts, None: now.
    `callback_wanted` None: the agent did not say. `asked_for`: whom the caller wanted, if somebody was rung.
    """

    call_id: str
    agent_id: str
    agent_name: str
    arrived_at: datetime
    customer: Customer | None
    caller: Caller
    values: Mapping[str, str]
    recipients: tuple[str, ...] = ()
    urgent: bool = False
    callback_by: str = ""
    message_to_caller: str = ""
    put_through_to: str | None = None
    tried: tuple[tuple[str, str], ...] = ()
    replaces_id: str | None = None
    typed_at: datetime | None = None
    callback_wanted: bool | None = None
    asked_for: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """Stored for good. `messages`: how many notifications are on their way; `sms_off`: an SMS was wanted, and
    SMS are switched off."""

    note: CallNote
    messages: int
    sms_off: bool = False


@dataclass(frozen=True, slots=True)
class Invalid:
    """What is wrong, by name of field: code of `rules.note_fields` or `rules.when`."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """`errors`: by name of field; `values` None: they cannot be read as a whole.

    `callback_number`: E.164, empty when nobody could be called there; `callback_by`: aware, in the
    company's zone; `says_no`: the concern itself says that nobody needs to call back.
    """

    errors: Mapping[str, str]
    values: note_fields.Valid | None
    callback_number: str
    callback_by: datetime | None
    callback_wanted: bool
    says_no: bool


async def save_note(
    db: Database,
    typed: NoteInput,
    now: datetime,
    sender_domain: str,
    ways: Collection[Channel] = tuple(Channel),
) -> Saved | Invalid | Refused:
    """Check and store; a refusal names each field and stores nothing. `ways`: the channels that are switched
    on; for another one nothing is written down, as it would only go out when it is stale.

    Refusals: `note_exists` (this call has its note already), `note_outdated` (the version to correct has been
    corrected). Raises StorageUnavailable when the database does not take it: the draft is still there then.
    """
    note = _read(typed, now)
    if isinstance(note, Invalid):
        return note
    replaces = await _version(db, typed.replaces_id)
    wanted = _outbox(typed, note, replaces, now, sender_domain)
    outbox = [one for one in wanted if one.channel in ways]
    sms_off = len(outbox) < len(wanted)
    async with db.write() as conn:
        refused = await _claim(conn, typed)
        if refused is not None:
            return refused
        await notes.insert(
            conn,
            note,
            call_id=typed.call_id,
            customer_id=typed.customer.id if typed.customer else None,
            agent_id=typed.agent_id,
            now=now,
            replaces_id=typed.replaces_id,
            sms_off=sms_off,
        )
        await notifications.insert(conn, outbox)
        await notes.delete_draft(conn, typed.call_id)
    return Saved(note, len(outbox), sms_off)


async def _version(db: Database, note_id: str | None) -> CallNote | None:
    if note_id is None:
        return None
    async with db.read() as conn:
        stored = await notes.by_id(conn, note_id)
    return stored.note if stored else None


async def _claim(conn: AsyncConnection, typed: NoteInput) -> Refused | None:
    """One note a call and one correction a version, also from two tabs at the same moment."""
    if typed.replaces_id is None:
        first = await calls.set_outcome(conn, typed.call_id, calls.Outcome.NOTED)
        return None if first else Refused("note_exists")
    versions = await notes.versions(conn, typed.call_id)
    newest = versions and versions[-1].note.id == typed.replaces_id
    return None if newest else Refused("note_outdated")


def reading(typed: NoteInput, now: datetime) -> Reading:
    """What the service makes of it, and everything that is wrong with it; nothing is stored."""
    own = typed.customer.note_fields if typed.customer else ()
    region = typed.customer.region if typed.customer else "DE"
    zone = typed.customer.zone if typed.customer else "Europe/Berlin"
    values = note_fields.validate(own, typed.values, region, put_through=bool(typed.put_through_to))
    errors = {} if isinstance(values, note_fields.Valid) else {e.field: str(e.code) for e in values}
    callback_by = None
    if typed.callback_by.strip():
        understood = understand(typed.callback_by, typed.typed_at or now, zone)
        if isinstance(understood, datetime):
            callback_by = understood
        else:
            errors["callback_by"] = str(understood.code)
    if typed.customer and any(typed.customer.employee(e) is None for e in typed.recipients):
        errors["recipients"] = "unknown_recipient"
    number = to_e164(typed.values.get(note_fields.CALLBACK, ""), region)
    concern = typed.values.get(note_fields.CONCERN, "")
    wanted = callback.wanted(
        typed.callback_wanted,
        number=number,
        by=callback_by is not None,
        concern=concern,
        put_through=bool(typed.put_through_to),
    )
    valid = values if isinstance(values, note_fields.Valid) else None
    return Reading(errors, valid, number, callback_by, wanted, callback.says_no(concern))


def _read(typed: NoteInput, now: datetime) -> CallNote | Invalid:
    """What was typed as a note, or everything that is wrong with it, by name of field."""
    read, own = reading(typed, now), typed.customer.note_fields if typed.customer else ()
    values, callback_by = read.values, read.callback_by
    if read.errors or values is None:
        return Invalid(read.errors)
    return CallNote(
        id=new_id(),
        caller_name=values.text(note_fields.NAME),
        concern=values.text(note_fields.CONCERN),
        caller_company=values.text(note_fields.COMPANY),
        callback_number=values.text(note_fields.CALLBACK),
        fields=tuple((f.key, text) for f in own if (text := values.text(f.key))),
        urgent=typed.urgent,
        callback_by=callback_by.replace(tzinfo=None) if callback_by else None,
        recipients=typed.recipients,
        put_through_to=typed.put_through_to,
        message_to_caller=typed.message_to_caller.strip(),
        vip_id=typed.caller.vip.id if typed.caller.vip else None,
        callback_wanted=read.callback_wanted,
        asked_for=typed.asked_for,
    )


def _outbox(
    typed: NoteInput, note: CallNote, replaces: CallNote | None, now: datetime, sender_domain: str
) -> list[notifications.Notification]:
    if typed.customer is None:
        return []
    told = Told(note, typed.customer, typed.agent_name, typed.arrived_at, typed.tried, typed.caller.vip)
    wanted = who_is_told(typed.customer, note, typed.caller.vips, replaces=replaces)
    return [_row(one, told, now, sender_domain) for one in wanted]


def _row(wanted: Notification, told: Told, now: datetime, sender_domain: str) -> notifications.Notification:
    message = compose(wanted, told, words_of("de"))
    row_id = new_id()
    return notifications.Notification(
        id=row_id,
        note_id=told.note.id,
        customer_id=told.customer.id,
        channel=wanted.channel,
        kind=wanted.kind,
        address=wanted.address,
        body_text=message.text,
        due_at=now,
        created_at=now,
        employee_id=wanted.employee_id,
        cc=wanted.cc,
        subject=message.subject,
        body_html=message.html,
        message_id=f"<{row_id}@{sender_domain}>",
        report_token=secrets.token_urlsafe(24) if wanted.channel is Channel.SMS else "",
    )
