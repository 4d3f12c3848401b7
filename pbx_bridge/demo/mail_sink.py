"""The demo's mail server: real SMTP with STARTTLS and log-in on loopback, keeping what it gets in memory."""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
import ssl
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pbx_bridge.demo.certificate import make_certificate
from pbx_bridge.settings import MailSettings, Secret

KEPT = 200
LOGIN = "secretariat"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it arrived; `to` holds every address of the envelope."""

    id: int
    at: datetime
    to: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


class MailSink:
    """`async with MailSink(folder) as mail`; the newest mail is first in `mails`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._password = secrets.token_urlsafe(12)
        self._numbers = itertools.count(1)
        self._certificate = Path()
        self._server: asyncio.Server | None = None
        self.mails: deque[Mail] = deque(maxlen=KEPT)

    async def __aenter__(self) -> Self:
        # aiosmtpd warns of an attribute that only it itself uses, at every log-in
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._certificate, key = make_certificate(self._folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._certificate, key)

        def session() -> SMTP:
            return SMTP(
                self,
                hostname="localhost",
                tls_context=context,
                require_starttls=True,
                auth_required=True,
                authenticator=self._authenticate,
                enable_SMTPUTF8=True,
            )

        self._server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def settings(self) -> MailSettings:
        """With which the service reaches this server."""
        assert self._server is not None
        return MailSettings(
            host="localhost",
            port=self._server.sockets[0].getsockname()[1],
            ca_file=str(self._certificate),
            username=LOGIN,
            password=Secret(self._password),
        )

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep it; the sender learns that we have it."""
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=email_policy)
        self.mails.appendleft(Mail(next(self._numbers), datetime.now(UTC), tuple(envelope.rcpt_tos), message))
        return "250 OK"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            LOGIN.encode(),
            self._password.encode(),
        )
        return AuthResult(success=right, handled=False)  # False: else aiosmtpd answers nothing
