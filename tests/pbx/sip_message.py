"""SIP messages as bytes, for `raw_sip`: nothing is checked, and nothing is escaped."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SDP = b"""v=0\r
o=- 1 1 IN IP4 127.0.0.1\r
s=-\r
c=IN IP4 127.0.0.1\r
t=0 0\r
m=audio 9 RTP/AVP 8\r
a=rtpmap:8 PCMA/8000\r
"""
PCMU = SDP.replace(b"RTP/AVP 8\r\na=rtpmap:8 PCMA/8000", b"RTP/AVP 0\r\na=rtpmap:0 PCMU/8000")
Address = tuple[str, int]
Headers = tuple[tuple[bytes, bytes], ...]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Message:
    """What came in. `first`: the first line; header names are in lower case, the first of each counts."""

    first: bytes
    headers: Mapping[bytes, bytes]
    copied: bytes
    """Via, From, To, Call-ID and CSeq as they came, for the answer."""
    body: bytes = b""

    @property
    def call(self) -> bytes:
        """Its Call-ID."""
        return self.headers.get(b"call-id", b"")

    @property
    def status(self) -> int:
        """Of a response; 0 for a request."""
        return int(self.first.split(b" ")[1]) if self.first.startswith(b"SIP/2.0 ") else 0

    @property
    def user(self) -> bytes:
        """Whom a request is for."""
        return self.first.partition(b"sip:")[2].partition(b"@")[0]

    @property
    def cseq(self) -> tuple[int, bytes]:
        """Number and method, of a request or of what this answers."""
        number, method = self.headers[b"cseq"].split()
        return int(number), method


@dataclass(slots=True)
class Invite:
    """One call that we make, in raw bytes; `headers` are further ones, or replace those of this name."""

    user: bytes = b"493023125100"
    caller: bytes = b"491713920042"
    name: bytes = b""
    to: bytes = b"493023125100"
    headers: Headers = ()
    body: bytes = SDP
    method: bytes = b"INVITE"
    id: bytes = field(default_factory=lambda: b"raw-%d" % next(_numbers))
    statuses: list[int] = field(default_factory=list)
    answer: Message | None = None  # the final one
    cseq: int = 1
    over: bool = False  # the other side has said BYE

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        texts = (self.user, self.caller, self.name, self.to, self.body, self.id, *sum(self.headers, ()))
        return 500 + sum(map(len, texts))

    @property
    def status(self) -> int:
        """The last one told; 0 while nobody has answered."""
        return self.statuses[-1] if self.statuses else 0


Phone = Callable[[Message], tuple[bytes, ...]]
"""What a phone answers to an INVITE: status line and own headers of one response after the other."""


def busy(_invite: Message) -> tuple[bytes, ...]:
    """A phone that is busy."""
    return (b"SIP/2.0 486 Busy Here\r\n",)


def answers(_invite: Message) -> tuple[bytes, ...]:
    """A phone that is answered at once."""
    return (b"SIP/2.0 200 OK\r\n",)


def rings(_invite: Message) -> tuple[bytes, ...]:
    """A phone that rings until somebody gives up."""
    return (b"SIP/2.0 180 Ringing\r\n",)


def read(data: bytes) -> Message:
    """One packet."""
    head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    headers: dict[bytes, bytes] = {}
    copied = b""
    for line in head[1:]:
        name, _, value = line.partition(b":")
        headers.setdefault(name.strip().lower(), value.strip())
        if name.strip().lower() in {b"via", b"from", b"to", b"call-id", b"cseq"}:
            copied += line + b"\r\n"
    return Message(head[0], headers, copied, data.partition(b"\r\n\r\n")[2])


def write(first: bytes, headers: Headers, body: bytes = b"") -> bytes:
    """One packet."""
    kind = [b"Content-Type: application/sdp"] if body else []
    lines = [b"%s: %s" % pair for pair in headers]
    return b"\r\n".join([first, *lines, *kind, b"Content-Length: %d" % len(body), b"", body])


def accepted(offer: bytes) -> bytes:
    """Speech in the first of the offered laws; what was not offered is answered by A-law."""
    law = re.search(rb"RTP/AVP (0|8)\b", offer)
    return SDP if law is None or law[1] == b"8" else PCMU


def uri(contact: bytes) -> bytes:
    """The address of a Contact."""
    return contact.partition(b"<")[2].partition(b">")[0]


def md5(text: str) -> str:
    """For digests."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
