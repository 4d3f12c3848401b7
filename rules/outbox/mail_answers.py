"""What a mail server's answer says: of this address, of this message, or of the server itself.

Sources: RFC 5321 (4.2 replies, 4.3.2 which reply at which step), RFC 3463 and the IANA registry of enhanced
status codes, RFC 4954 (log-in), RFC 7504 (521, 556).
"""

from __future__ import annotations

import re
from enum import StrEnum


class About(StrEnum):
    """What a failure speaks of: an address, the message, or the server and our way to it."""

    ADDRESS = "address"
    MESSAGE = "message"
    SERVER = "server"


class SmtpStep(StrEnum):
    """Where a conversation with a mail server stands. `END`: the final dot is out."""

    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    END = "end"


class Judged(StrEnum):
    """`ACCEPTED`: the next step, after the last one: sent. `LATER` may change by itself, `NEVER` will not.

    `SERVER` says nothing against the message: it waits until the server, or our set-up, is mended.
    """

    ACCEPTED = "accepted"
    ADDRESS_LATER = "address_later"
    ADDRESS_NEVER = "address_never"
    MESSAGE_LATER = "message_later"
    MESSAGE_NEVER = "message_never"
    SERVER = "server"
    UNCERTAIN = "uncertain"


_SERVER_CODES = frozenset({421, 432, 454, 455, 500, 502, 503, 504, 521, 530, 534, 535, 538, 555})
"""Closing, log-in or encryption wanted, commands not understood: the same for every message."""
_SETUP_DETAILS = frozenset({4, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25, 26, 27, 57, 60})
"""X.7.n: encryption, log-in, and who may send for our domain (DKIM, SPF, reverse name)."""
_OUR_SENDER = frozenset({7, 8})
"""X.1.n: the sender's address is not right."""
_SETUP_WORDS = re.compile(
    r"relay access denied|relay denied|relaying|(?:unable|not permitted|not allowed) to relay"
    r"|relay not permitted|sender address rejected|client host|helo command|authentication required"
    r"|sendasdenied",
    re.IGNORECASE,
)
"""Servers look at client and sender when an address is named, and say it with a code meant for that one."""
_GO_AHEAD = 354
"""The one reply upon which a message may follow."""
_TOO_BIG = 4
"""X.3.4: said of the system, meant of the message."""
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
_OF_THE_MESSAGE = frozenset({1, 2, 6, 7})
"""X.1 address, X.2 mailbox, X.6 content, X.7 policy; the rest (system, network, protocol) is the server's."""


def judge(step: SmtpStep, code: int | None, text: str = "") -> Judged:
    """`code` None: an answer that has none, or lines that contradict each other."""
    family = 0 if code is None else code // 100
    if step is SmtpStep.RCPT:
        return _of_address(code, family, text)
    if step in (SmtpStep.DATA, SmtpStep.END):
        return _of_message(step, code, family, text)
    return Judged.ACCEPTED if family == 2 else Judged.SERVER


def _of_address(code: int | None, family: int, text: str) -> Judged:
    if family == 2:
        return Judged.ACCEPTED
    if family not in (4, 5) or _is_servers(code, text):
        return Judged.SERVER
    if family == 4 or code == 552:  # RFC 5321, 4.5.3.1.10: 552 here is an older word for 452
        return Judged.ADDRESS_LATER
    return Judged.ADDRESS_NEVER


def _of_message(step: SmtpStep, code: int | None, family: int, text: str) -> Judged:
    """Before the message is out, nonsense harms nothing; after it, nobody can know."""
    if code == _GO_AHEAD if step is SmtpStep.DATA else family == 2:
        return Judged.ACCEPTED
    if family not in (4, 5):
        return Judged.SERVER if step is SmtpStep.DATA else Judged.UNCERTAIN
    if _is_servers(code, text):
        return Judged.SERVER
    if family == 5:
        return Judged.MESSAGE_NEVER
    enhanced = _enhanced(text)
    of_message = enhanced[0] in _OF_THE_MESSAGE if enhanced else code == 450
    return Judged.MESSAGE_LATER if of_message else Judged.SERVER


def _is_servers(code: int | None, text: str) -> bool:
    """Whether it says the same to everybody."""
    if code in _SERVER_CODES or _SETUP_WORDS.search(text):
        return True
    subject, detail = _enhanced(text) or (0, 0)
    if subject == 3:
        return detail != _TOO_BIG
    return detail in {1: _OUR_SENDER, 7: _SETUP_DETAILS}.get(subject, ())


def _enhanced(text: str) -> tuple[int, int] | None:
    """Subject and detail of "4.7.1 Greylisted"."""
    found = _ENHANCED.match(text)
    return (int(found[2]), int(found[3])) if found else None
