"""Delivery reports over real HTTP: whoever holds the secret, or the key, is believed; nobody else is."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from pbx_bridge.outbox.reports import SEVEN_PATH, Reports, Signed
from pbx_bridge.settings import Secret
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, Outcome, State
from rules.model import Channel
from tests import web_server
from tests.sample_company import NOW
from tests.unit.storage.test_sms_reports import TOKEN, billed, state, under_way

KEY = "the-key-of-the-account"
PUBLIC = "https://sekretariat.example.org" + SEVEN_PATH


@dataclass
class Hook:
    """`told`: what was passed on."""

    db: Database
    url: str
    session: ClientSession
    told: list[str]

    async def report(self, secret: str, kind: str = "1") -> int:
        async with self.session.get(f"{self.url}/hooks/sms/{secret}", params={"type": kind}) as answer:
            assert await answer.text() == "OK"
            return answer.status

    async def webhook(self, body: bytes, headers: dict[str, str]) -> int:
        json = {"Content-Type": "application/json"}
        async with self.session.post(self.url + SEVEN_PATH, data=body, headers=headers | json) as answer:
            return answer.status


@pytest.fixture
async def hook(sqlite_db: Database) -> AsyncIterator[Hook]:
    """Behind all that every request passes."""
    told: list[str] = []
    routes = Reports(sqlite_db, lambda: NOW, told.append, Signed(Secret(KEY), PUBLIC)).routes()
    async with web_server.serve(sqlite_db, routes) as site, ClientSession() as session:
        yield Hook(sqlite_db, site.url, session, told)


async def handed_over(db: Database, **more: Any) -> Notification:
    """The gateway has it under the name 77149843739."""
    sms = await under_way(db, **more)
    async with db.write() as conn:
        await notifications.finish(conn, sms, Outcome.SENT, "", NOW, gateway_id="77149843739")
    return sms


def signed(
    body: bytes, key: str = KEY, url: str = PUBLIC, age: int = 0, method: str = "POST"
) -> dict[str, str]:
    """As the documentation has it: time, nonce, method, address and MD5 of the body, a line each."""
    stamp = str(int((NOW - timedelta(seconds=age)).timestamp()))
    nonce = "fpPRhAd1s8GXacfR39mWqKPynmmXfJnc"
    text = "\n".join([stamp, nonce, method, url, hashlib.md5(body).hexdigest()])  # noqa: S324 - theirs
    signature = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {"X-Timestamp": stamp, "X-Nonce": nonce, "X-Signature": signature}


def dlr(status: str = "DELIVERED", **changes: Any) -> bytes:
    data = {"msg_id": "77149843739", "status": status, "timestamp": "2026-11-23 10:00:00"}
    return json.dumps({"data": data, "webhook_event": "dlr"} | changes).encode()


@pytest.mark.parametrize(
    "kind,after",
    [("1", State.DELIVERED), ("2", State.FAILED), ("16", State.FAILED)]
    + [(kind, State.SENT) for kind in ("4", "8", "", "3", "11", "１", "x" * 5000)],
)
async def test_a_final_report_decides(hook: Hook, kind: str, after: State) -> None:
    sms = await handed_over(hook.db)

    assert await hook.report(TOKEN, kind) == 200

    assert await state(hook.db, sms) is after
    assert hook.told == ([sms.note_id] if after is not State.SENT else [])


@pytest.mark.parametrize("channel", Channel)
async def test_who_knows_only_what_stands_in_the_mail_reports_nothing(hook: Hook, channel: Channel) -> None:
    one = await handed_over(hook.db, channel=channel)
    guesses = [
        one.id,
        one.id.replace("-", ""),
        one.message_id,
        one.gateway_id,
        "seven",
        TOKEN[:-1],
        TOKEN + "x",
    ]
    for guess in filter(None, guesses):
        await hook.report(guess, "2")
    if channel is Channel.EMAIL:
        await hook.report(TOKEN, "2")

    assert await state(hook.db, one) is State.SENT
    assert hook.told == []


async def test_a_wrong_secret_never_waits_for_whoever_writes(hook: Hook) -> None:
    """Many of them must not slow down the saving of notes."""
    await handed_over(hook.db)
    async with hook.db.write():
        for number in range(20):
            assert await hook.report(f"a-secret-that-is-none-{number}") == 200


@pytest.mark.parametrize(
    "status,after",
    [("DELIVERED", State.DELIVERED)]
    + [(status, State.FAILED) for status in ("NOTDELIVERED", "EXPIRED", "REJECTED", "FAILED")]
    + [(status, State.SENT) for status in ("BUFFERED", "TRANSMITTED", "ACCEPTED", "delivered", "")],
)
async def test_a_signed_webhook_decides(hook: Hook, status: str, after: State) -> None:
    sms, body = await handed_over(hook.db), dlr(status)

    assert await hook.webhook(body, signed(body)) == 200

    assert await state(hook.db, sms) is after
    assert await billed(hook.db, sms) == (1 if after is State.DELIVERED else 0)


FORGED = {
    "unsigned": {},
    "another key": signed(dlr(), key="guessed"),
    "another address": signed(dlr(), url="https://elsewhere.example/hooks/sms/seven"),
    "another body": signed(dlr("FAILED")),
    "another method": signed(dlr(), method="GET"),
    "an old one": signed(dlr(), age=301),
    "one of tomorrow": signed(dlr(), age=-86_400),
    "no time": signed(dlr()) | {"X-Timestamp": "soon"},
    "other digits": signed(dlr()) | {"X-Timestamp": "١٧٣"},
    "a long time": signed(dlr()) | {"X-Timestamp": "9" * 4000},
    "half a signature": signed(dlr()) | {"X-Signature": signed(dlr())["X-Signature"][:32]},
    "an odd signature": signed(dlr()) | {"X-Signature": "é"},
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_webhook_decides_nothing(hook: Hook, name: str) -> None:
    sms = await handed_over(hook.db)

    assert await hook.webhook(dlr(), FORGED[name]) == 403

    assert await state(hook.db, sms) is State.SENT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 9000,
        b"\xff\x00",
        b'{"data": []}',
        dlr(webhook_event="sms_mo"),
        dlr(data={"msg_id": []}),
    ],
    ids=ascii,
)
async def test_a_signed_webhook_of_another_kind_is_taken_and_passed_over(hook: Hook, body: bytes) -> None:
    sms = await handed_over(hook.db)
    assert await hook.webhook(body, signed(body)) == 200
    assert await state(hook.db, sms) is State.SENT


async def test_a_huge_webhook_is_not_read(hook: Hook) -> None:
    body = dlr() + b" " * 2_000_000
    assert await hook.webhook(body, signed(body)) == 413


async def test_without_a_key_nothing_is_believed(sqlite_db: Database) -> None:
    assert not Signed(Secret(""), PUBLIC).key
    body = dlr()
    request: Any = type("Request", (), {"headers": signed(body, key=""), "method": "POST"})
    assert not Signed(Secret(""), PUBLIC).fits(request, body, NOW)
