"""What is kept of a person as one file: a page to read and print, the same as data, and what they said after
the tone, to be heard without us."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext
from pbx_bridge.admin.voice_archive import put_sound
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.sent_file import send_file
from pbx_bridge.web.rendering import Page

Row = dict[str, Any]
SOUND = "sound"
"""The column that says where in the archive the sound of a voice message lies; "": it is gone."""


async def send_archive(
    ctx: OfficeContext, company: str, rows: Mapping[str, Sequence[Row]]
) -> web.StreamResponse:
    """A ZIP with `auskunft.html`, `daten.json` and `aufnahmen/`; it waits on disk and not in memory."""
    sounds = VoiceSounds(ctx.office.settings.nobody_free.recordings)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:  # stored, not packed: that would hold the loop
            voices = [await _with_sound(archive, sounds, row) for row in rows.get("voices", ())]
            found = {kind: voices if kind == "voices" else some for kind, some in rows.items()}
            await _write(ctx, company, found, archive)
        return await send_file(ctx.request, file, "auskunft.zip", "application/zip")


async def _with_sound(archive: zipfile.ZipFile, sounds: VoiceSounds, row: Row) -> Row:
    at = datetime.fromisoformat(row["at"])
    voice = VoiceMessage(row["id"], row["recording"], row["call_id"], row["note_id"], row["seconds"], at)
    return row | {SOUND: await put_sound(archive, sounds, voice)}


async def _write(
    ctx: OfficeContext, company: str, rows: Mapping[str, Sequence[Row]], archive: zipfile.ZipFile
) -> None:
    shown = {kind: [_shown(row) async for row in gently(some)] for kind, some in rows.items()}
    page = ctx.page("law/handed_out.html", name=company, rows=shown, sound=SOUND)
    assert isinstance(page, Page)
    await page.draw()
    data = {"company": company, "made_at": ctx.now.isoformat(), "data": rows}
    archive.writestr("auskunft.html", page.text or "")
    await _put_pieces(archive.open("daten.json", "w"), _pieces(data))


async def _put_pieces(part: IO[bytes], pieces: Iterable[str]) -> None:
    with part:
        async for piece in gently(pieces):
            part.write(piece.encode())


def _pieces(data: Mapping[str, Any]) -> Iterable[str]:
    return json.JSONEncoder(ensure_ascii=False, indent=1, default=str).iterencode(data)


def _shown(row: Row) -> dict[str, str]:
    """What says something to people: no keys of rows, nothing that is empty."""
    told = {
        name: one for name, one in row.items() if one not in (None, "", [], {}) and not name.endswith("id")
    }
    return {
        name: one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
        for name, one in told.items()
    }
