"""Structured log lines that carry no personal data, whatever somebody hands to them, and hold up nobody,
whoever reads them."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import TextIO

import structlog
from structlog.typing import ExcInfo, Processor

from pbx_bridge.log.limiter import Limiter
from pbx_bridge.log.redaction import HIDDEN, redact, scrub
from pbx_bridge.log.writer import Writer, note

__all__ = ["HIDDEN", "SILENCED", "configure", "redact", "scrub"]

# They log personal data: whole actions when the link drops (panoramisk), values of SQL at debug (aiosqlite).
SILENCED = ("panoramisk", "panoramisk.manager", "panoramisk.ami_protocol", "aiosqlite")

FRAMES = -30
"""The innermost ones of a traceback; an endless recursion has a thousand."""


def _traceback(exc_info: ExcInfo) -> str:
    return "".join(traceback.format_exception(*exc_info, limit=FRAMES)).rstrip()


_CHAIN: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(_traceback),
    redact,
]


def configure(level: str = "info", style: str = "json", stream: TextIO | None = None) -> None:
    """Send every log line, ours and the libraries', through one chain; `style` is "json" or "console".

    Without a `stream` they go to standard error, by a thread of their own.
    """
    limiter = Limiter()
    handler = _handler(stream, limiter)
    handler.setFormatter(_formatter(style))
    handler.addFilter(limiter.filter)
    root = logging.getLogger()
    for before in root.handlers:
        if isinstance(before, Writer):
            before.close()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in SILENCED:
        logging.getLogger(name).disabled = True
    structlog.configure(
        processors=[limiter.own, *_CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def _handler(stream: TextIO | None, limiter: Limiter) -> logging.Handler:
    """A writer with its thread, where there is a file descriptor to write to."""
    try:
        descriptor = -1 if stream else sys.stderr.fileno()
    except (OSError, ValueError):  # a test's own standard error
        descriptor = -1
    if descriptor < 0:
        return logging.StreamHandler(stream or sys.stderr)
    logging.captureWarnings(capture=True)

    def left_out() -> Iterator[logging.LogRecord]:
        for kind, count in limiter.left_out():
            yield note("log_lines_left_out", count=count, begin=kind)

    return Writer(descriptor, left_out)


def _formatter(style: str) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_CHAIN,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(style)],
    )


def _renderer(style: str) -> Processor:
    if style == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False)
