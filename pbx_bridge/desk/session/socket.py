"""The desk's WebSocket: who may open it, what a new one is told first, and how it ends with the log-in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from pbx_bridge import metrics
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.session.commands import Commands, Seat
from pbx_bridge.desk.session.connection import CloseCode, Connection
from pbx_bridge.desk.stream.hub import Hub, StreamPosition
from pbx_bridge.settings import DeskSettings
from pbx_bridge.web.i18n import known
from pbx_bridge.web.middleware import BadOriginError
from rules.model import Agent

_encode = msgspec.json.Encoder().encode


class DeskSockets:
    """All open desk sockets. `origins`: pages that may open one, as "https://host:port"."""

    def __init__(
        self,
        hub: Hub,
        commands: Commands,
        settings: DeskSettings,
        origins: Iterable[str],
        clock: Callable[[], datetime],
        used: Callable[[str], None] = lambda _session: None,
    ) -> None:
        """`used`: somebody works in this log-in."""
        self._hub, self._commands, self._settings, self._clock = hub, commands, settings, clock
        self._used = used
        self._origins = frozenset(_origin(url) for url in origins)
        self._open: defaultdict[str, set[Connection]] = defaultdict(set)

    async def serve(self, request: web.Request, seat: Seat, agent: Agent) -> web.WebSocketResponse:
        """From the handshake to the end. Raises BadOriginError for a page that is none of ours."""
        if _origin(request.headers.get("Origin", "")) not in self._origins:
            raise BadOriginError
        socket = web.WebSocketResponse(
            heartbeat=self._settings.heartbeat_seconds,
            max_msg_size=self._settings.max_message_bytes,
            compress=False,
            autoping=True,
        )
        await socket.prepare(request)
        connection = self._connection(socket, request, agent)
        joined = self._hub.join(agent.id, connection, _place(request))
        hello = p.Hello(
            epoch=self._hub.epoch,
            seq=joined.seq,
            resumed=joined.resumed,
            now=self._clock(),
            agent=agent.name,
            locale=known(agent.locale),
            beat_seconds=self._settings.beat_seconds,
            agent_id=agent.id,
        )
        self._open[seat.session].add(connection)
        metrics.DESK_CLIENTS.inc()
        try:
            await connection.run(
                [_encode(hello), *joined.frames], lambda command: self._execute(seat, connection, command)
            )
        finally:
            metrics.DESK_CLIENTS.dec()
            self._hub.leave(agent.id, connection)
            self._leave(seat, connection)
        return socket

    def end_session(self, session: str, code: CloseCode = CloseCode.LOGGED_OUT) -> None:
        """The log-in is over, or means something else now: its sockets end at once."""
        for connection in tuple(self._open.get(session, ())):
            connection.drop(code)

    def sessions(self) -> list[str]:
        """Log-ins that have a socket open."""
        return list(self._open)

    async def close(self) -> None:
        """The service stops: everybody is told to come back."""
        for session in self.sessions():
            self.end_session(session, CloseCode.GOING_AWAY)

    def _connection(self, socket: web.WebSocketResponse, request: web.Request, agent: Agent) -> Connection:
        def beat(n: int) -> bytes:
            return _encode(p.Beat(n, self._hub.seq(agent.id), self._clock()))

        settings = self._settings
        return Connection(socket, request.transport, settings.client_queue_size, beat, settings.beat_seconds)

    async def _execute(self, seat: Seat, connection: Connection, command: p.ClientCommand) -> p.Answer:
        if isinstance(command, p.Resync):
            connection.send(self._hub.snapshot(seat.agent_id))
            return p.Answer(command.id, ok=True)
        self._used(seat.session)
        return await self._commands.execute(seat, command)

    def _leave(self, seat: Seat, connection: Connection) -> None:
        others = self._open[seat.session]
        others.discard(connection)
        if not others:
            del self._open[seat.session]


def _origin(url: str) -> str:
    """Scheme, host and port, in lower case, without the scheme's own port; empty for anything else."""
    try:
        parts = urlsplit(url.strip().lower())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:  # no port, or an IPv6 address without its end
        return "none"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "none"
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _place(request: web.Request) -> StreamPosition | None:
    epoch, seq = request.query.get("epoch", ""), request.query.get("seq", "")
    return (
        StreamPosition(epoch, int(seq))
        if epoch and seq.isascii() and seq.isdigit() and len(seq) < 16
        else None
    )
