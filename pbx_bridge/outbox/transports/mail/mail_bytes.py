"""An e-mail as it goes out: every byte of it is plain ASCII, and every header is one of ours.

Source: RFC 2047. Python before 3.11.10 decodes encoded words while it writes headers, line breaks in them
included; so none that a user typed may reach `EmailMessage`.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import idna

from pbx_bridge.outbox.transports.transport import Outgoing, Sound
from rules.stepwise import Steps

POLICY = SMTP.clone(cte_type="7bit")
"""No server has to promise 8BITMIME for our umlauts."""
LONGEST_SUBJECT, LONGEST_NAME = 250, 100
_PLACE = b"here comes the sound of the message"
_PLACE_LINE = base64.b64encode(_PLACE)
_BYTES_A_LINE, _LINES_A_STEP = 57, 256
_ENCODED_WORD = re.compile(r"=(?=\?)")
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)
_HEADER = re.compile(rb"([!-9;-~]+):")
_KEPT = "\r\n\t\u200c\u200d"  # the last two join letters
_NOT_IN_HEADERS = re.compile(rb"[^\x20-\x7e\t\r\n]")
_NOT_IN_TEXTS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def build(
    message: Outgoing, sender: tuple[str, str], to: str, cc: tuple[str, ...], now: datetime
) -> EmailMessage:
    """Text and HTML; `sender`: name and address; `to`, `cc`: usable addresses.

    Raises ValueError for a line break in the subject, and for a sender that is no address.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(words(sender[0])[:LONGEST_NAME], addr_spec=sender[1])
    mail["To"] = to
    if cc:
        mail["Cc"] = ", ".join(cc)
    mail["Subject"] = words(message.subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(now)
    if message.message_id:
        mail["Message-ID"] = _message_id(message.message_id)
    mail["Auto-Submitted"] = "auto-generated"
    if message.possible_duplicate:
        mail["X-Possible-Duplicate"] = "yes"
    mail.set_content(_body(message.text))
    if message.html:
        mail.add_alternative(_body(message.html), subtype="html")
    if message.sound:
        mail.add_attachment(_PLACE, maintype="audio", subtype="wav", filename=message.sound.name)
    return mail


def as_bytes(mail: EmailMessage) -> bytes:
    """What goes out, looked at once more; a sound is put in its place by `with_sound`. Raises ValueError when
    there is a header or a byte too many."""
    content = mail.as_bytes()
    head = content.partition(b"\r\n\r\n")[0]
    names = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    found = [match[1].decode() for line in names if (match := _HEADER.match(line))]
    if found != mail.keys() or len(found) != len(names) or _NOT_IN_HEADERS.search(head):
        raise ValueError("the mail has other headers than ours")
    if not content.isascii() or b"\0" in content:
        raise ValueError("the mail is not plain ASCII")
    return content


def letters(sound: Sound) -> Steps[list[bytes]]:
    """The sound as lines of a mail, in steps of some lines: five minutes are two million bytes."""
    pieces: list[bytes] = []
    some = _BYTES_A_LINE * _LINES_A_STEP
    for first in range(0, len(sound.content), some):
        yield
        lines = base64.encodebytes(sound.content[first : first + some]).rstrip(b"\n").replace(b"\n", b"\r\n")
        pieces.append(b"\r\n" + lines if pieces else lines)
    return pieces


def with_sound(content: bytes, pieces: Sequence[bytes]) -> Sequence[bytes]:
    """The mail with the sound in its place, in pieces. `EmailMessage`, and the library that sends it, would
    look at each line of it, a tenth of a second long. Raises ValueError for a mail without that place."""
    before, place, after = content.rpartition(_PLACE_LINE)
    if not place:
        raise ValueError("the mail has no place for its sound")
    return [before, *pieces, after]


def words(text: str) -> str:
    """What a user typed, for a header: no encoded word, no half of a character, and no control character but
    the line breaks that `EmailMessage` refuses."""
    line = text.replace("\u2028", " ").replace("\u2029", " ")
    return _ENCODED_WORD.sub("= ", "".join(filter(_may_stand, line)))


def _may_stand(char: str) -> bool:
    return char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def ascii_address(address: str) -> str:
    """ "info@müller.example" → "info@xn--mller-kva.example", as not every server understands umlauts.

    Raises UnicodeError for such letters before the @, and for what is no address.
    """
    name, _, domain = address.rpartition("@")
    name.encode("ascii")
    plain = address if domain.isascii() else f"{name}@{idna.encode(domain, uts46=True).decode()}"
    if not _ADDRESS.fullmatch(plain) or _ENCODED_WORD.search(plain):
        raise UnicodeError("no address that a server takes")
    return plain


def _message_id(text: str) -> str:
    """With the ASCII name of its domain."""
    name, at, domain = text.strip("<> ").rpartition("@")
    plain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    return f"<{name}{at}{plain}>"


def _body(text: str) -> str:
    """Lines as Python writes them, without what no mail program shows."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_IN_TEXTS.sub("", lines).encode("utf-8", "replace").decode("utf-8")
