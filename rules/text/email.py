"""What we take for an e-mail address: refuses typing errors and anything that could break a header."""

from __future__ import annotations

import re

import email_validator

LONGEST = 254
SPECIAL_USE = [name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name != "local"]
"""Domains that no mail reaches; behind `.local` many a company has its own mail server."""
email_validator.SPECIAL_USE_DOMAIN_NAMES = SPECIAL_USE  # the way the library has for it
_BETWEEN = re.compile(r"[\s,;]+")
_IN_ANGLES = re.compile(r"<([^<>]{1,260})>")
_NAMED = re.compile(r"[^<>;\n]{0,200}<([^<>]{1,260})>")
_MAILTO = "mailto:"


def is_email(text: str) -> bool:
    """One address, ASCII before the @, with a domain of at least two parts, in which umlauts are fine."""
    if len(text) > LONGEST:
        return False
    try:
        email_validator.validate_email(text, allow_smtputf8=False, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True


def bare_email(text: str) -> str:
    """The address of "Anna Keller <anna@example.org>" and "mailto:anna@example.org", as mail programs copy
    it; other texts as they are, without blanks around them."""
    named = _NAMED.fullmatch(text.strip()) if len(text) <= 2 * LONGEST else None
    address = (named[1] if named else text).strip()
    return address[len(_MAILTO) :].strip() if address[: len(_MAILTO)].lower() == _MAILTO else address


def split_emails(text: str) -> tuple[str, ...]:
    """Addresses as people list them, with commas, semicolons, blanks, line breaks or the ":::" of an export,
    and with names before them or without; each once, in small letters or big ones."""
    parts: list[str] = []
    for piece in re.split(r"[;\n]|:::", text):
        named = _IN_ANGLES.findall(piece)
        # "Meier, Jens <jens@…>, anna@…": beside addresses in angles only what is plainly one counts.
        beside = _BETWEEN.split(_IN_ANGLES.sub(" ", piece))
        parts += [bare_email(one) for one in named]
        parts += [bare_email(one) for one in beside if one and (not named or "@" in one)]
    once: dict[str, str] = {}
    for part in filter(None, parts):
        once.setdefault(part.casefold(), part)
    return tuple(once.values())
