"""The conversation with a mail server, step by step (RFC 5321, 3207 STARTTLS, 4954 log-in), by aiosmtplib.

The library's word on a step is not taken: the server's own is judged (`rules.outbox.mail_answers`). What goes
wrong before the message itself is out is a `Trouble`: nothing has left then.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiosmtplib import errors
from aiosmtplib.response import SMTPResponse

from pbx_bridge.outbox.transports.mail.mail_bytes import with_sound
from pbx_bridge.outbox.transports.mail.smtp_guard import GuardedClient, OutOfTurn
from pbx_bridge.outbox.transports.mail.smtp_reply import Reply
from rules.outbox.mail_answers import Judged, SmtpStep, judge
from rules.text.foreign_text import discreet

if TYPE_CHECKING:
    from pbx_bridge.settings import MailSettings

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_NOT_THIS_WAY = 504


class Trouble(Exception):
    """The server, or our way to it, does not do: stable `code`, `detail` for the operator."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Content:
    """A message that goes out: `mail` as `mail_bytes.as_bytes` has made it, `sound` as `mail_bytes.letters`,
    or nothing."""

    mail: bytes
    sound: Sequence[bytes] = ()


class Talk:
    """Opened by `open_talk`. `names`: what no detail may show: addresses, and words of the log-in."""

    def __init__(self, client: GuardedClient, settings: MailSettings, names: Iterable[str]) -> None:
        self._client, self._settings = client, settings
        self._names = tuple(names)

    async def begin(self, context: ssl.SSLContext | None) -> None:
        """Greeting, EHLO, encryption and log-in as the settings have them. Raises Trouble."""
        try:
            await self._must(SmtpStep.GREETING, self._client.connect)
        except errors.SMTPConnectError as error:
            cause = error.__cause__
            assert isinstance(cause, OSError)
            raise _no_connection(cause, "mail_server_unreachable") from error
        await self._hello()
        if context is not None and not self._settings.tls:
            await self._secure(context)
        if self._settings.username:
            await self._log_in()

    async def envelope(self, sender: str, recipients: Iterable[str]) -> dict[str, Reply]:
        """MAIL, and RCPT for each; what the server says of each recipient. Raises Trouble."""
        await self._must(SmtpStep.MAIL, lambda: self._client.mail(sender))
        said = {}
        for address in recipients:
            said[address] = await self._ask(SmtpStep.RCPT, lambda to=address: self._client.rcpt(to))  # type: ignore[misc]
            if said[address].code in (None, 421):
                raise self._trouble(said[address])
        return said

    async def data(self, content: Content, going: Callable[[], None]) -> Reply | None:
        """The message. `going` is called when it goes out; until then the answer is to DATA (or a Trouble is
        raised), from then on to the final dot, None if there was none with a code in it."""
        gone = False

        def on_content() -> None:
            nonlocal gone
            gone = True
            going()

        guard = self._client.guard
        guard.on_content, guard.content_limit = on_content, self._settings.timeout_seconds
        if content.sound:
            guard.as_pieces = partial(with_sound, pieces=content.sound)
        try:
            return await self._ask(SmtpStep.DATA, lambda: self._client.data(content.mail))
        except Trouble:
            if not gone:
                raise
            return guard.said

    def leave(self) -> None:
        """Say good-bye; what the server says to that is of no interest."""
        with contextlib.suppress(errors.SMTPException):  # it has gone already, or still talks
            self._client.guard.write(b"QUIT\r\n")
        self._client.close()

    def drop(self) -> None:
        """End it at once."""
        self._client.drop()

    def detail(self, reply: Reply) -> str:
        """The server's words, fit for storing."""
        return discreet(reply.text, self._names)

    async def _hello(self) -> None:
        reply = await self._ask(SmtpStep.EHLO, self._client.ehlo)
        needs_more = self._settings.username or self._settings.starttls == "required"
        accepted = judge(SmtpStep.EHLO, reply.code) is Judged.ACCEPTED
        if not accepted and reply.code != 421 and not needs_more:
            reply = await self._must(SmtpStep.EHLO, self._client.helo)
            self._client.last_helo_response = _response(reply)
        elif accepted:
            self._client.last_ehlo_response = _response(reply)
        else:
            raise self._trouble(reply)

    async def _secure(self, context: ssl.SSLContext) -> None:
        if not self._client.supports_extension("starttls"):
            raise Trouble("mail_no_starttls", "the server offers no encryption (STARTTLS)")
        try:
            await self._must(SmtpStep.STARTTLS, lambda: self._client.starttls(tls_context=context))
        except OSError as error:
            raise _no_connection(error, "mail_tls") from error
        await self._hello()

    async def _log_in(self) -> None:
        client, user, password = self._client, self._settings.username, self._settings.password.reveal()
        plain, login, cram = client.auth_plain, client.auth_login, client.auth_crammd5
        ways = {"plain": plain, "login": login, "cram-md5": cram}
        encrypted = client.get_transport_info("sslcontext") is not None
        known = ways if encrypted else ("cram-md5", "plain", "login")
        for way in (ways[name] for name in known if name in client.server_auth_methods):
            reply = await self._ask(SmtpStep.AUTH, lambda way=way: way(user, password))  # type: ignore[misc]
            if judge(SmtpStep.AUTH, reply.code) is Judged.ACCEPTED:
                return
            if reply.code != _NOT_THIS_WAY:  # a wrong password tried three ways may lock the account
                raise self._trouble(reply)
        raise Trouble("mail_no_login", "the server offers no log-in that we know")

    # ---- asking

    async def _must(self, step: SmtpStep, deed: Callable[[], Awaitable[SMTPResponse]]) -> Reply:
        reply = await self._ask(step, deed)
        if judge(step, reply.code) is not Judged.ACCEPTED:
            raise self._trouble(reply)
        return reply

    async def _ask(self, step: SmtpStep, deed: Callable[[], Awaitable[SMTPResponse]]) -> Reply:
        """One step of the library's; the server's last reply in it. Raises Trouble without a whole one."""
        try:
            await deed()
        except OutOfTurn as error:
            raise Trouble("mail_server_out_of_turn", step.value) from error
        except errors.SMTPReadTimeoutError as error:
            raise Trouble("mail_server_silent", step.value) from error
        except errors.SMTPServerDisconnected as error:
            raise Trouble("mail_connection_lost", step.value) from error
        except errors.SMTPResponseException:
            pass  # what the library makes of it is not asked
        reply = self._client.guard.said
        if reply is None or not reply.whole:
            raise Trouble("mail_answer_endless", step.value)
        return reply

    def _trouble(self, reply: Reply) -> Trouble:
        return Trouble(failure_code(reply), self.detail(reply))


async def open_talk(settings: MailSettings, host: str, names: Iterable[str] = ()) -> Talk:
    """Connected, encrypted and logged in as the settings have it. `host`: our own name. Raises Trouble."""
    context = await asyncio.to_thread(_context, settings)
    client = GuardedClient(
        settings.host,
        settings.port,
        local_hostname=host if _HOST.fullmatch(host) else "[127.0.0.1]",
        timeout=settings.connect_timeout_seconds,
        use_tls=settings.tls,
        tls_context=context,
    )
    secret = [settings.username, settings.password.reveal()]
    encoded = [base64.b64encode(word.encode()).decode() for word in secret]
    talk = Talk(client, settings, (*names, *secret, *encoded))
    try:
        await talk.begin(context)
    except UnicodeError as error:
        raise Trouble("mail_setup", "mail.host is no name of a server") from error
    except BaseException:
        talk.drop()
        raise
    return talk


def failure_code(reply: Reply) -> str:
    """Stable: "smtp_550", or that there was no code to go by."""
    return "mail_answer_unclear" if reply.code is None else f"smtp_{reply.code}"


def _response(reply: Reply) -> SMTPResponse:
    return SMTPResponse(reply.code or 0, "\n".join(reply.lines))


def _context(settings: MailSettings) -> ssl.SSLContext | None:
    """Reads the authorities to trust, from the disk. Raises Trouble when the file is not there or is none."""
    if not (settings.tls or settings.starttls == "required"):
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file or None)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise Trouble("mail_setup", f"mail.ca_file cannot be read: {reason}") from error


def _no_connection(error: OSError, code: str) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble("mail_tls", discreet(f"certificate: {error.verify_message}"))
    if isinstance(error, ssl.SSLError):
        return Trouble("mail_tls", discreet(error.reason or "no encrypted connection"))
    if isinstance(error, TimeoutError):
        return Trouble(code, "no connection in time")
    return Trouble(code, discreet(error.strerror or str(error) or type(error).__name__))
