"""The conversation with a mail server, step by step (RFC 5321, 3207 STARTTLS, 4954 log-in).

Everything before the final dot that goes wrong is a `Trouble`: nothing has left then.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import re
import ssl
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pbx_bridge.delivery.smtp_reply import Reply
from pbx_bridge.delivery.smtp_wire import NoReply, Wire, connect
from rules.foreign_text import discreet
from rules.mail_answers import Judged, Step, judge

if TYPE_CHECKING:
    from pbx_bridge.settings import MailSettings

_BARE = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_CHALLENGE, _NOT_THIS_WAY = 334, 504


class Trouble(Exception):
    """The server, or our way to it, does not do: stable `code`, `detail` for the operator."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


class Talk:
    """Opened by `open_talk`. `names`: what no detail may show: addresses, and words of the log-in."""

    def __init__(self, wire: Wire, settings: MailSettings, host: str, names: Iterable[str] = ()) -> None:
        self._wire, self._settings, self._host = wire, settings, host
        self._names = tuple(names)
        self._offers: dict[str, str] = {}
        self._encrypted = settings.tls

    async def begin(self, context: ssl.SSLContext | None) -> None:
        """Greeting, EHLO, encryption and log-in as the settings have them. Raises Trouble."""
        await self._must(Step.GREETING)
        await self._hello()
        if context is not None and not self._encrypted:
            await self._secure(context)
        if self._settings.username:
            await self._log_in()

    async def envelope(self, sender: str, recipients: Iterable[str]) -> dict[str, Reply]:
        """MAIL, and RCPT for each; what the server says of each recipient. Raises Trouble."""
        await self._must(Step.MAIL, b"MAIL FROM:<%b>" % sender.encode("ascii"))
        said = {}
        for address in recipients:
            said[address] = await self._ask(Step.RCPT, b"RCPT TO:<%b>" % address.encode("ascii"))
            if said[address].code in (None, 421):
                raise self._trouble(said[address])
        return said

    async def data(self) -> Reply:
        """The server's word on whether it takes a message now. Raises Trouble."""
        return await self._ask(Step.DATA, b"DATA")

    async def content(self, content: bytes) -> Reply | None:
        """The message and the final dot; the answer, None when there was none with a code in it."""
        lines = _DOT.sub(b"..", _BARE.sub(b"\r\n", content))
        self._wire.write(lines if lines.endswith(b"\r\n") else lines + b"\r\n")
        self._wire.write(b".\r\n")
        try:
            return await self._wire.reply(self._settings.timeout_seconds)
        except NoReply as gone:
            return gone.begun

    def leave(self) -> None:
        """Say good-bye; what the server says to that is of no interest."""
        self._wire.write(b"QUIT\r\n")
        self._wire.close()

    def drop(self) -> None:
        """End it at once."""
        self._wire.abort()

    def detail(self, reply: Reply) -> str:
        """The server's words, fit for storing."""
        return discreet(reply.text, self._names)

    async def _hello(self) -> None:
        reply = await self._ask(Step.EHLO, b"EHLO %b" % self._host.encode("ascii"))
        needs_more = self._settings.username or self._settings.starttls == "required"
        if judge(Step.EHLO, reply.code) is not Judged.ACCEPTED and reply.code != 421 and not needs_more:
            reply = await self._ask(Step.EHLO, b"HELO %b" % self._host.encode("ascii"))
        if judge(Step.EHLO, reply.code) is not Judged.ACCEPTED:
            raise self._trouble(reply)
        offers = (line.replace("=", " ", 1).partition(" ") for line in reply.lines[1:])
        self._offers = {name.upper(): rest for name, _, rest in offers}

    async def _secure(self, context: ssl.SSLContext) -> None:
        if "STARTTLS" not in self._offers:
            raise Trouble("mail_no_starttls", "the server offers no encryption (STARTTLS)")
        await self._must(Step.STARTTLS, b"STARTTLS")
        if self._wire.unread:  # whoever sits in between could speak to us through the encryption
            raise Trouble("mail_server_out_of_turn")
        try:
            await self._wire.secure(context, self._settings.host, self._settings.connect_timeout_seconds)
        except OSError as error:
            raise _no_connection(error, "mail_tls") from error
        self._encrypted = True
        await self._hello()

    # ---- log-in

    async def _log_in(self) -> None:
        offered = self._offers.get("AUTH", "").upper().split()
        known = ("PLAIN", "LOGIN", "CRAM-MD5") if self._encrypted else ("CRAM-MD5", "PLAIN", "LOGIN")
        for method in (method for method in known if method in offered):
            reply = await self._try(method)
            if judge(Step.AUTH, reply.code) is Judged.ACCEPTED:
                return
            if reply.code != _NOT_THIS_WAY:  # a wrong password tried three ways may lock the account
                raise self._trouble(reply)
        raise Trouble("mail_no_login", "the server offers no log-in that we know")

    async def _try(self, method: str) -> Reply:
        user, password = (
            word.encode() for word in (self._settings.username, self._settings.password.reveal())
        )
        first = b"AUTH PLAIN" if method == "PLAIN" else b"AUTH %b" % method.encode()
        answers: list[Callable[[Reply], bytes]] = {
            "PLAIN": [lambda _: b"\0%b\0%b" % (user, password)],
            "LOGIN": [lambda _: user, lambda _: password],
            "CRAM-MD5": [lambda said: _cram(said, user, password)],
        }[method]
        reply = await self._ask(Step.AUTH, first)
        for answer in answers:
            if reply.code != _CHALLENGE:
                return reply
            reply = await self._ask(Step.AUTH, base64.b64encode(answer(reply)))
        return reply

    # ---- asking

    async def _must(self, step: Step, line: bytes | None = None) -> None:
        reply = await self._ask(step, line)
        if judge(step, reply.code) is not Judged.ACCEPTED:
            raise self._trouble(reply)

    async def _ask(self, step: Step, line: bytes | None = None) -> Reply:
        """One command (None: the server begins) and its whole reply. Raises Trouble without one."""
        if line is not None:
            if self._wire.unread:  # else this would be taken for the answer to what we ask now
                raise Trouble("mail_server_out_of_turn", step.value)
            self._wire.write_line(line)
        try:
            reply = await self._wire.reply(self._settings.connect_timeout_seconds)
        except NoReply as gone:
            code = "mail_server_silent" if gone.silent else "mail_connection_lost"
            raise Trouble(code, step.value) from gone
        if not reply.whole:
            raise Trouble("mail_answer_endless", step.value)
        return reply

    def _trouble(self, reply: Reply) -> Trouble:
        return Trouble(failure_code(reply), self.detail(reply))


async def open_talk(settings: MailSettings, host: str, names: Iterable[str] = ()) -> Talk:
    """Connected, encrypted and logged in as the settings have it. `host`: our own name. Raises Trouble."""
    limit = settings.connect_timeout_seconds
    context = await asyncio.to_thread(_context, settings)
    try:
        wire = await connect(settings.host, settings.port, context if settings.tls else None, limit)
    except UnicodeError as error:
        raise Trouble("mail_setup", "mail.host is no name of a server") from error
    except OSError as error:
        raise _no_connection(error, "mail_server_unreachable") from error
    secret = [settings.username, settings.password.reveal()]
    encoded = [base64.b64encode(word.encode()).decode() for word in secret]
    talk = Talk(wire, settings, host if _HOST.fullmatch(host) else "[127.0.0.1]", (*names, *secret, *encoded))
    try:
        await talk.begin(context)
    except BaseException:
        talk.drop()
        raise
    return talk


def failure_code(reply: Reply) -> str:
    """Stable: "smtp_550", or that there was no code to go by."""
    return "mail_answer_unclear" if reply.code is None else f"smtp_{reply.code}"


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


def _cram(said: Reply, user: bytes, password: bytes) -> bytes:
    try:
        challenge = base64.b64decode(said.text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Trouble("mail_answer_unclear", "log-in") from error
    return b"%b %b" % (user, hmac.new(password, challenge, "md5").hexdigest().encode())
