"""One connection from outside: how long it may wait, and what it hears when it does not speak HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_websocket import WebSocketReader
from aiohttp.typedefs import Handler, Middleware

from pbx_bridge.errors import TooManyError
from pbx_bridge.web.connection_limits import Crowd
from pbx_bridge.web.origin import Proxies
from pbx_bridge.web.websocket_frames import MaskedOnly

LINGERING_SECONDS = 2.0
"""How long the rest of a refused body is passed over, so that its sender reads the refusal."""
MOST_HEADERS = 64
"""Of eight kilobytes each at most: so much of a head that never ends is kept."""
PROXY_SECONDS = 3_600.0
"""A proxy of ours keeps its connections for the next request; the slow ones stand before it."""
RETRY_SECONDS = 5
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: %d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    % RETRY_SECONDS
)
_STRANGE = (HttpProcessingError, web.RequestPayloadError, ConnectionError, UnicodeError)
"""What bytes from outside lead to in aiohttp's own rooms; ours answer for themselves."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: `head` from the connection, or from an answer, to the end of the next request's head; `send`
    until a client has taken what was written."""

    head: float
    send: float


class Visitor(web.RequestHandler):
    """As aiohttp's, and it does not stand there for ever."""

    __slots__ = ("_crowd", "_ends_at", "_patience", "_proxy", "_stalled", "_wire", "_working", "address")

    def __init__(self, crowd: Crowd, patience: Patience, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=PROXY_SECONDS,  # shorter ones are ours
            access_log=cast(Any, None),
            auto_decompress=False,
            lingering_time=LINGERING_SECONDS,
            max_headers=MOST_HEADERS,
        )
        self._crowd, self._patience = crowd, patience
        self._wire: asyncio.Transport | None = None
        self._ends_at: asyncio.TimerHandle | None = None
        self._working = self._stalled = self._proxy = False
        self.address = ""

    # ---- coming and going

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in, if there is room."""
        wire = cast(asyncio.Transport, transport)
        self.address = str((wire.get_extra_info("peername") or ("",))[0])
        self._wire, self._proxy = wire, self._crowd.is_proxy(self.address)
        if not self._crowd.enter(self):
            self._force_close = True
            wire.write(FULL)
            wire.close()
            return
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Gone."""
        self._stop()
        self._crowd.leave(self)
        self._wire = None
        super().connection_lost(exc)

    def dismiss(self) -> None:
        """End at once; what is not sent yet is lost if nobody takes it."""
        self._stop()
        if self._wire is not None:
            if self._wire.get_write_buffer_size():
                self._wire.abort()
            else:
                self.force_close()

    # ---- waiting

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A whole request is there: until the block ends, time is ours."""
        self._working = True
        self._stop()
        self._crowd.works(self)
        try:
            yield
        finally:
            self._working = False
            self._wait()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within `at_work`: the rest of the request has yet to come, and whoever reads it sets the limit."""
        self._crowd.waits(self)
        try:
            yield
        finally:
            if not self._stalled:
                self._crowd.works(self)

    def pause_writing(self) -> None:
        """The client takes nothing at the moment."""
        super().pause_writing()
        self._stalled = True
        self._crowd.waits(self)
        self._until(self._patience.send)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._stalled = False
        if self._working:
            self._stop()
            self._crowd.works(self)
        else:
            self._wait()

    def _wait(self) -> None:
        if not self._stalled:
            self._crowd.waits(self)
            self._until(PROXY_SECONDS if self._proxy else self._patience.head)

    def _until(self, seconds: float) -> None:
        self._stop()
        if self._wire is not None:
            self._ends_at = self._loop.call_later(seconds, self._over, self._wire.get_write_buffer_size())

    def _over(self, unsent: int) -> None:
        """Time is up, unless it takes what was written, if slowly."""
        left = self._wire.get_write_buffer_size() if self._wire is not None else 0
        if left and (not unsent or left < unsent):
            self._until(self._patience.send)
        else:
            self.dismiss()

    def _stop(self) -> None:
        if self._ends_at is not None:
            self._ends_at.cancel()
            self._ends_at = None

    # ---- what is no HTTP

    def set_parser(self, parser: WebSocketReader, data_received_cb: Callable[[], None] | None = None) -> None:
        """From here on it is a WebSocket."""
        super().set_parser(cast(WebSocketReader, MaskedOnly(parser)), data_received_cb)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What strangers send is their mistake: 400 and one short line. All else is ours."""
        mine = status >= 500 and not isinstance(exc, _STRANGE)
        if mine:
            _log.error("request_failed", exc_info=exc)
        else:
            _log.warning("request_unreadable", reason=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is under way already")
        response = web.Response(
            status=500 if mine else 400,
            text="internal\n" if mine else "bad_request\n",
            headers={
                "Server": "pbx-bridge",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """What aiohttp could not cope with."""
        error = kw.get("exc_info")
        if isinstance(error, _STRANGE):
            _log.warning("request_unreadable", reason=type(error).__name__)
        else:
            _log.error("request_failed", detail=str(args[0]) if args else "", exc_info=error)


def visits(crowd: Crowd, proxies: Proxies) -> Middleware:
    """Tells the connection that its request is whole, and refuses (429) a client behind a proxy
    that has as many requests under way as one address may have connections."""
    inside: dict[str, int] = {}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not isinstance(request.protocol, Visitor):  # a server of a test's own
            return await handler(request)
        client = proxies.client(request)
        if inside.get(client, 0) >= crowd.most_each:
            raise TooManyError(seconds=RETRY_SECONDS)
        inside[client] = inside.get(client, 0) + 1
        try:
            with request.protocol.at_work():
                return await handler(request)
        finally:
            inside[client] -= 1
            if not inside[client]:
                del inside[client]

    return middleware


@contextmanager
def reading(request: web.Request) -> Iterator[None]:
    """While the body of this request comes in."""
    if isinstance(request.protocol, Visitor):
        with request.protocol.reading():
            yield
    else:
        yield
