"""What a caller said after the tone, to be listened to with the call."""

from __future__ import annotations

import re

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.notes import voice_messages

PATH = "/portal/statistik/anruf/{call}/aufnahme/{voice}"
FURTHER_ON = re.compile(r"bytes=[1-9]")
"""A browser goes on where it was, or to where somebody drags it."""


async def play(ctx: PortalContext) -> web.StreamResponse:
    """The sound, in parts as the browser asks for them; of nobody else's calls. That somebody listens is in
    the access log once, with the first part."""
    customer, match = await ctx.customer(), ctx.request.match_info
    async with ctx.portal.db.read() as conn:
        call = await calls.by_id(conn, match["call"])
        mine = call is not None and call.customer_id == customer.id
        left = await voice_messages.of_call(conn, match["call"]) if mine else ()
    found = next((one for one in left if one.id == match["voice"]), None)
    sound = ctx.portal.sounds.find(found) if found else None
    if sound is None:
        raise NotFoundError
    if not FURTHER_ON.match(ctx.request.headers.get("Range", "")):
        await ctx.note_reading(customer, match["call"])
    headers = {"Content-Type": "audio/wav", "Cache-Control": "no-store"}
    return web.FileResponse(sound, headers=headers)


ROUTES = (Route("portal.statistics.recording", "GET", PATH, play),)
