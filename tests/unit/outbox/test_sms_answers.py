"""An SMS gateway may answer anything: each status with each body, over real HTTP; nothing is asked twice.

Surely sent, surely not sent, or nobody can know: what is not known to mean one of the first two is the third.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, Literal

import aiohttp
import pytest

from pbx_bridge.outbox.transports.sms.sms_http import SmsTransport
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Outgoing
from pbx_bridge.settings import Secret, SmsSettings
from rules.model import Channel
from rules.outbox.mail_answers import About
from tests.clumsy_gateway import ClumsyGateway, response, running_clumsy_gateway
from tests.clumsy_mail_server import Answer, Deed
from tests.unit.outbox.test_mail_answers import Meaning, is_fit_for_storing, meant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NUMBER = "+491713920042"
SERVER, NEVER, ADDRESS_NEVER = (About.SERVER, False), (About.MESSAGE, True), (About.ADDRESS, True)
LATER, ADDRESS_LATER = (About.MESSAGE, False), (About.ADDRESS, False)
SENT, UNCERTAIN = "sent", "uncertain"
Preset = Literal["kannel", "seven"]

STATUSES: dict[int, Meaning] = {
    **dict.fromkeys((301, 302, 303, 307, 308), SERVER),
    **dict.fromkeys((401, 402, 403, 404, 405, 407, 408, 410, 415, 421, 425, 429, 451, 499), SERVER),
    **dict.fromkeys((400, 413, 414, 422), NEVER),
    **dict.fromkeys((501, 503, 505, 511), SERVER),
    **dict.fromkeys((500, 502, 504, 507, 520, 599), UNCERTAIN),
}
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "words": b"Wartungsarbeiten f\xfcr heute, +49 171 3920042",
    "binary": bytes(range(256)),
    "an address": b"ops@gateway.example",
    "4 MB": b"x" * 4_000_000,
    "JSON of another kind": b'[1, {"success": []}]',
    "deep JSON": b"[" * 20_000,
    "NUL": b"\x00" * 50,
    "the password": b"wrong key geheim-genug",
}
KANNEL: dict[str, tuple[bytes, Meaning]] = {
    "accepted": (b"0: Accepted for delivery", SENT),
    "queued": (b"3: Queued for later delivery", SENT),
    "accepted, 4 MB": (b"0: " + b"x" * 4_000_000, SENT),
    "accepted, binary": (b"0: Accepted \xff\x00\xfe", SENT),
    "temporal failure": (b"4: Temporal failure, try again later", SERVER),
    "another number": (b"7: who knows", UNCERTAIN),
    "no number": (b"Sent.", UNCERTAIN),
    "two numbers": (b"03: ", UNCERTAIN),
    "other digits": ("٠: Accepted".encode(), UNCERTAIN),
    **{name: (body, UNCERTAIN) for name, body in BODIES.items()},
}


def seven(**values: Any) -> bytes:
    return json.dumps(values).encode()


SEVEN: dict[str, tuple[bytes, Meaning]] = {
    "accepted": (seven(success="100", messages=[{"id": "77", "success": True}]), SENT),
    "accepted, a number": (seven(success=100), SENT),
    "accepted, no JSON": (b"100", SENT),
    "accepted, odd entries": (seven(success="100", messages=[{"id": {"a": 1}}]), SENT),
    "accepted, no entries": (seven(success="100", messages={"a": 1}), SENT),
    "accepted, NUL in the id": (seven(success="100", messages=[{"id": "a\0b"}]), SENT),
    "accepted, long id": (seven(success="100", messages=[{"id": "7" * 9000}]), SENT),
    "partly, this one": (seven(success="101", messages=[{"id": "1", "success": True}]), SENT),
    "partly, not this one": (
        seven(success="101", messages=[{"success": False, "error": "202"}]),
        ADDRESS_NEVER,
    ),
    "partly, nobody knows": (seven(success="101"), UNCERTAIN),
    "wrong number": (seven(success="202"), ADDRESS_NEVER),
    "text too long": (seven(success="401"), NEVER),
    "just sent": (seven(success="402"), LATER),
    "limit of the number": (seven(success="403"), ADDRESS_LATER),
    "our sender": (seven(success="201"), SERVER),
    "no credit": (b"500", SERVER),
    "wrong key": (seven(success="900"), SERVER),
    "unknown code": (seven(success="999"), UNCERTAIN),
    "other digits": (seven(success="١٠٠"), UNCERTAIN),
    "superscript": (seven(success="²02"), UNCERTAIN),
    "true": (seven(success=True), UNCERTAIN),
    "float": (seven(success=100.0), UNCERTAIN),
    "list": (seven(success=[100]), UNCERTAIN),
    "null": (b"null", UNCERTAIN),
    "huge number": (b'{"success": ' + b"1" * 400 + b"}", UNCERTAIN),
    **{name: (body, UNCERTAIN) for name, body in BODIES.items()},
}
RAW: dict[str, tuple[Answer, Meaning]] = {
    "no HTTP": (b"abc\r\n\r\n", UNCERTAIN),
    "closed": (Deed("close"), UNCERTAIN),
    "reset": (Deed("reset"), UNCERTAIN),
    "silent": (Deed("silent"), UNCERTAIN),
    "half a head": (Deed("close", b"HTTP/1.1 202 OK\r\nContent-"), UNCERTAIN),
    "head for ever": (Deed("endless", b"X-A: " + b"x" * 4_000 + b"\r\n"), UNCERTAIN),
    "status 000": (response("000", b"0: Accepted"), UNCERTAIN),
    "status 99999": (response("99999"), UNCERTAIN),
    "cut body, decided": (b"HTTP/1.1 202 OK\r\nContent-Length: 500\r\n\r\n0: Accepted", SENT),
    "cut body, undecided": (b"HTTP/1.1 202 OK\r\nContent-Length: 500\r\n\r\n", UNCERTAIN),
    "silent body, decided": (Deed("silent", b"HTTP/1.1 202 OK\r\nContent-Length: 99\r\n\r\n0: ok"), SENT),
    "silent body of a no": (Deed("silent", b"HTTP/1.1 400 No\r\nContent-Length: 99\r\n\r\nno"), NEVER),
    "no gzip": (response(202, b"0: Accepted", Content_Encoding="gzip"), UNCERTAIN),
    "gzip": (response(202, gzip.compress(b"0: Accepted"), Content_Encoding="gzip"), SENT),
    "bomb": (response(202, gzip.compress(b"0: " + b"x" * 50_000_000, 1), Content_Encoding="gzip"), SENT),
    "wrong charset": (response(202, b"0: f\xfcr", Content_Type="text/plain; charset=nonsense"), SENT),
    "bad chunks": (b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", UNCERTAIN),
    "two lengths": (b"HTTP/1.1 202 OK\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\n0: ok", UNCERTAIN),
    "body for ever": (Deed("endless", b"HTTP/1.1 202 OK\r\n\r\n" + b"0: " + b"x" * 65_000), SENT),
}


@pytest.fixture
async def gateway() -> AsyncIterator[ClumsyGateway]:
    async with running_clumsy_gateway() as running:
        yield running


async def send(gateway: ClumsyGateway, preset: Preset, answer: Answer) -> Outcome:
    gateway.answer = answer
    seconds = 0.3 if isinstance(answer, Deed) and answer.kind == "silent" else 20
    settings = SmsSettings(
        preset=preset,
        url=gateway.url,
        username="bridge",
        secret=Secret("geheim-genug"),
        timeout_seconds=seconds,
    )
    async with aiohttp.ClientSession() as session:
        outcome = await SmsTransport(settings, session).send(Outgoing("n1", Channel.SMS, NUMBER, "bitte RR"))
    assert len(gateway.asked) == 1, "asked once, whatever came back"
    assert is_fit_for_storing(outcome.detail)
    assert "geheim-genug" not in outcome.detail
    assert is_fit_for_storing(getattr(outcome, "gateway_id", ""))
    return outcome


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", STATUSES)
async def test_a_status_decides_whatever_stands_below(gateway: ClumsyGateway, status: int, body: str) -> None:
    answer = response(status, BODIES[body], Location="http://elsewhere.example/")
    assert meant(await send(gateway, "kannel", answer)) == STATUSES[status]


@pytest.mark.parametrize("status", [200, 202, 204, 206, 299])
@pytest.mark.parametrize("name", KANNEL)
async def test_kannel_says(gateway: ClumsyGateway, status: int, name: str) -> None:
    body, meaning = KANNEL[name]
    outcome = await send(gateway, "kannel", response(status, b"" if status == 204 else body))
    assert meant(outcome) == (UNCERTAIN if status == 204 else meaning)


@pytest.mark.parametrize("name", SEVEN)
async def test_seven_says(gateway: ClumsyGateway, name: str) -> None:
    body, meaning = SEVEN[name]
    outcome = await send(gateway, "seven", response(200, body))
    assert meant(outcome) == meaning
    if isinstance(outcome, Failed):
        assert outcome.code.startswith("seven_")


@pytest.mark.parametrize("name", RAW)
async def test_what_is_hardly_http(gateway: ClumsyGateway, name: str) -> None:
    answer, meaning = RAW[name]
    assert meant(await send(gateway, "kannel", answer)) == meaning


async def test_a_gateway_that_cannot_be_reached_has_got_nothing(gateway: ClumsyGateway) -> None:
    """Also when nobody says no: an SMS that never left is no uncertain one."""
    for url in (
        "http://127.0.0.1:9/sms",
        "https" + gateway.url[4:],
        "http://nowhere.invalid/sms",
        "nonsense",
    ):
        settings = SmsSettings(preset="kannel", url=url, timeout_seconds=5)
        async with aiohttp.ClientSession() as session:
            outcome = await SmsTransport(settings, session).send(Outgoing("n1", Channel.SMS, NUMBER, "x"))
        assert meant(outcome) == SERVER, (url, outcome)
    assert gateway.asked == []


async def test_a_connection_that_does_not_come_about_in_time_has_carried_nothing() -> None:
    """A full queue of a listener that accepts nobody: neither yes nor no."""
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        settings = SmsSettings(preset="kannel", url=f"http://127.0.0.1:{port}/sms", timeout_seconds=0.3)
        async with aiohttp.ClientSession() as session:
            outcome = await SmsTransport(settings, session).send(Outgoing("n1", Channel.SMS, NUMBER, "x"))
        for one in waiting:
            one.close()
    assert meant(outcome) == SERVER
