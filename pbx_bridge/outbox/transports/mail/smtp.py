"""E-mail: one message to the employee and the copies, over one SMTP server with STARTTLS and log-in.

Source: RFC 5321 (replies, 4.5.3.2.6: ten minutes for the answer to the final dot), RFC 3834 (Auto-Submitted).
How much of the conversation is the library's: docs/decisions/0016.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from typing import TYPE_CHECKING

from pbx_bridge.outbox.transports.mail import mail_bytes
from pbx_bridge.outbox.transports.mail.mail_bytes import ascii_address
from pbx_bridge.outbox.transports.mail.smtp_reply import Reply
from pbx_bridge.outbox.transports.mail.smtp_talk import Content, Talk, Trouble, failure_code, open_talk
from pbx_bridge.outbox.transports.transport import Copy, Failed, Outcome, Outgoing, Sent, Uncertain
from pbx_bridge.time_slices import finished
from rules.outbox.mail_answers import About, Judged, SmtpStep, judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pbx_bridge.settings import MailSettings

UNUSABLE = Failed("address_unusable", permanent=True, about=About.ADDRESS)
NAME_SECONDS = 5.0
"""How long this machine may take to know its own name."""

Fates = dict[str, Outcome]
"""What became of the message, by address as it was given."""


class SmtpTransport:
    """Hands e-mail to the server of `settings`; one connection a message, so that no state of the last one
    can spoil it."""

    def __init__(self, settings: MailSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._host = ""

    async def send(self, message: Outgoing) -> Outcome:
        """Send to the address and its copies, each judged by itself: one that is refused keeps no other from
        the message. Raises ValueError for a message that would bring headers of its own."""
        message.leaving.not_yet()
        fates: Fates = {}
        usable: dict[str, str] = {}
        for address in (message.address, *message.cc):
            try:
                usable[address] = ascii_address(address)
            except UnicodeError:
                fates[address] = UNUSABLE
        if usable:
            fates |= await self._deliver(message, usable)
        return _together(message, fates)

    async def check(self) -> None:
        """Connect, secure, log in and leave; raises OSError when any of it fails."""
        try:
            talk = await open_talk(self._settings, await self._own_name())
        except Trouble as trouble:
            raise OSError(str(trouble)) from trouble
        talk.leave()

    def build(self, message: Outgoing) -> EmailMessage:
        """The mail as it goes out: text and HTML, headers only through `EmailMessage`, which refuses line
        breaks."""
        return self._mail(message, {address: address for address in (message.address, *message.cc)})

    def _mail(self, message: Outgoing, usable: Mapping[str, str]) -> EmailMessage:
        to, *cc = usable.values()
        sender = (" ".join(self._settings.from_name.split()), self._sender())
        return mail_bytes.build(message, sender, to, tuple(cc), self._clock())

    def _sender(self) -> str:
        """Raises Trouble: a sender that is no address is for the operator to mend."""
        try:
            return ascii_address(self._settings.from_address)
        except UnicodeError as error:
            raise Trouble("mail_setup", "mail.from_address is no address") from error

    async def _deliver(self, message: Outgoing, usable: Mapping[str, str]) -> Fates:
        """One conversation. What goes wrong before the message has left is the server's, or our set-up's."""
        try:
            sender = self._sender()
            content = mail_bytes.as_bytes(self._mail(message, usable))
            sound = await finished(mail_bytes.letters(message.sound)) if message.sound else []
            if sound:
                mail_bytes.with_sound(content, ())  # raises now what must not be found out when it goes
            talk = await open_talk(self._settings, await self._own_name(), (*usable, *usable.values()))
        except Trouble as trouble:
            return dict.fromkeys(usable, _trouble(trouble))
        try:
            return await self._converse(talk, sender, message, usable, Content(content, sound))
        except Trouble as trouble:
            talk.drop()
            return dict.fromkeys(usable, _trouble(trouble))
        except BaseException:
            talk.drop()
            raise

    async def _converse(
        self, talk: Talk, sender: str, message: Outgoing, usable: Mapping[str, str], content: Content
    ) -> Fates:
        said = await talk.envelope(sender, dict.fromkeys(usable.values()))
        fates = {address: _fate(talk, SmtpStep.RCPT, said[plain]) for address, plain in usable.items()}
        taken = [address for address, fate in fates.items() if isinstance(fate, Sent)]
        if not taken:
            talk.leave()
            return fates
        answer = await talk.data(content, message.leaving.begin)
        if answer is None:
            talk.drop()
            return fates | dict.fromkeys(taken, Uncertain("no_answer_after_data"))
        talk.leave()
        step = SmtpStep.END if message.leaving.begun else SmtpStep.DATA
        return fates | dict.fromkeys(taken, _fate(talk, step, answer))

    async def _own_name(self) -> str:
        """What we call ourselves; looked up once, in its own time."""
        if not self._host:
            try:
                async with asyncio.timeout(NAME_SECONDS):
                    self._host = await asyncio.to_thread(socket.getfqdn)
            except (TimeoutError, OSError):
                self._host = "localhost"
        return self._host


def _fate(talk: Talk, step: SmtpStep, reply: Reply) -> Outcome:
    """The server's word as an outcome; accepted at RCPT means: so far."""
    judged, code, detail = judge(step, reply.code, reply.text), failure_code(reply), talk.detail(reply)
    match judged:
        case Judged.ACCEPTED:
            return Sent(detail=detail)
        case Judged.UNCERTAIN:
            return Uncertain("answer_not_understood", detail)
        case Judged.SERVER:
            return Failed(code, permanent=False, detail=detail, about=About.SERVER)
    about = About.ADDRESS if step is SmtpStep.RCPT else About.MESSAGE
    never = judged in (Judged.ADDRESS_NEVER, Judged.MESSAGE_NEVER)
    return Failed(code, permanent=never, detail=detail, about=about)


def _trouble(trouble: Trouble) -> Failed:
    return Failed(trouble.code, permanent=False, detail=trouble.detail, about=About.SERVER)


def _together(message: Outgoing, fates: Fates) -> Outcome:
    """The employee's own outcome, with the copies that fared differently beside it."""
    own = fates[message.address]
    others = tuple(
        Copy(address, fates[address])
        for address in dict.fromkeys(message.cc)
        if address != message.address and _kind(fates[address]) != _kind(own)
    )
    refused = sum(isinstance(copy.outcome, Failed) for copy in others)
    detail = f"copies_refused={refused}; {own.detail}" if refused and isinstance(own, Sent) else own.detail
    return replace(own, detail=detail, copies=others)


def _kind(outcome: Outcome) -> tuple[type, bool]:
    return type(outcome), isinstance(outcome, Failed) and outcome.permanent
