"""A desk without a screen: logs in by HTTP, speaks the desk's socket, keeps what an agent would see."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable
from typing import Any, Self

import aiohttp
import msgspec
from yarl import URL

from pbx_bridge.demo.cast import DemoLogIn
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.projection import EMPTY, find_open_call, fold

PATIENCE = 30.0  # seconds
CSRF = re.compile(r'name="csrf"\s+value="([^"]+)"')

_numbered = msgspec.json.Decoder(p.Numbered)
_answer = msgspec.json.Decoder(p.Answer)
_encode = msgspec.json.Encoder().encode


class LogInFailed(Exception):
    """The house did not let us in; the message says what it answered."""


class Desk:
    """`async with Desk(url, log_in) as desk`; `url` without a slash at the end."""

    def __init__(self, url: str, who: DemoLogIn) -> None:
        self.who = who
        self.picture = EMPTY
        self.notices: list[p.Notice] = []
        self._url = url
        # The cookie is for TLS or for this machine itself; browsers know the latter, aiohttp must be told.
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(url))
        self._session = aiohttp.ClientSession(cookie_jar=jar)
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ids = itertools.count(1)
        self._answers: dict[str, asyncio.Future[p.Answer]] = {}
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        try:
            await self._log_in()
            await self.connect()
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()
        await self._session.close()

    async def connect(self) -> None:
        """Open the socket; returns with the first picture."""
        self.picture = EMPTY
        self._socket = await self._session.ws_connect(
            f"{self._url}/desk/socket", headers={"Origin": self._url}, max_msg_size=0
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        await self.until(lambda now: now is not EMPTY, "the first picture")

    async def disconnect(self) -> None:
        """The tab is closed, the log-in stays."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            self._reader.cancel()

    async def ask(self, kind: Callable[..., p.ClientCommand], **values: Any) -> p.Answer:
        """Send one command and wait for its answer."""
        assert self._socket is not None
        command = kind(id=f"{self.who.login}-{next(self._ids)}-{id(self):x}", **values)
        future = self._answers[command.id] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(_encode(command).decode())
        try:
            return await asyncio.wait_for(future, PATIENCE)
        finally:
            del self._answers[command.id]

    async def until(
        self, holds: Callable[[p.Snapshot], object], what: str, patience: float = PATIENCE
    ) -> p.Snapshot:
        """Wait until the picture is like that. Raises TimeoutError, which says what did not come."""
        try:
            async with asyncio.timeout(patience):
                while not holds(self.picture):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.who.name}'s desk did not show within {patience:g} s: {what}") from None
        return self.picture

    def open(self, call: str) -> p.OpenCall | None:
        """This call on the screen, or None."""
        return find_open_call(self.picture, call)

    async def _log_in(self) -> None:
        async with self._session.get(f"{self._url}/login") as page:
            found = CSRF.search(await page.text())
        form = {"login": self.who.login, "password": self.who.password, "csrf": found[1] if found else ""}
        async with self._session.post(
            f"{self._url}/login", data=form, headers={"Origin": self._url}, allow_redirects=False
        ) as answer:
            if answer.status not in {302, 303}:
                raise LogInFailed(f"{self.who.login}: {answer.status} {(await answer.text())[:200]}")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self._take(message.data)
            self._changed.set()

    def _take(self, frame: str) -> None:
        kind = msgspec.json.decode(frame).get("type")
        if kind == "answer":
            answer = _answer.decode(frame)
            future = self._answers.get(answer.id)
            if future and not future.done():
                future.set_result(answer)
        elif kind not in {"hello", "beat"}:
            event = _numbered.decode(frame).event
            if isinstance(event, p.Notice):
                self.notices.append(event)
            self.picture = fold(self.picture, event)
