"""A file that was made on disk, sent while it is read: however big, it is never in memory as a whole."""

from __future__ import annotations

import asyncio
from typing import IO

from aiohttp import web

PIECE = 65_536
"""Bytes at a time."""


async def send_file(request: web.Request, file: IO[bytes], name: str, kind: str) -> web.StreamResponse:
    """From its beginning; to be saved under `name`. `kind`: its media type."""
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    file.seek(0)
    while piece := await asyncio.to_thread(file.read, PIECE):
        await response.write(piece)
    await response.write_eof()
    return response
