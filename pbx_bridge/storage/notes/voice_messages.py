"""What callers said after the tone: which note tells of it. The sound itself is a file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import insert_once, rows_among

_voice = t.voice_message.c


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """`recording`: as the PBX called its files; `at`: aware, when the tone came."""

    id: str
    recording: str
    call_id: str
    note_id: str
    seconds: int
    at: datetime


async def insert(conn: AsyncConnection, message: VoiceMessage) -> bool:
    """False when this recording is stored already."""
    return await insert_once(
        conn, t.voice_message, {name: getattr(message, name) for name in VoiceMessage.__slots__}
    )


async def of_recording(conn: AsyncConnection, recording: str) -> VoiceMessage | None:
    """Whether it was taken before, and as which."""
    query = select(t.voice_message).where(_voice.recording == recording)
    row = (await conn.execute(query)).one_or_none()
    return _stored(row) if row else None


async def of_note(conn: AsyncConnection, note_id: str) -> VoiceMessage | None:
    """The one that this note tells of, or None."""
    row = (await conn.execute(select(t.voice_message).where(_voice.note_id == note_id))).one_or_none()
    return _stored(row) if row else None


async def of_call(conn: AsyncConnection, call_id: str) -> tuple[VoiceMessage, ...]:
    """All that this caller left, oldest first."""
    query = select(t.voice_message).where(_voice.call_id == call_id).order_by(_voice.at, _voice.id)
    return tuple(_stored(row) for row in await conn.execute(query))


async def of_calls(conn: AsyncConnection, call_ids: Collection[str]) -> dict[str, list[VoiceMessage]]:
    """By call, oldest first; calls without any are left out."""
    found: dict[str, list[VoiceMessage]] = {}
    query = select(t.voice_message).order_by(_voice.at, _voice.id)
    async for row in rows_among(conn, query, _voice.call_id, call_ids):
        found.setdefault(row.call_id, []).append(_stored(row))
    return found


async def kept(conn: AsyncConnection, ids: Collection[str]) -> frozenset[str]:
    """Those of them that are still to be kept."""
    found = rows_among(conn, select(_voice.id), _voice.id, ids)
    return frozenset([row.id async for row in found])


def _stored(row: Row[Any]) -> VoiceMessage:
    return VoiceMessage(row.id, row.recording, row.call_id, row.note_id, row.seconds, row.at)
