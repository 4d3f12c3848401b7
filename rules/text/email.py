"""What we take for an e-mail address: refuses typing errors and anything that could break a header."""

from __future__ import annotations

import re

LONGEST = 254
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[^\W_](?:[^\W_]|-){0,61}[^\W_]|[^\W_]"
_ADDRESS = re.compile(rf"{_LOCAL}@(?:(?:{_LABEL})\.)+(?:{_LABEL})")
_BETWEEN = re.compile(r"[\s,;]+")
_IN_ANGLES = re.compile(r"<([^<>]{1,260})>")
_NAMED = re.compile(r"[^<>;\n]{0,200}<([^<>]{1,260})>")
_MAILTO = "mailto:"


def is_email(text: str) -> bool:
    """One address with a domain of at least two parts; umlauts in the domain are fine."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def bare_email(text: str) -> str:
    """The address of "Anna Keller <anna@example.org>" and "mailto:anna@example.org", as mail programs copy
    it; other texts as they are, without blanks around them."""
    named = _NAMED.fullmatch(text.strip()) if len(text) <= 2 * LONGEST else None
    address = (named[1] if named else text).strip()
    return address[len(_MAILTO) :].strip() if address[: len(_MAILTO)].lower() == _MAILTO else address


def split_emails(text: str) -> tuple[str, ...]:
    """Addresses as people list them, with commas, semicolons, blanks or line breaks, and with names before
    them or without; each once."""
    parts: list[str] = []
    for piece in re.split(r"[;\n]", text):
        named = _IN_ANGLES.findall(piece)
        # "Meier, Jens <jens@…>, anna@…": beside addresses in angles only what is plainly one counts.
        beside = _BETWEEN.split(_IN_ANGLES.sub(" ", piece))
        parts += [bare_email(one) for one in named]
        parts += [bare_email(one) for one in beside if one and (not named or "@" in one)]
    return tuple(dict.fromkeys(part for part in parts if part))
