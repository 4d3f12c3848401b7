"""E-mail: one message to the employee and the copies, over one SMTP server with STARTTLS and log-in.

Source: RFC 5321 (replies, 4.5.3.2.6: ten minutes for the answer to the final dot), RFC 3834 (Auto-Submitted).
"""

from __future__ import annotations

import contextlib
import ssl
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

import aiosmtplib
import idna
from aiosmtplib.errors import SMTPException, SMTPResponseException

from pbx_bridge.delivery.transport import Failed, Outcome, Outgoing, Sent, Uncertain, without_addresses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pbx_bridge.settings import MailSettings

PERMANENT = range(500, 600)
BROKEN_SETUP = {530, 534, 535, 538}  # log-in trouble is ours to mend, not a reason to give the message up


class SmtpTransport:
    """Hands e-mail to the server of `settings`; one connection a message, so that no state of the last one
    can spoil it."""

    def __init__(self, settings: MailSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock

    async def send(self, message: Outgoing) -> Outcome:
        """Send to the address and its copies; a refused copy does not stop the message, and is named in the
        detail."""
        wanted = len(message.cc)
        try:
            message = _in_ascii(message)
        except UnicodeError:
            return Failed("address_unusable", permanent=True)
        content = self.build(message).as_bytes()
        client = self._client()
        try:
            await client.connect()
            refused = await self._envelope(client, message) + wanted - len(message.cc)
        except (SMTPException, OSError) as error:
            client.close()
            return _not_sent(error)
        return await self._content(client, content, refused)

    async def check(self) -> None:
        """Connect, secure, log in and leave; raises OSError when any of it fails."""
        client = self._client()
        try:
            await client.connect()
            await client.quit()
        except SMTPException as error:
            raise OSError(without_addresses(str(error))) from error
        finally:
            client.close()

    def build(self, message: Outgoing) -> EmailMessage:
        """The mail as it goes out: text and HTML, headers only through `EmailMessage`, which refuses line
        breaks."""
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = formataddr((self._settings.from_name, self._settings.from_address))
        mail["To"] = message.address
        if message.cc:
            mail["Cc"] = ", ".join(message.cc)
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = message.message_id
        mail["Auto-Submitted"] = "auto-generated"
        if message.possible_duplicate:
            mail["X-Possible-Duplicate"] = "yes"
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail

    def _client(self) -> aiosmtplib.SMTP:
        mail = self._settings
        secure = mail.tls or mail.starttls == "required"
        return aiosmtplib.SMTP(
            hostname=mail.host,
            port=mail.port,
            username=mail.username or None,
            password=mail.password.reveal() if mail.username else None,
            use_tls=mail.tls,
            start_tls=not mail.tls and mail.starttls == "required",
            tls_context=ssl.create_default_context(cafile=mail.ca_file or None) if secure else None,
            timeout=mail.connect_timeout_seconds,
        )

    async def _envelope(self, client: aiosmtplib.SMTP, message: Outgoing) -> int:
        """MAIL and RCPT; how many copies the server refused.

        A refused employee raises: nobody is left to read it.
        """
        await client.mail(self._settings.from_address)
        await client.rcpt(message.address)
        refused = 0
        for address in message.cc:
            try:
                await client.rcpt(address)
            except aiosmtplib.SMTPRecipientRefused:
                refused += 1
        return refused

    async def _content(self, client: aiosmtplib.SMTP, content: bytes, refused: int) -> Outcome:
        try:
            answer = await client.data(content, timeout=self._settings.timeout_seconds)
        except SMTPResponseException as error:
            return _not_sent(error)
        except (SMTPException, OSError) as error:
            return Uncertain("no_answer_after_data", without_addresses(str(error)))
        finally:
            client.close()
        detail = without_addresses(answer.message)
        return Sent(detail=f"copies_refused={refused}; {detail}" if refused else detail)


def _in_ascii(message: Outgoing) -> Outgoing:
    """With the domains' own ASCII names, as not every server understands umlauts.

    A copy that has none is left out. Raises UnicodeError when the address itself has none.
    """
    copies = []
    for address in message.cc:
        with contextlib.suppress(UnicodeError):
            copies.append(ascii_address(address))
    return replace(message, address=ascii_address(message.address), cc=tuple(copies))


def ascii_address(address: str) -> str:
    """ "info@müller.example" → "info@xn--mller-kva.example".

    Raises UnicodeError for such letters before the @.
    """
    name, _, domain = address.rpartition("@")
    name.encode("ascii")
    return address if domain.isascii() else f"{name}@{idna.encode(domain, uts46=True).decode()}"


def _not_sent(error: Exception) -> Failed:
    """What a failure before the final dot means: the server's word, or no server at all."""
    if isinstance(error, SMTPResponseException):
        permanent = error.code in PERMANENT and error.code not in BROKEN_SETUP
        return Failed(f"smtp_{error.code}", permanent, without_addresses(error.message))
    return Failed("mail_server_unreachable", permanent=False, detail=without_addresses(str(error)))
