"""SMS over a gateway's HTTP interface: one adapter, and a preset for how each gateway asks and answers.

Sources: Kannel user guide, "Using HTTP to send SMS" (POST with X-Kannel headers); seven.io, "POST /api/sms".
Neither password nor number stands in a URL, where proxies and servers would write it down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from pbx_bridge.delivery.transport import Failed, Outcome, Outgoing, Sent, Uncertain, without_addresses
from rules.sms_text import fits_gsm7

if TYPE_CHECKING:
    from pbx_bridge.settings import SmsSettings

TRY_LATER = {
    401,
    403,
    408,
    425,
    429,
    503,
}  # busy, or our own setup is wrong: surely not sent, worth another try
NEVER = {400, 402, 404, 405, 410, 413, 414, 422}


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP POST as the gateway wants it."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Preset:
    """`ask` builds the request (report address may be empty); `understand` reads an answer of status 2xx."""

    ask: Callable[[SmsSettings, Outgoing, str], Request]
    understand: Callable[[str], Outcome]


def _ask_kannel(settings: SmsSettings, message: Outgoing, report_url: str) -> Request:
    headers = {
        "X-Kannel-Username": settings.username,
        "X-Kannel-Password": settings.secret.reveal(),
        "X-Kannel-From": settings.sender,
        "X-Kannel-To": message.address,
        "X-Kannel-Coding": "0" if fits_gsm7(message.text) else "2",
        "Content-Type": "text/plain; charset=UTF-8",
    }
    if report_url:
        headers |= {
            "X-Kannel-DLR-Mask": "3",
            "X-Kannel-DLR-Url": f"{report_url}?type=%d",
        }  # 1 delivered + 2 failed
    return Request(headers, message.text.encode())


def _understand_kannel(answer: str) -> Outcome:
    """`0: Accepted for delivery` and `3: Queued for later delivery` are both theirs now."""
    if answer.startswith(("0:", "3:")):
        return Sent(detail=without_addresses(answer))
    return Failed("sms_refused", permanent=True, detail=without_addresses(answer))


class _SevenMessage(msgspec.Struct):
    id: str | int | None = None
    success: bool = False
    error: str | int | None = None


class _SevenAnswer(msgspec.Struct):
    success: str | int
    messages: list[_SevenMessage] = []


SEVEN_ACCEPTED = {"100", "101"}
SEVEN_TRY_LATER = {
    "500",
    "600",
    "900",
    "901",
    "902",
    "903",
}  # credit, server trouble, wrong key: ours or theirs to mend


def _ask_seven(settings: SmsSettings, message: Outgoing, report_url: str) -> Request:
    body = {
        "to": message.address,
        "from": settings.sender,
        "text": message.text,
        "foreign_id": message.id.replace("-", ""),
    }
    headers = {
        "X-Api-Key": settings.secret.reveal(),
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    return Request(headers, msgspec.json.encode(body))


def _understand_seven(answer: str) -> Outcome:
    """seven.io answers 200 to everything; `success` tells."""
    try:
        read = msgspec.json.decode(answer, type=_SevenAnswer)
    except msgspec.DecodeError:
        code = answer.strip()
        read = _SevenAnswer(success=code)
    code = str(read.success)
    if code in SEVEN_ACCEPTED:
        gateway_id = next((str(m.id) for m in read.messages if m.id is not None), "")
        return Sent(gateway_id, f"seven_{code}")
    if not code.isdigit():
        return Uncertain("answer_not_understood", without_addresses(answer))
    return Failed(f"seven_{code}", permanent=code not in SEVEN_TRY_LATER)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "kannel": Preset(_ask_kannel, _understand_kannel),
        "seven": Preset(_ask_seven, _understand_seven),
    }
)


class SmsTransport:
    """Hands SMS to the gateway of `settings`.

    `report_base`: where the gateway may tell us of the arrival, empty for nowhere.
    """

    def __init__(self, settings: SmsSettings, session: aiohttp.ClientSession, report_base: str = "") -> None:
        self._settings = settings
        self._session = session
        self._preset = PRESETS[settings.preset]
        self._report_base = report_base if settings.delivery_report else ""

    async def send(self, message: Outgoing) -> Outcome:
        """One POST, no redirects, never repeated here: without an idempotency key a second try could be a
        second SMS."""
        report_url = f"{self._report_base}/{message.id}" if self._report_base else ""
        request = self._preset.ask(self._settings, message, report_url)
        try:
            status, answer = await self._post(request)
        except aiohttp.ClientConnectorError as error:
            return Failed("sms_gateway_unreachable", permanent=False, detail=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError) as error:
            return Uncertain("no_answer_from_gateway", type(error).__name__)
        return self._judge(status, answer)

    async def check(self) -> None:
        """Ask the gateway for nothing; any answer shows that it is there. Raises OSError when none comes."""
        try:
            async with self._session.get(self._settings.url, timeout=self._timeout(), allow_redirects=False):
                return
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(type(error).__name__) from error

    async def _post(self, request: Request) -> tuple[int, str]:
        posting = self._session.post(
            self._settings.url,
            data=request.body,
            headers=request.headers,
            timeout=self._timeout(),
            allow_redirects=False,
        )
        async with posting as response:
            return response.status, (await response.content.read(10_000)).decode(errors="replace")

    def _judge(self, status: int, answer: str) -> Outcome:
        if status in range(200, 300):
            return self._preset.understand(answer)
        if status in TRY_LATER:
            return Failed(f"http_{status}", permanent=False, detail=without_addresses(answer))
        if status in NEVER or status in range(300, 400):
            return Failed(f"http_{status}", permanent=True, detail=without_addresses(answer))
        return Uncertain(f"http_{status}", without_addresses(answer))

    def _timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self._settings.timeout_seconds)
