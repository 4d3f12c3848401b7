"""What an operator is told of a password that is easy to guess: English, for commands and files."""

from __future__ import annotations

from rules.decision import Refused

_WHAT = {
    "password_too_short": "is too short",
    "password_too_long": "is too long",
    "password_names_you": "is made of the login, a name or the company",
    "password_common": "is one that everybody tries first",
}
_REMEDY = {
    "password_too_short": "Take at least {least} characters",
    "password_too_long": "Take at most {most} characters",
}


def weakness_in_words(fault: Refused) -> tuple[str, str]:
    """What is wrong with a password, and the remedy."""
    remedy = _REMEDY.get(fault.code, "Take a sentence that only its owner knows")
    return _WHAT[fault.code], remedy.format_map(fault.params)
