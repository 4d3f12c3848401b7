"""What we take for an e-mail address: refuses typing errors and anything that could break a header."""

from __future__ import annotations

import re

LONGEST = 254
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[^\W_](?:[^\W_]|-){0,61}[^\W_]|[^\W_]"
_ADDRESS = re.compile(rf"{_LOCAL}@(?:(?:{_LABEL})\.)+(?:{_LABEL})")
_BETWEEN = re.compile(r"[\s,;]+")


def is_email(text: str) -> bool:
    """One address with a domain of at least two parts; umlauts in the domain are fine."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def split_emails(text: str) -> tuple[str, ...]:
    """Addresses as people list them, with commas, semicolons, blanks or line breaks; each once."""
    return tuple(dict.fromkeys(part for part in _BETWEEN.split(text) if part))
