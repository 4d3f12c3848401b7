"""SMS gateways over real HTTP: what each kind of answer means, and that nothing is ever asked twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from pbx_bridge.outbox.transports.sms.sms_http import SmsTransport
from pbx_bridge.outbox.transports.transport import Failed, Outgoing, Sent, Uncertain
from pbx_bridge.settings import Secret, SmsSettings
from rules.model import Channel
from rules.outbox.mail_answers import About

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MESSAGE = Outgoing(
    "0190-id", Channel.SMS, "+491713920042", "Grüße: bitte RR. 10:42", report_token="secret-of-its-own"
)


@dataclass
class Gateway:
    """A gateway that answers as told; "silent" keeps the caller waiting, "cut" closes the connection."""

    status: int = 202
    answer: str = "0: Accepted for delivery"
    url: str = ""
    asked: list[tuple[dict[str, str], str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((dict(request.headers), await request.text(), str(request.rel_url)))
        if self.answer == "silent":
            await asyncio.sleep(5)
        if self.answer == "cut":
            assert request.transport is not None
            request.transport.abort()
        headers = {"Location": "/elsewhere"} if self.status in {301, 302} else None
        return web.Response(status=self.status, text=self.answer, headers=headers)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    one = Gateway()
    app = web.Application()
    app.router.add_post("/{anything:.*}", one.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/sms"
    yield one
    await runner.cleanup()


async def send(gateway: Gateway, preset: Any = "kannel", report: str = "", **changes: Any) -> Any:
    values: dict[str, Any] = {
        "preset": preset,
        "url": gateway.url,
        "username": "bridge",
        "secret": Secret("geheim"),
        "timeout_seconds": 0.5,
    }
    settings = SmsSettings(**(values | changes))
    async with aiohttp.ClientSession() as session:
        return await SmsTransport(settings, session, report).send(MESSAGE)


async def test_kannel_is_asked_without_secrets_or_numbers_in_the_url(gateway: Gateway) -> None:
    outcome = await send(gateway, report="http://127.0.0.1:8080/hooks/sms")

    assert isinstance(outcome, Sent)
    headers, body, url = gateway.asked[0]
    assert url == "/sms"
    assert body == MESSAGE.text
    assert headers["X-Kannel-Username"] == "bridge"
    assert headers["X-Kannel-To"] == "+491713920042"
    assert headers["X-Kannel-Coding"] == "0"
    assert headers["X-Kannel-DLR-Url"] == "http://127.0.0.1:8080/hooks/sms/secret-of-its-own?type=%d"


async def test_seven_is_asked_in_json_with_its_key_in_a_header(gateway: Gateway) -> None:
    gateway.status, gateway.answer = 200, '{"success": "100", "messages": [{"id": "77", "success": true}]}'

    outcome = await send(gateway, "seven")

    assert outcome == Sent("77", "seven_100")
    headers, body, url = gateway.asked[0]
    assert (headers["X-Api-Key"], url) == ("geheim", "/sms")
    assert '"to":"+491713920042"' in body


@pytest.mark.parametrize(
    "preset,status,answer,expected",
    [
        ("kannel", 202, "3: Queued for later delivery", Sent),
        ("kannel", 202, "4: Temporal failure", Failed),
        ("seven", 200, '{"success": "202"}', Failed),
        ("seven", 200, "900", Failed),
        ("seven", 200, "<html>maintenance</html>", Uncertain),
        ("kannel", 500, "", Uncertain),
        ("kannel", 502, "", Uncertain),
        ("kannel", 503, "later", Failed),
        ("kannel", 429, "slow down", Failed),
        ("kannel", 403, "Authorization failed", Failed),
        ("kannel", 400, "no such number", Failed),
        ("kannel", 302, "", Failed),
        ("kannel", 202, "cut", Uncertain),
        ("kannel", 202, "silent", Uncertain),
    ],
)
async def test_answer_means(gateway: Gateway, preset: str, status: int, answer: str, expected: type) -> None:
    gateway.status, gateway.answer = status, answer

    outcome = await send(gateway, preset)

    assert isinstance(outcome, expected)
    assert len(gateway.asked) == 1, "asked once, whatever came back"


@pytest.mark.parametrize(
    "preset,status,answer,permanent",
    [
        ("kannel", 503, "", False),
        ("kannel", 429, "", False),
        ("kannel", 403, "", False),
        ("kannel", 400, "", True),
        ("seven", 200, "202", True),
        ("seven", 200, "500", False),
        ("seven", 200, "900", False),
    ],
)
async def test_failure_is_for_good_only_when_nothing_of_ours_can_mend_it(
    gateway: Gateway, preset: str, status: int, answer: str, permanent: bool
) -> None:
    gateway.status, gateway.answer = status, answer

    outcome = await send(gateway, preset)

    assert isinstance(outcome, Failed)
    assert outcome.permanent is permanent


async def test_dead_gateway_is_a_failure_worth_another_try(gateway: Gateway) -> None:
    outcome = await send(gateway, url="http://127.0.0.1:9/sms")

    assert outcome == Failed("sms_gateway_unreachable", False, outcome.detail, About.SERVER)


async def test_text_outside_gsm_goes_as_ucs2(gateway: Gateway) -> None:
    settings = SmsSettings(preset="kannel", url=gateway.url, timeout_seconds=1)
    async with aiohttp.ClientSession() as session:
        await SmsTransport(settings, session).send(Outgoing("1", Channel.SMS, "+491713920042", "Łódź"))

    assert gateway.asked[0][0]["X-Kannel-Coding"] == "2"
