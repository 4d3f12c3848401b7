"""Connections to PostgreSQL that are given up when nothing is answered any more."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any
from weakref import WeakSet

import asyncpg

CLOSE_SECONDS = 1.0
CONNECT_SECONDS = 10.0
CHORE_SECONDS = 1000.0
"""Whoever has so much patience is an operator's chore and not the service."""
COMMAND = 4
"""A command may take so many times as long as a connect: a large answer is not silence."""
ABANDONED = 2
"""A transaction of ours that the server hears no more of ends by itself after so many times as long, and with
it its locks."""


def bounded(answer_seconds: float, lock_seconds: float) -> tuple[dict[str, Any], WeakSet[Any]]:
    """Arguments for `asyncpg.connect`, and the connections made with them, as long as they live."""
    held: WeakSet[Any] = WeakSet()

    class Held(Bounded):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            held.add(self)

    settings = {
        "application_name": "pbx-bridge" if answer_seconds < CHORE_SECONDS else "pbx-bridge chore",
        "lock_timeout": f"{int(lock_seconds * 1000)}ms",
        "idle_in_transaction_session_timeout": f"{int(answer_seconds * ABANDONED * 1000)}ms",
    }
    arguments = {
        "connection_class": Held,
        "timeout": min(answer_seconds, CONNECT_SECONDS),
        "command_timeout": answer_seconds * COMMAND,
        "server_settings": settings,
    }
    return arguments, held


class Bounded(asyncpg.Connection):  # type: ignore[misc]  # the library has no types
    """Whatever takes too long, or is no longer waited for, ends the connection: a server that says nothing
    would not hear a request to cancel either, and the library would wait for that."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        raw = self._transport.get_extra_info("socket")
        if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
            for option, value in TCP:
                raw.setsockopt(*option, value)

    async def close(self, *, timeout: float | None = None) -> None:
        """In order if the server answers, else at once."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await super().close(timeout=min(timeout or CLOSE_SECONDS, CLOSE_SECONDS))

    def _cancel_current_command(self, waiter: asyncio.Future[None], *_: object) -> None:
        self._loop.call_soon(self.terminate)  # the library still has this waiter in hand
        if not waiter.done():
            waiter.set_result(None)


TCP = (
    ((socket.SOL_SOCKET, socket.SO_KEEPALIVE), 1),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPIDLE), 5),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPINTVL), 2),
    ((socket.IPPROTO_TCP, socket.TCP_KEEPCNT), 3),
    ((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT), 10_000),
)
"""A network that swallows everything is noticed by the kernel after about ten seconds."""
