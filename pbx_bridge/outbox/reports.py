"""Where an SMS gateway tells us what became of a message.

Kannel: `/hooks/sms/<secret>?type=1`; the secret is the message's own and was given to the gateway alone, so a
report can only confirm or deny that very SMS. seven.io: a webhook for all messages, signed by the key of the
account. A wrong secret gets the same answer as a right one, and costs one look at the database.

Source: seven.io, "Webhooks", "Status reports" and "Signing of requests".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from pbx_bridge.outbox.transports.sms.sms_http import ARRIVED, REFUSED, TURNED_AWAY
from pbx_bridge.storage.outbox import sms_reports
from pbx_bridge.storage.outbox.sms_reports import Key
from pbx_bridge.web.bodies import body_of

if TYPE_CHECKING:
    from pbx_bridge.settings import Secret, Settings
    from pbx_bridge.storage.db.engine import Database

PATH = "/hooks/sms"
SEVEN_PATH = f"{PATH}/seven"
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,64}")
_KANNEL = {str(ARRIVED): True, str(REFUSED): False, str(TURNED_AWAY): False}
"""Types that are final, and whether the phone has it; 4 and 8 are stations on the way."""
_SEVEN = {"DELIVERED": True, "NOTDELIVERED": False, "EXPIRED": False, "REJECTED": False, "FAILED": False}
MOST_BYTES = 16_384
AGE_SECONDS = 300
"""How old a signature may be, and how far a clock may be ahead."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a gateway signs with: its key, and the address that it was given."""

    key: Secret
    url: str

    def fits(self, request: web.Request, body: bytes, now: datetime) -> bool:
        """Whether the gateway itself sent this, to us and just now."""
        stamp, nonce, signature = (
            request.headers.get(f"X-{name}", "") for name in ("Timestamp", "Nonce", "Signature")
        )
        if not (self.key and stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            return False
        if abs(now.timestamp() - int(stamp)) > AGE_SECONDS:
            return False
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        text = "\n".join((stamp, nonce, request.method, self.url, digest))
        expected = hmac.new(self.key.reveal().encode(), text.encode("utf-8", "replace"), "sha256").hexdigest()
        return hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace"))


def hooks(
    settings: Settings, db: Database, clock: Callable[[], datetime], told: Callable[[str], None]
) -> list[web.RouteDef]:
    """The routes as the settings have them."""
    signed = Signed(settings.sms.signing_key, settings.web.public_url + SEVEN_PATH)
    return Reports(db, clock, told, signed).routes()


class _Status(msgspec.Struct):
    msg_id: str | int
    status: str


class _Webhook(msgspec.Struct):
    data: _Status
    webhook_event: str = ""


class Reports:
    """The hook; `told` hears the id of each note whose SMS moved."""

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        told: Callable[[str], None] = lambda one: None,
        signed: Signed | None = None,
    ) -> None:
        self._db, self._clock, self._told, self._signed = db, clock, told, signed

    def routes(self) -> list[web.RouteDef]:
        """For the router; open to everybody who knows a secret."""
        return [
            web.get(f"{PATH}/{{secret}}", self.receive, name="sms_report"),
            web.post(SEVEN_PATH, self.receive_signed, name="sms_report_signed"),
        ]

    async def receive(self, request: web.Request) -> web.Response:
        """Note a final report, pass over the others."""
        kind, secret = request.query.get("type", ""), request.match_info["secret"]
        if kind in _KANNEL and _SECRET.fullmatch(secret):
            await self._note(Key(token=secret), delivered=_KANNEL[kind], detail=f"report_{kind}")
        return web.Response(text="OK")

    async def receive_signed(self, request: web.Request) -> web.Response:
        """The same for a webhook; 403 without a right signature, which the gateway takes as final."""
        body = await body_of(request, most=MOST_BYTES)
        if not (self._signed and self._signed.fits(request, body, self._clock())):
            return web.Response(status=403, text="no")
        try:
            told = msgspec.json.decode(body, type=_Webhook)
        except (msgspec.DecodeError, RecursionError):
            return web.Response(text="OK")
        if told.webhook_event == "dlr" and told.data.status in _SEVEN:
            key, status = Key(gateway_id=str(told.data.msg_id)[:64]), told.data.status
            await self._note(key, delivered=_SEVEN[status], detail=f"report_{status.lower()}")
        return web.Response(text="OK")

    async def _note(self, key: Key, *, delivered: bool, detail: str) -> None:
        """Look first: a report that fits nothing must not make a note wait for the one who writes."""
        async with self._db.read() as conn:
            if not await sms_reports.fits(conn, key):
                return
        now = self._clock()
        async with self._db.write() as conn:
            found = await sms_reports.report(conn, key, delivered=delivered, detail=detail, now=now)
        if found:
            self._told(found)
