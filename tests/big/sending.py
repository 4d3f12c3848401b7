"""A browser of somebody at the big company: sends forms and files as its pages do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus

import aiohttp

from tests.desk_room import ORIGIN, DeskRoom

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """`path`: where it leads."""

    status: int
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Browser:
    """One log-in."""

    client: aiohttp.ClientSession

    async def get(self, path: str) -> Answer:
        async with self.client.get(path) as answer:
            return Answer(answer.status, await answer.text())

    async def send(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form; what need not be escaped is not, so that it may be long."""
        body = "&".join(f"{name}={quote_plus(text, safe=SAFE)}" for name, text in fields.items())
        return await self._post(path, body.encode(), FORM)

    async def upload(self, path: str, text: bytes) -> Answer:
        """A file."""
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="liste.csv"\r\n\r\n'
        return await self._post(path, head + text + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")

    async def _post(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Content-Type": kind}
        async with self.client.post(path, data=body, headers=headers, allow_redirects=False) as answer:
            return Answer(answer.status, await answer.text(), answer.headers.get("Location", ""))


SAFE = "".join(chr(code) for code in range(33, 127) if chr(code) not in "&+%=#")


async def browser(room: DeskRoom, login: str) -> Browser:
    """Logged in; whoever asked for it closes `client`."""
    cookie = await room.log_in(login)
    headers = {"Cookie": cookie, "Origin": ORIGIN, "X-CSRF-Token": room.sessions[login].csrf}
    return Browser(aiohttp.ClientSession(room.url, headers=headers))
