"""What somebody says who settles something by hand: their words, or what is wrong with them."""

from __future__ import annotations

from rules.fault import Fault

LONGEST_REASON = 300


def read_reason(typed: str, missing: str = "reason_needed") -> str | Fault:
    """In one line; `missing`: the code of the fault where nothing was said."""
    words = " ".join(typed.split())
    if not words:
        return Fault("reason", missing)
    if len(words) > LONGEST_REASON:
        return Fault("reason", "too_long", {"length": str(len(words)), "max": str(LONGEST_REASON)})
    return words
