"""Saves a note together with everything that it sets in motion: all of it is stored, or nothing.

Facts (what was typed, the company) → decide (`rules.notes.note_fields`, `rules.outbox.notification`) → words
(`notes.composed`) → one transaction: the note, its recipients, its notifications in the outbox, the call's
outcome; the draft goes with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pbx_bridge.errors import Refused
from pbx_bridge.notes.claim import claim, settle
from pbx_bridge.notes.composed import ComposedNote, NoteBasis, compose, store_composed, store_note
from pbx_bridge.notes.standing import may_be_gone
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox import notifications
from rules.model import Caller, CallNote, Channel, Customer
from rules.notes import callback, note_fields
from rules.notes.callback_time import understand
from rules.outbox.notification import unreached, who_is_told
from rules.text.phone_numbers import to_e164
from rules.text.salutation import spoken

if TYPE_CHECKING:
    from pbx_bridge.storage.db.engine import AsyncConnection, Database

    NoteWrite = Callable[[AsyncConnection, CallNote], Awaitable[object]]

LONGEST = {"callback_by": 200, "message_to_caller": 4000}


@dataclass(frozen=True, slots=True)
class NoteInput:
    """A note as the agent sends it. `values`: standard and own fields by key; `callback_by`: the words typed.

    `customer` None: the line belongs to nobody yet; the note is kept for the operator, and nobody is told.
    `put_through_to`: the employee who took the call, `put_through_number`: as people write it, of who took it
    and is no employee; `tried`: (employee's name or such a number, result code) in order.
    `replaces_id`: the version that this one corrects. `typed_at`: from when `callback_by` counts, None: now.
    `callback_wanted` None: the agent did not say. `asked_for`: whom the caller wanted, if somebody was rung.
    `joined`: somebody took the call, be it nobody knows who. `call`: its row, should the database lack it.
    `conversation`, `revision`: as `notes.StoredNote` has them.
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
    put_through_number: str = ""
    tried: tuple[tuple[str, str], ...] = ()
    replaces_id: str | None = None
    typed_at: datetime | None = None
    callback_wanted: bool | None = None
    asked_for: str | None = None
    joined: bool = False
    call: calls.StoredCall | None = None
    conversation: str = ""
    revision: int = 0

    @property
    def put_through(self) -> bool:
        """Whether an employee has heard what is wanted."""
        return self.joined or bool(self.put_through_to)


@dataclass(frozen=True, slots=True)
class Saved:
    """Stored for good. `messages`: how many notifications are on their way; `sms_off`: an SMS was wanted, and
    SMS are switched off; `gone`: recipients who are not there any more, and get none; `of_nobody`: nor is the
    company, or there never was one; `untold`: there is no address at which anybody could hear of it;
    `unreached`: names of those whom nothing reaches."""

    note: CallNote
    messages: int
    sms_off: bool = False
    gone: tuple[str, ...] = ()
    of_nobody: bool = False
    untold: bool = False
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invalid:
    """What is wrong, by name of field: code of `rules.notes.note_fields` or `rules.notes.callback_time`."""

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
    also: NoteWrite | None = None,
) -> Saved | Invalid | Refused:
    """Check and store; a refusal names each field and stores nothing. `ways`: the channels that are switched
    on; for another one nothing is written down, as it would only go out when it is stale. Whom the note names
    and who is gone by now is left out.

    Refusals: `note_exists` (this conversation has its note), `note_outdated` (the version to correct has been
    corrected), `unknown_call`. `also` is done in the same transaction, and knows the note. Raises
    StorageUnavailable when the database does not take it: the draft is still there then.
    """
    note = _read(typed, now)
    if isinstance(note, Invalid):
        return note

    async def composed(basis: NoteBasis) -> ComposedNote:
        return await compose(typed, note, basis, now, sender_domain, ways)

    async def write(conn: AsyncConnection, ready: ComposedNote) -> ComposedNote | Invalid | Refused:
        return await _written(conn, typed, ready, now, also)

    stored = await store_composed(db, typed, note, composed, write)
    return _saved(stored) if isinstance(stored, ComposedNote) else stored


async def _written(
    conn: AsyncConnection, typed: NoteInput, ready: ComposedNote, now: datetime, also: NoteWrite | None
) -> ComposedNote | Invalid | Refused:
    """All of it, in the transaction; nothing is worked out here."""
    if typed.call is not None:
        await calls.insert(conn, typed.call)
    call = await calls.locked(conn, typed.call_id)
    chain = await claim(conn, typed, call)
    if isinstance(chain, Refused):
        return chain
    left = ready.left
    if left.foreign:
        return Invalid({"recipients": "unknown_recipient"})
    await store_note(conn, typed, ready, now, chain[-1].conversation if chain else typed.conversation)
    await notifications.insert(conn, ready.outbox)
    await settle(conn, typed, chain)
    if also is not None:
        await also(conn, left.note)
    return ready


def _saved(ready: ComposedNote) -> Saved:
    """What the agent hears of it: also whether nobody can hear of it, and who cannot though others can."""
    left, customer = ready.left, ready.left.customer
    if customer is None:
        return Saved(left.note, 0, gone=left.gone, of_nobody=True, untold=True)
    deaf = tuple(spoken(person.name) for person in unreached(customer, left.note))
    untold = not who_is_told(customer, left.note)
    return Saved(left.note, len(ready.outbox), ready.sms_off, left.gone, untold=untold, unreached=deaf)


def reading(typed: NoteInput, now: datetime) -> Reading:
    """What the service makes of it, and everything that is wrong with it; nothing is stored."""
    own = typed.customer.note_fields if typed.customer else ()
    region = typed.customer.region if typed.customer else "DE"
    zone = typed.customer.zone if typed.customer else "Europe/Berlin"
    values = note_fields.validate(own, typed.values, region, put_through=typed.put_through)
    errors = {} if isinstance(values, note_fields.Valid) else {e.field: str(e.code) for e in values}
    errors |= _too_long(typed)
    callback_by = None
    if typed.callback_by.strip() and "callback_by" not in errors:
        understood = understand(typed.callback_by, typed.typed_at or now, zone)
        if isinstance(understood, datetime):
            callback_by = understood
        else:
            errors["callback_by"] = str(understood.code)
    if typed.customer and not all(typed.customer.employee(e) or may_be_gone(e) for e in typed.recipients):
        errors["recipients"] = "unknown_recipient"
    number = to_e164(typed.values.get(note_fields.CALLBACK, ""), region)
    concern = typed.values.get(note_fields.CONCERN, "")
    wanted = callback.wanted(
        typed.callback_wanted,
        number=number,
        by=callback_by is not None,
        concern=concern,
        put_through=typed.put_through,
    )
    valid = values if isinstance(values, note_fields.Valid) else None
    return Reading(errors, valid, number, callback_by, wanted, callback.says_no(concern))


def _too_long(typed: NoteInput) -> dict[str, str]:
    """What no company's form asks for has its limits, too."""
    texts = {"callback_by": typed.callback_by, "message_to_caller": typed.message_to_caller}
    return {name: "too_long" for name, text in texts.items() if len(text.strip()) > LONGEST[name]}


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
