"""Full stops between texts that people wrote and sentences of ours: none twice, none taken from a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_GAP_AND_STOP = re.compile(r"(\{(\w+)[^{}]*\})\.(?!\.)")


def without_stop(text: str) -> str:
    """Ready for a comma or more words: "Im Urlaub." → "Im Urlaub", but "ab dem 18.10." keeps its point."""
    bare = text.rstrip()
    before = bare[-2:-1]
    return bare[:-1] if bare.endswith(".") and before != "." and not before.isdecimal() else bare


def one_stop(sentence: str, filling: Mapping[str, Any]) -> str:
    """The sentence with its gaps, without a stop behind a gap whose text brings one ("bis Di 01.12.")."""

    def closed(match: re.Match[str]) -> str:
        return match[1] if str(filling.get(match[2], "")).endswith((".", "?", "…")) else match[0]

    return _GAP_AND_STOP.sub(closed, sentence) if "}." in sentence else sentence
