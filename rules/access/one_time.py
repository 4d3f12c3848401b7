"""Codes that are good once: by time (TOTP, RFC 6238), and those for the day on which the phone is gone."""

from __future__ import annotations

import base64
import hashlib
import hmac

STEP_SECONDS, DIGITS = 30, 6
SECRET_BYTES = 20
"""As long as what SHA-1 gives: RFC 4226, R6."""
DRIFT = 1
"""Steps that a clock may be early or late."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 bits: nobody guesses them, so a fast hash is enough to keep them."""


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of this step (RFC 4226), with leading zeros."""
    told = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = told[-1] & 0xF
    number = int.from_bytes(told[place : place + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(seconds: float) -> int:
    """Which step it is, `seconds` after 1970 (UTC)."""
    return int(seconds // STEP_SECONDS)


def matching_step(secret: bytes, typed: str, now: int, last: int) -> int | None:
    """The step whose code was typed, now or a step before or after; None when there is none, or its code, or
    a later one, was taken before (`last`)."""
    digits = plain_code(typed)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), digits.encode(errors="replace"))
        if same and step > last:
            found = step
    return found


def plain_code(typed: str) -> str:
    """What was typed without blanks and hyphens, in capital letters."""
    return "".join(typed.split()).replace("-", "").upper()[:64]


def secret_words(secret: bytes) -> str:
    """The secret as one types it into an app: Base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def app_address(secret: bytes, issuer: str, login: str) -> str:
    """The address that a phone with such an app opens."""
    text = base64.b32encode(secret).decode().rstrip("=")
    of, who = _escaped(issuer), _escaped(login)
    return f"otpauth://totp/{of}:{who}?secret={text}&issuer={of}"


def _escaped(text: str) -> str:
    """As it stands in an address (RFC 3986)."""
    plain = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    octets = text.encode(errors="replace")
    return "".join(chr(one) if one in plain else f"%{one:02X}" for one in octets)


def recovery_words(code: bytes) -> str:
    """A recovery code as one writes it down: "ABCD-EFGH-IJKL-MNOP"."""
    text = base64.b32encode(code).decode().rstrip("=")
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def recovery_hash(account_id: str, typed: str) -> str:
    """What is kept of a recovery code."""
    return hashlib.sha256(f"{account_id} {plain_code(typed)}".encode(errors="replace")).hexdigest()
