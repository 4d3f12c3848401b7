"""aiosmtplib behind a guard: the library speaks, and we read what a server answers.

Why: docs/decisions/0016. A reply may be made of any bytes; what was read of it, `said`, outlives every error.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Any, cast

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPReadTimeoutError,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from aiosmtplib.protocol import SMTPProtocol
from aiosmtplib.response import SMTPResponse

from pbx_bridge.outbox.transports.mail.smtp_reply import Reply, ReplyReader

MOST_UNREAD = 65_536
"""Bytes that may wait for a reader; beyond it the other side has to."""
_NO_CODE = -1
_GREETED, _GO_AHEAD = 220, 354


class OutOfTurn(SMTPException):
    """The server spoke unasked: its words could be taken for the answer to what we say next."""

    def __init__(self) -> None:
        super().__init__("the server spoke unasked")


class GuardedSmtpProtocol(SMTPProtocol):
    """One connection. `said`: the last reply as far as it came, None before its code.

    `content_limit`: seconds for the answer to the final dot. `on_content` is called in the moment the message
    itself goes out; `as_pieces` says what goes out instead of what the library has been given.
    """

    def __init__(self, lost: Callable[[SMTPProtocol], None]) -> None:
        super().__init__(asyncio.get_running_loop(), lost)
        self.said: Reply | None = None
        self.content_limit = 0.0
        self.on_content: Callable[[], None] = lambda: None
        self.as_pieces: Callable[[bytes], Sequence[bytes]] = lambda mail: (mail,)
        self._incoming = bytearray()
        self._stirred = asyncio.Event()
        self._ended = False
        self._may_write_content = self._content_out = self._securing = False

    # ---- what the loop tells

    def data_received(self, data: bytes) -> None:
        self._incoming += data
        if len(self._incoming) > MOST_UNREAD and self.transport is not None:
            cast("asyncio.Transport", self.transport).pause_reading()
        self._stirred.set()

    def eof_received(self) -> bool:
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _end(self) -> None:
        self._ended = True
        self._stirred.set()

    # ---- what the library does with it

    def write(self, data: bytes) -> None:
        """Raises OutOfTurn when something came that nobody has asked for."""
        if self._incoming:
            raise OutOfTurn()
        if self._may_write_content:
            self._may_write_content, self._content_out, self.said = False, True, None
            self.on_content()
            for piece in self.as_pieces(data):
                super().write(piece)
            return
        super().write(data)

    async def read_response(self, timeout: float | None = None) -> SMTPResponse:  # the library's
        """The next reply, also in `said`. Raises SMTPServerDisconnected, SMTPReadTimeoutError without one."""
        reader = ReplyReader()
        try:
            async with asyncio.timeout(self.content_limit if self._content_out else timeout):
                while not reader.done:
                    await self._something()
                    data = bytes(self._incoming)
                    self._incoming.clear()
                    self._incoming += reader.feed(data)
        except TimeoutError as error:
            raise SMTPReadTimeoutError("no reply in time") from error
        finally:
            self.said = reader.reply()
        return self._weigh(reader.reply())

    async def start_tls(
        self,
        tls_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # the library's
    ) -> SMTPResponse:
        """Raises OutOfTurn for what stands behind the answer: anybody in between could have put it there."""
        self._securing = True
        try:
            return await super().start_tls(tls_context, server_hostname, timeout)
        finally:
            self._securing = False

    def _weigh(self, reply: Reply | None) -> SMTPResponse:
        code = _NO_CODE if reply is None or reply.code is None else reply.code
        lines = reply.lines if reply else ()
        if reply is None or not reply.whole:
            raise SMTPResponseException(code, "a reply without an end")
        if self._securing and self._incoming:
            raise OutOfTurn()
        self._may_write_content = code == _GO_AHEAD
        return SMTPResponse(code, "\n".join(lines))

    async def _something(self) -> None:
        while not self._incoming:
            if self._ended:
                raise SMTPServerDisconnected("connection ended")
            self._stirred.clear()
            if self.transport is not None:
                cast("asyncio.Transport", self.transport).resume_reading()
            await self._stirred.wait()


class GuardedClient(SMTP):
    """The library's client on a `GuardedSmtpProtocol`, which stays in `guard` after the connection has ended.
    When to encrypt and how to log in is for the caller to say."""

    guard: GuardedSmtpProtocol

    def __init__(self, host: str, port: int, **settings: Any) -> None:
        super().__init__(hostname=host, port=port, start_tls=False, **settings)
        self._server = host, port

    async def _create_connection(self, timeout: float | None) -> SMTPResponse:  # the library's
        """Connect, and hear the greeting. Raises SMTPConnectError with the OSError that caused it."""
        loop = asyncio.get_running_loop()
        self.guard = guard = GuardedSmtpProtocol(self._on_connection_lost)
        try:
            async with asyncio.timeout(timeout):
                self.transport, self.protocol = await loop.create_connection(
                    lambda: guard, *self._server, ssl=self.tls_context if self.use_tls else None
                )
        except OSError as error:
            raise SMTPConnectError("no connection") from error
        greeting = await guard.read_response(timeout)
        if greeting.code // 100 != _GREETED // 100:
            raise SMTPConnectResponseError(greeting.code, greeting.message)
        return greeting

    def drop(self) -> None:
        """End it at once, whatever is still to be written."""
        if self.transport is not None:
            cast("asyncio.Transport", self.transport).abort()
        self.close()
