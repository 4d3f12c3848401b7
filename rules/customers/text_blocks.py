"""Text blocks: short texts of a company that agents put into a note, with gaps that the call fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

GAPS = ("anrufer", "nummer", "mitarbeiter")
"""What may stand in braces: the caller's name, their number, and whom the note is for."""
MISSING = "…"
LONGEST = {"name": 60, "text": 500}
MOST = 30
"""More of them nobody finds while a caller talks."""

_BRACED = re.compile(r"\{ ?(\w{1,40}) ?\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known of the call; what nobody knows yet is "…", and other braces stay."""

    def value(found: re.Match[str]) -> str:
        gap = found[1].lower()
        return (values.get(gap, "").strip() or MISSING) if gap in GAPS else found[0]

    return _BRACED.sub(value, text)


def unknown_gaps(text: str) -> Iterator[str]:
    """Words in braces that no call fills, as they were typed."""
    for found in _BRACED.finditer(text):
        if found[1].lower() not in GAPS:
            yield found[0]
