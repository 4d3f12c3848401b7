"""SMS over a gateway's HTTP interface: one adapter, and a preset for how each gateway asks and answers.

Sources: Kannel user guide, "Using HTTP to send SMS" (POST with X-Kannel headers); seven.io, "POST /api/sms".
Neither password nor number stands in a URL, where proxies and servers would write it down.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from pbx_bridge.outbox.transports.transport import Departure, Failed, Outcome, Outgoing, Sent, Uncertain
from rules.outbox.mail_answers import About, Judged
from rules.outbox.sms_answers import SEVEN_PARTLY, judge_kannel, judge_seven, judge_status
from rules.outbox.sms_text import fits_gsm7
from rules.text.foreign_text import discreet, readable

if TYPE_CHECKING:
    from pbx_bridge.settings import SmsSettings

MOST_READ = 16_384
"""Bytes of an answer; nobody needs more to say what became of one SMS."""
LONGEST_ID = 64
ARRIVED, REFUSED, TURNED_AWAY = 1, 2, 16
"""Kannel's types of a report: delivered, failed, rejected by the SMS centre."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP POST as the gateway wants it."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """What a body of status 2xx says. `code`: the gateway's own, "" when it has none."""

    judged: Judged
    code: str = ""
    gateway_id: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """`ask` builds the request (report address may be empty); `understand` reads an answer of status 2xx."""

    ask: Callable[[SmsSettings, Outgoing, str], Request]
    understand: Callable[[str], GatewayAnswer]


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
            "X-Kannel-DLR-Mask": str(ARRIVED + REFUSED + TURNED_AWAY),
            "X-Kannel-DLR-Url": f"{report_url}?type=%d",
        }
    return Request(headers, message.text.encode("utf-8", "replace"))


def _understand_kannel(body: str) -> GatewayAnswer:
    return GatewayAnswer(judge_kannel(body))


def _ask_seven(settings: SmsSettings, message: Outgoing, _report_url: str) -> Request:
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


def _understand_seven(body: str) -> GatewayAnswer:
    """A code alone, or JSON with the code, and an entry for the one recipient."""
    try:
        read: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        read = body.strip()
    entry: Any = {}
    if isinstance(read, dict):
        entries = read.get("messages")
        entry = entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}
        read = read.get("success")
    code = _code(read)
    if code == SEVEN_PARTLY:
        code = "100" if entry.get("success") is True else _code(entry.get("error"))
    named = entry.get("id")
    gateway_id = readable(str(named), LONGEST_ID) if isinstance(named, str | int) else ""
    return GatewayAnswer(judge_seven(code), code, gateway_id)


def _code(value: object) -> str:
    """Three digits, as text or number; anything else is no code."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) == 3 and text.isascii() and text.isdigit() else ""


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
        message.leaving.not_yet()
        may_report = self._report_base and message.report_token
        request = self._preset.ask(
            self._settings, message, f"{self._report_base}/{message.report_token}" if may_report else ""
        )
        try:
            status, raw = await self._post(request, message.leaving)
        except (aiohttp.ClientError, OSError) as error:
            if message.leaving.begun:
                return Uncertain("no_answer_from_gateway", type(error).__name__)
            return Failed("sms_gateway_unreachable", False, discreet(_words(error)), About.SERVER)
        secret = self._settings.secret.reveal()
        return self._judge(status, raw, (message.address, message.address.lstrip("+"), secret))

    async def check(self) -> None:
        """Ask the gateway for nothing; any answer shows that it is there. Raises OSError when none comes."""
        try:
            async with self._session.get(self._settings.url, timeout=self._timeout(), allow_redirects=False):
                return
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise OSError(discreet(_words(error))) from error

    async def _post(self, request: Request, leaving: Departure) -> tuple[int, bytes]:
        """Status, and as much of the body as came in time. A connection of its own: one that was kept may be
        closed by the other side just now, and nobody would know whether it had read the SMS."""
        length = {"Content-Length": str(len(request.body)), "Connection": "close"}
        posting = self._session.post(
            self._settings.url,
            data=_told(request.body, leaving),
            headers={**request.headers, **length},
            timeout=self._timeout(),
            allow_redirects=False,
        )
        async with posting as response:
            body = b""
            try:
                while len(body) < MOST_READ and (chunk := await response.content.read(MOST_READ)):
                    body += chunk
            except (aiohttp.ClientError, OSError):
                pass  # the status is there; what the body lacks makes it uncertain at worst
            return response.status, body[:MOST_READ]

    def _judge(self, status: int, raw: bytes, names: tuple[str, ...]) -> Outcome:
        body, detail = readable(raw, MOST_READ), discreet(raw, names)
        judged = judge_status(status)
        answer = self._preset.understand(body) if judged is None else GatewayAnswer(judged)
        code = f"{self._settings.preset}_{answer.code}" if answer.code else f"http_{status}"
        match answer.judged:
            case Judged.ACCEPTED:
                return Sent(answer.gateway_id, code if answer.code else detail)
            case Judged.UNCERTAIN:
                return Uncertain("answer_not_understood" if judged is None else code, detail)
            case Judged.SERVER:
                return Failed(code, permanent=False, detail=detail, about=About.SERVER)
        about = About(answer.judged.partition("_")[0])
        return Failed(code, answer.judged.endswith("_never"), detail, about)

    def _timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self._settings.timeout_seconds)


async def _told(body: bytes, leaving: Departure) -> AsyncIterator[bytes]:
    """The body, asked for when there is a connection and the headers are out."""
    leaving.begin()
    yield body


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no connection in time"
    return f"{type(error).__name__} {error}".strip()
