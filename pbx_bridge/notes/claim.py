"""Whether a note may be stored as the one that it is meant to be, and what is settled when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbx_bridge.errors import Refused
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.notes import notes

if TYPE_CHECKING:
    from pbx_bridge.notes.save_note import NoteInput
    from pbx_bridge.storage.db.engine import AsyncConnection


async def claim(
    conn: AsyncConnection, typed: NoteInput, call: calls.StoredCall | None
) -> tuple[notes.StoredNote, ...] | Refused:
    """One note a conversation and one correction a version, also from two tabs at the same moment; what there
    is of it so far."""
    if call is None:
        return Refused("unknown_call")
    if typed.replaces_id is None:
        exists = await _is_noted(conn, typed, call)
        return Refused("note_exists") if exists else ()
    chain = await notes.chain(conn, typed.call_id, typed.replaces_id)
    newest = chain and chain[-1].note.id == typed.replaces_id
    return chain if newest else Refused("note_outdated")


async def _is_noted(conn: AsyncConnection, typed: NoteInput, call: calls.StoredCall) -> bool:
    """Where no conversation is known, the call tells; so it does where an older program wrote the note."""
    noted = call.outcome is calls.Outcome.NOTED
    if not typed.conversation:
        return noted
    firsts = [chain[0] for chain in await notes.chains(conn, typed.call_id)]
    if any(first.conversation == typed.conversation for first in firsts):
        return True
    return noted and any(not first.conversation and first.agent_id == typed.agent_id for first in firsts)


async def settle(conn: AsyncConnection, typed: NoteInput, chain: tuple[notes.StoredNote, ...]) -> None:
    """The draft goes with its note; a call of which a later conversation has begun keeps that one's."""
    if chain:
        await notes.delete_corrections(conn, [version.note.id for version in chain])
    elif await calls.noted(conn, typed.call_id, typed.conversation):
        await notes.delete_draft(conn, typed.call_id)
