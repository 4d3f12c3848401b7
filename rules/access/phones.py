"""Telephones that the service gives to agents: what they may be called, and how one proves whose it is."""

from __future__ import annotations

import base64
import hashlib
import re

TECHNOLOGY = "PJSIP/"
REALM = "asterisk"
"""What Asterisk calls itself to whoever it does not know. Given phones are asked in the same name, so that
nobody finds out who has one."""
PASSWORD_BYTES = 10
"""80 bits: what is kept of it is a fast hash."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")
NEVER_A_PHONE = frozenset({"trunk", "anonymous", "dpma_endpoint"})
"""Our own trunk, and what Asterisk itself takes for whoever has no name."""


def phone_name(interface: str) -> str | None:
    """The name with which the phone of an agent ("PJSIP/anna") logs in ("anna"); None: it cannot be given."""
    name = interface.removeprefix(TECHNOLOGY)
    fits = interface.startswith(TECHNOLOGY) and _NAME.match(name) and name.lower() not in NEVER_A_PHONE
    return name if fits else None


def password_words(chance: bytes) -> str:
    """A password as one types it into a phone, without capitals and without what looks alike:
    "abcd-efgh-ijkl-mnop"."""
    text = base64.b32encode(chance).decode().rstrip("=").lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def password_digest(name: str, password: str) -> str:
    """All that is kept of the password, in hex: the MD5 of RFC 7616, as every phone and Asterisk 16 know no
    other. Whoever has it can log in as this phone, but learns nothing that is good elsewhere."""
    return hashlib.md5(f"{name}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
