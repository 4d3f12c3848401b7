"""The sound of a voice message is put into its mail when that goes out, behind the library's back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default

import pytest

from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.transport import Outgoing, Sent, Sound
from pbx_bridge.settings import MailSettings
from rules.model import Channel
from tests.loop_watch import Watch
from tests.sample_company import NOW

SOUND = bytes(range(256)) * 9_000
"""Nearly five minutes."""


class Postman:
    """Takes one mail, as a server does that offers nothing."""

    def __init__(self) -> None:
        self.taken = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    self.taken = await reader.readuntil(b"\r\n.\r\n")
                    writer.write(b"250 taken\r\n")
                case b"QUIT":
                    break
                case _:
                    writer.write(b"250 fine\r\n")
        writer.close()


@pytest.fixture
async def postman() -> AsyncIterator[tuple[Postman, int]]:
    man = Postman()
    server = await asyncio.start_server(man.serve, "127.0.0.1", 0, limit=1 << 24)
    async with server:
        yield man, server.sockets[0].getsockname()[1]


async def test_every_byte_arrives_and_the_calls_go_on(
    postman: tuple[Postman, int], loop_watch: Watch
) -> None:
    man, port = postman
    settings = MailSettings(
        host="127.0.0.1", port=port, from_address="s@example.org", starttls="never", tls=False
    )
    words = Outgoing(
        id="m1", channel=Channel.EMAIL, address="erika@example.org", text="Angehängt.\n.\nEnde",
        subject="Sprachnachricht", sound=Sound("Sprachnachricht.wav", SOUND),
    )  # fmt: skip
    assert isinstance(await SmtpTransport(settings, lambda: NOW).send(words), Sent)
    mail = message_from_bytes(man.taken.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."), policy=default)
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == SOUND
    body = mail.get_body(("plain",))
    assert body
    assert body.get_content().splitlines() == ["Angehängt.", ".", "Ende"]
