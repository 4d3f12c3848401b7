"""A socket that shows a picture whenever it is a new one, and does what the page asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import structlog
from aiohttp import WSMsgType, web

from pbx_bridge.asterisk.manager import ManagerError
from pbx_bridge.errors import ForbiddenError

Deeds = Mapping[str, Callable[[dict[str, str]], Awaitable[None]]]
LOOK_SECONDS = 0.15

_log = structlog.get_logger(__name__)
_said = msgspec.json.Decoder(dict[str, str])


class LiveView:
    """`deeds`: what `{"do": name, …}` does. `origins`: pages that may open the socket."""

    def __init__(self, picture: Callable[[], dict[str, Any]], deeds: Deeds, origins: frozenset[str]) -> None:
        self._picture, self._deeds, self._origins = picture, deeds, origins

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Until the page is closed. Raises ForbiddenError for a page that is none of ours."""
        if request.headers.get("Origin") not in self._origins:
            raise ForbiddenError
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=4096)
        await socket.prepare(request)
        showing = asyncio.create_task(self._show(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._do(message.data)
        finally:
            showing.cancel()
        return socket

    async def _show(self, socket: web.WebSocketResponse) -> None:
        """Look often, speak only when something is different."""
        shown = b""
        while not socket.closed:
            picture = msgspec.json.encode(self._picture())
            if picture != shown:
                await socket.send_str(picture.decode())
                shown = picture
            await asyncio.sleep(LOOK_SECONDS)

    async def _do(self, text: str) -> None:
        """What cannot be done (a call that is over by now, a name nobody has) changes nothing."""
        try:
            said = _said.decode(text)
            await self._deeds[said["do"]](said)
        except (msgspec.DecodeError, KeyError, ValueError, ManagerError) as error:
            _log.warning("demo_wish_not_done", reason=type(error).__name__)
