"""The demo's SMS centre: speaks Kannel's HTTP interface, keeps the messages, and reports their arrival."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

import aiohttp
from aiohttp import web

from pbx_bridge.settings import Secret, SmsSettings

KEPT = 200
TRAVEL_SECONDS = 0.3
PATH = "/cgi-bin/sendsms"
USER = "secretariat"
DELIVERED = "1"  # Kannel's type in a delivery report


@dataclass(frozen=True, slots=True)
class Sms:
    """A message on its way, or `delivered`: on the phone, and told to whoever sent it."""

    id: int
    at: datetime
    sender: str
    to: str
    text: str
    delivered: bool = False


class SmsCentre:
    """`async with SmsCentre() as centre`; the newest message is first in `messages`."""

    def __init__(self) -> None:
        self._password = secrets.token_urlsafe(12)
        self._numbers = itertools.count(1)
        self._reports: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.messages: deque[Sms] = deque(maxlen=KEPT)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes([web.post(PATH, self._take)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        for report in self._reports:
            report.cancel()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def settings(self) -> SmsSettings:
        """With which the service reaches this centre."""
        assert self._runner is not None
        host, port = self._runner.addresses[0][:2]
        return SmsSettings(
            preset="kannel", url=f"http://{host}:{port}{PATH}", username=USER, secret=Secret(self._password)
        )

    async def _take(self, request: web.Request) -> web.Response:
        said = request.headers
        if (said.get("X-Kannel-Username"), said.get("X-Kannel-Password")) != (USER, self._password):
            return web.Response(status=403, text="Authorization failed for sendsms")
        sender, to = said.get("X-Kannel-From", ""), said.get("X-Kannel-To", "")
        if not to:
            return web.Response(status=400, text="Missing receiver number, rejected")
        sms = Sms(next(self._numbers), datetime.now(UTC), sender, to, await request.text())
        self.messages.appendleft(sms)
        report = asyncio.create_task(self._deliver(sms, said.get("X-Kannel-DLR-Url", "")))
        self._reports.add(report)
        report.add_done_callback(self._reports.discard)
        return web.Response(status=202, text="0: Accepted for delivery")

    async def _deliver(self, sms: Sms, report_url: str) -> None:
        """The phone has it a little later."""
        await asyncio.sleep(TRAVEL_SECONDS)
        if report_url:
            assert self._session is not None
            try:
                async with self._session.get(report_url.replace("%d", DELIVERED)) as answer:
                    if not answer.ok:
                        return
            except aiohttp.ClientError:
                return  # the service is ending; nobody is left to be told
        self.messages = deque(
            (replace(one, delivered=True) if one.id == sms.id else one for one in self.messages), maxlen=KEPT
        )
