"""Structured log lines that carry no personal data, whatever somebody hands to them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "***"
# Whoever logs under one of these names means a person; the value goes, the key shows that it was there.
# A name counts as a whole or as the last word: `caller_number`, `ami.secret`.
PERSONAL_KEYS = re.compile(
    r"(?:^|[_.])(?:secret|password|token|cookie|authorization|number|numbers|phone|mobile|caller|email|mail"
    r"|address|recipient|recipients|to|cc|subject|body|name|text|concern|payload|did|rdnis)$",
    re.IGNORECASE,
)
HARMLESS_KEYS = frozenset({"logger_name", "thread_name", "event_name", "task_name", "queue_name"})
EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
# Seven digits or more, with the usual separators; times, ids with letters and short counts stay readable.
PHONE = re.compile(
    r"(?<![\w.:-])(?:\+|00?)\s?[1-9](?:[ /()-]{0,2}\d){5,}(?![\w:-])|(?<![\w.:-])\d{9,}(?![\w.:-])"
)
# They log personal data: whole actions when the link drops (panoramisk), values of SQL at debug (aiosqlite).
SILENCED = ("panoramisk", "panoramisk.manager", "panoramisk.ami_protocol", "aiosqlite")


def configure(level: str = "info", style: str = "json", stream: TextIO | None = None) -> None:
    """Send every log line, ours and the libraries', through one chain; `style` is "json" or "console"."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(style)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in SILENCED:
        logging.getLogger(name).disabled = True
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: hides personal keys and whatever looks like an address or a number elsewhere."""
    return {key: _clean(key, value) for key, value in event.items()}


def scrub(text: str) -> str:
    """The text with e-mail addresses and telephone numbers masked."""
    return PHONE.sub(HIDDEN, EMAIL.sub(HIDDEN, text))


def _clean(key: str, value: Any) -> Any:
    if key.startswith("_") or key in {"timestamp", "level"}:
        return value
    if key not in HARMLESS_KEYS and PERSONAL_KEYS.search(key) and value not in (None, "", True, False):
        return HIDDEN
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {inner: _clean(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item) for item in value]
    return value if isinstance(value, bool | int | float | None) else scrub(str(value))


def _renderer(style: str) -> Processor:
    if style == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False)
