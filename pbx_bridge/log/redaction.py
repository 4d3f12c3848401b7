"""Nothing personal in a log line, and no line that is dear to clean: the work grows with the text and no
faster, and a text is cut before it is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from structlog.typing import EventDict, WrappedLogger

HIDDEN = "***"
LONGEST, LONGEST_TRACE, LONGEST_INSIDE = 2_000, 8_000, 200
"""Letters of a value, of a traceback, and of a value within a value; what is left out is counted."""
MOST_INSIDE, DEEPEST = 50, 4
# Whoever logs under one of these names means a person; the value goes, the key shows that it was there.
# A name counts as a whole or as the last word: `caller_number`, `ami.secret`.
PERSONAL_KEYS = re.compile(
    r"(?:^|[_.])(?:secret|password|token|cookie|authorization|number|numbers|phone|mobile|caller|email|mail"
    r"|address|recipient|recipients|to|cc|subject|body|name|text|concern|payload|did|rdnis)$",
    re.IGNORECASE,
)
HARMLESS_KEYS = frozenset({"logger_name", "thread_name", "event_name", "task_name", "queue_name"})
_WORD = re.compile(r"[^\s<>\"']+")
# All that could be a number or a part of one, as a whole, so that no place is looked at twice.
_RUN = re.compile(r"[+\d](?:[\s/()+-]{0,2}\d)*")
LONGEST_RUN = 64
"""No number has as many digits, signs and spaces: such a run is hidden unread."""
# Seven digits or more, with the usual separators; times, ids with letters and short counts stay readable.
PHONE = re.compile(
    r"(?<![\w.:-])(?:\+|00?)\s?[1-9](?:[ /()-]{0,2}\d){5,}(?![\w:-])|(?<![\w.:-])\d{9,}(?![\w.:-])"
)
_LONGEST_WORD = 256
_NUMBER_SIGNS = "0123456789 /()+-\n\t"


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: hides personal keys and whatever looks like an address or a number elsewhere."""
    return {key: _clean(key, value) for key, value in event.items()}


def scrub(text: str) -> str:
    """The text with e-mail addresses and telephone numbers masked."""
    if "@" in text:
        text = _WORD.sub(lambda word: HIDDEN if "@" in word[0].strip("@") else word[0], text)
    return _RUN.sub(_numbers, text)


def cut(text: str, most: int = LONGEST, *, end: int = 0) -> str:
    """At most `most` letters of it, of which the last `end`; never half an address, which nobody would know
    as one."""
    if len(text) <= most:
        return text
    begin = text[: most - end]
    whole = begin.rsplit(None, 1)
    begin = whole[0] if len(whole) > 1 and len(whole[1]) < _LONGEST_WORD else begin[:-_LONGEST_WORD]
    rest = text[len(text) - end :].split(None, 1)[-1] if end else ""
    begin, rest = begin.rstrip(_NUMBER_SIGNS), rest.lstrip(_NUMBER_SIGNS)
    return f"{begin} [… {len(text) - len(begin) - len(rest)} letters left out …] {rest}".rstrip()


def _numbers(run: re.Match[str]) -> str:
    """What of a run is a number, in its surroundings: those decide too."""
    if len(run[0]) < 7:
        return run[0]
    if len(run[0]) > LONGEST_RUN:
        return HIDDEN
    pieces, place = [], run.start()
    while found := PHONE.search(run.string, place, min(run.end() + 1, len(run.string))):
        pieces += [run.string[place : found.start()], HIDDEN]
        place = found.end()
    return "".join(pieces) + run.string[place : run.end()]


def _clean(key: str, value: Any) -> Any:
    if key.startswith("_") or key in {"timestamp", "level"}:
        return value
    if _is_personal(key) and value not in (None, "", True, False):
        return HIDDEN
    if key == "exception":
        return scrub(cut(_text(value), LONGEST_TRACE, end=LONGEST_TRACE * 3 // 4))
    return _within(value, LONGEST, DEEPEST)


def _within(value: Any, longest: int, deep: int) -> Any:
    if isinstance(value, bool | float | None) or (isinstance(value, int) and abs(value) < 1 << 63):
        return value
    if isinstance(value, Mapping) and deep:
        items = list(value.items())[:MOST_INSIDE]
        return {_key(key): _inside(str(key), item, deep) for key, item in items}
    if isinstance(value, list | tuple | set | frozenset) and deep:
        return [_inside("", item, deep) for item in list(value)[:MOST_INSIDE]]
    return scrub(cut(_text(value), longest))


def _inside(key: str, value: Any, deep: int) -> Any:
    if _is_personal(key) and value not in (None, "", True, False):
        return HIDDEN
    return _within(value, LONGEST_INSIDE, deep - 1)


def _key(key: Any) -> str:
    return scrub(cut(_text(key), LONGEST_INSIDE))


def _text(value: Any) -> str:
    """What cannot show itself, such as a number of five thousand digits, shows what it is."""
    try:
        return str(value)
    except Exception:
        return f"<{type(value).__name__}>"


def _is_personal(key: str) -> bool:
    return key not in HARMLESS_KEYS and PERSONAL_KEYS.search(key[-100:]) is not None
