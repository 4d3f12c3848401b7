"""What agents type and save: drafts that follow every letter, notes that never change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, exists, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing, insert_all, pairs, upsert
from rules.model import CallNote


@dataclass(frozen=True, slots=True)
class Draft:
    """A note being typed. `body` is the form as the desk sent it; `revision` the desk's counter.

    `agent_id` None: whoever typed it works here no longer. `note_id`: the version that is being corrected,
    None: a new note.
    """

    call_id: str
    agent_id: str | None
    body: Mapping[str, Any]
    revision: int
    changed_at: datetime
    note_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A saved note with where it belongs. `replaces_id`: the version it corrects. `conversation`: the one it
    is about, as `calls.StoredCall` has it; `revision`: of the draft that it was."""

    note: CallNote
    call_id: str
    customer_id: str | None
    agent_id: str | None
    replaces_id: str | None
    created_at: datetime
    conversation: str = ""
    revision: int = 0
    sms_off: bool = False


_mine = t.call.update().where(t.call.c.id == bindparam("this"))
_sent = exists().where(t.call_note.c.call_id == t.call.c.id, t.notification.c.note_id == t.call_note.c.id)
_TOLD = _mine.where(t.call.c.untold).values(untold=False)
_UNTOLD = _mine.where(~_sent).values(untold=True)


async def save_draft(
    conn: AsyncConnection,
    call_id: str,
    agent_id: str,
    body: Mapping[str, Any],
    revision: int,
    now: datetime,
    note_id: str | None = None,
    base: int | None = None,
) -> bool:
    """Keep what has been typed; False when a newer revision is stored. `note_id`: what it corrects. `base`:
    the newest revision that is known to be in it; False when a newer one than that is stored."""
    if note_id not in await existing(conn, t.call_note, [note_id]):
        note_id = None  # gone with its company: what was typed is a note again
    values = {
        "id": note_id or call_id,
        "call_id": call_id,
        "note_id": note_id,
        "agent_id": agent_id if await existing(conn, t.agent, [agent_id]) else None,
        "body": dict(body),
        "revision": revision,
        "changed_at": now,
    }
    newest = revision - 1 if base is None else min(base, revision - 1)
    return await upsert(conn, t.note_draft, values, where=t.note_draft.c.revision <= newest)


async def draft(conn: AsyncConnection, call_id: str, note_id: str | None = None) -> Draft | None:
    """Of the call's new note, whoever typed it, or of the correction of this one."""
    query = select(t.note_draft).where(t.note_draft.c.id == (note_id or call_id))
    row = (await conn.execute(query)).one_or_none()
    return _draft(row) if row else None


async def drafts_of(conn: AsyncConnection, agent_id: str) -> tuple[Draft, ...]:
    """All drafts of an agent, oldest first."""
    query = (
        select(t.note_draft).where(t.note_draft.c.agent_id == agent_id).order_by(t.note_draft.c.changed_at)
    )
    return tuple(_draft(row) for row in await conn.execute(query))


async def delete_draft(conn: AsyncConnection, call_id: str, note_id: str | None = None) -> None:
    """In the note's own transaction, so that the text is always in one of both."""
    await conn.execute(t.note_draft.delete().where(t.note_draft.c.id == (note_id or call_id)))


async def delete_corrections(conn: AsyncConnection, note_ids: Collection[str]) -> None:
    """The drafts of corrections of these versions."""
    await conn.execute(t.note_draft.delete().where(t.note_draft.c.note_id.in_(note_ids)))


async def continue_draft(conn: AsyncConnection, call_id: str, note_id: str) -> None:
    """What was typed into the correction of this note goes on as the call's new note."""
    moved = t.note_draft.update().where(t.note_draft.c.id == note_id).values(id=call_id, note_id=None)
    await delete_draft(conn, call_id)
    await conn.execute(moved)


def _draft(row: Row[Any]) -> Draft:
    return Draft(row.call_id, row.agent_id, row.body, row.revision, row.changed_at, row.note_id)


async def insert(
    conn: AsyncConnection,
    note: CallNote,
    *,
    call_id: str,
    customer_id: str | None,
    agent_id: str | None,
    now: datetime,
    replaces_id: str | None = None,
    sms_off: bool = False,
    conversation: str = "",
    revision: int = 0,
    told: bool = True,
) -> None:
    """A new note with its recipients. A second correction of the same version violates a constraint: reload
    first. Whoever it names must be there: `sql.existing` tells. `told`: messages about it are written in the
    same transaction; a call of which no version was ever told to anybody is marked."""
    values = {
        "id": note.id,
        "call_id": call_id,
        "customer_id": customer_id,
        "agent_id": agent_id,
        "replaces_id": replaces_id,
        "caller_name": note.caller_name,
        "caller_company": note.caller_company,
        "callback_number": note.callback_number,
        "concern": note.concern,
        "fields": dict(note.fields),
        "urgent": note.urgent,
        "callback_by_local": note.callback_by.isoformat(timespec="minutes") if note.callback_by else "",
        "put_through_to": note.put_through_to,
        "message_to_caller": note.message_to_caller,
        "callback_wanted": note.wants_callback,
        "created_at": now,
        "conversation": conversation,
        "revision": revision,
        "sms_off": sms_off,
    }
    await conn.execute(t.call_note.insert().values(values))
    await conn.execute(_TOLD if told else _UNTOLD, {"this": call_id})
    recipients = dict.fromkeys(note.recipients)
    await insert_all(
        conn, t.note_recipient, ({"note_id": note.id, "employee_id": name} for name in recipients)
    )


async def by_id(conn: AsyncConnection, note_id: str) -> StoredNote | None:
    found = await _notes(conn, select(t.call_note).where(t.call_note.c.id == note_id))
    return found[0] if found else None


async def versions(conn: AsyncConnection, call_id: str) -> tuple[StoredNote, ...]:
    """All versions of all notes of a call, oldest first."""
    query = select(t.call_note).where(t.call_note.c.call_id == call_id)
    return await _notes(conn, query.order_by(t.call_note.c.created_at, t.call_note.c.id))


async def chains(conn: AsyncConnection, call_id: str) -> tuple[tuple[StoredNote, ...], ...]:
    """The notes of a call, one a conversation, in the order in which they were begun; of each all versions,
    oldest first: the last one counts."""
    found = await versions(conn, call_id)
    later = {version.replaces_id: version for version in found if version.replaces_id}
    known = {version.note.id for version in found}
    return tuple(_followed(first, later) for first in found if first.replaces_id not in known)


def _followed(first: StoredNote, later: Mapping[str, StoredNote]) -> tuple[StoredNote, ...]:
    """Each version with the one that replaces it: moments say nothing when the clock was put back between."""
    chain = [first]
    while (following := later.get(chain[-1].note.id)) is not None:
        chain.append(following)
    return tuple(chain)


async def chain(conn: AsyncConnection, call_id: str, note_id: str) -> tuple[StoredNote, ...]:
    """All versions of the note of which `note_id` is one, oldest first; empty when it is gone."""
    found = await chains(conn, call_id)
    return next((one for one in found if any(version.note.id == note_id for version in one)), ())


_these: BindParameter[list[str]] = bindparam("these", expanding=True)
_RECIPIENTS = (
    select(t.note_recipient.c.note_id, t.note_recipient.c.employee_id)
    .where(t.note_recipient.c.note_id.in_(_these))
    .order_by(t.note_recipient.c.employee_id)
)


async def _notes(conn: AsyncConnection, query: Select[Any]) -> tuple[StoredNote, ...]:
    rows = (await conn.execute(query)).all()
    recipients = await pairs(conn, _RECIPIENTS, [row.id for row in rows])
    return tuple(_stored(row, recipients.get(row.id, ())) for row in rows)


def _stored(row: Row[Any], recipients: tuple[str, ...]) -> StoredNote:
    note = CallNote(
        id=row.id,
        caller_name=row.caller_name,
        concern=row.concern,
        caller_company=row.caller_company,
        callback_number=row.callback_number,
        fields=tuple(row.fields.items()),
        urgent=row.urgent,
        callback_by=datetime.fromisoformat(row.callback_by_local) if row.callback_by_local else None,
        recipients=recipients,
        put_through_to=row.put_through_to,
        message_to_caller=row.message_to_caller,
        callback_wanted=row.callback_wanted,
    )
    return StoredNote(
        note,
        row.call_id,
        row.customer_id,
        row.agent_id,
        row.replaces_id,
        row.created_at,
        row.conversation,
        row.revision,
        row.sms_off,
    )
