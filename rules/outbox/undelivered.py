"""Why a message did not arrive, as people need to know it: what to mend, or that nobody can know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rules.outbox.mail_answers import About


class Why(StrEnum):
    """`ADDRESS`: look at it; `MESSAGE`: refused as such; `TOO_OLD`: waited too long; `REPORTED`: the network
    says that the phone has not got it; `UNCERTAIN`: the other side fell silent at the last moment."""

    ADDRESS = "address"
    MESSAGE = "message"
    TOO_OLD = "too_old"
    REPORTED = "reported"
    UNCERTAIN = "uncertain"


def why(state: str, about: About, detail: str) -> Why:
    """`state`: failed or uncertain; `about` and `detail`: of the last try."""
    code = detail.partition(" ")[0]
    if state == "uncertain":
        return Why.UNCERTAIN
    if code == "too_old":
        return Why.TOO_OLD
    if code.startswith("report_"):
        return Why.REPORTED
    return Why.ADDRESS if about is About.ADDRESS else Why.MESSAGE


class Meaning(StrEnum):
    """What the other side's code says, for people who know no codes. `NOTHING`: not more than `Why` does."""

    NOTHING = ""
    NO_MAILBOX = "no_mailbox"
    MAILBOX_CLOSED = "mailbox_closed"
    MAILBOX_FULL = "mailbox_full"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    NO_ROUTE = "no_route"
    LOG_IN = "log_in"
    FOR_NOW = "for_now"
    REFUSED = "refused"
    SERVER = "server"
    GATEWAY_REFUSED = "gateway_refused"
    GATEWAY_FAILED = "gateway_failed"
    UNCLEAR = "unclear"
    OURS = "ours"


_ENHANCED = re.compile(r"\b[45]\.(\d{1,3}\.\d{1,3})\b")
"""RFC 3463: class, subject, detail; more exact than the three digits in front of it."""

_BY_ENHANCED: Mapping[str, Meaning] = MappingProxyType(
    {
        "1.": Meaning.NO_MAILBOX,
        "2.1": Meaning.MAILBOX_CLOSED,
        "2.2": Meaning.MAILBOX_FULL,
        "2.3": Meaning.TOO_LARGE,
        "3.4": Meaning.TOO_LARGE,
        "4.": Meaning.NO_ROUTE,
        "7.8": Meaning.LOG_IN,
        "7.": Meaning.BLOCKED,
    }
)
_BY_CODE: Mapping[str, Meaning] = MappingProxyType(
    {
        "smtp_452": Meaning.MAILBOX_FULL,
        "smtp_4": Meaning.FOR_NOW,
        "smtp_530": Meaning.LOG_IN,
        "smtp_534": Meaning.LOG_IN,
        "smtp_535": Meaning.LOG_IN,
        "smtp_551": Meaning.NO_MAILBOX,
        "smtp_552": Meaning.MAILBOX_FULL,
        "smtp_553": Meaning.NO_MAILBOX,
        "smtp_": Meaning.REFUSED,
        "mail_answer": Meaning.UNCLEAR,
        "mail_": Meaning.SERVER,
        "http_4": Meaning.GATEWAY_REFUSED,
        "http_": Meaning.GATEWAY_FAILED,
        "answer_not_understood": Meaning.UNCLEAR,
        "transport_broke": Meaning.OURS,
        "stopped": Meaning.OURS,
        "too_old": Meaning.NOTHING,
        "report_": Meaning.NOTHING,
        "no_answer": Meaning.NOTHING,
    }
)


def meaning(detail: str) -> Meaning:
    """`detail`: of the last try, a stable code and perhaps the other side's words."""
    code, _, said = detail.partition(" ")
    found = _ENHANCED.search(said) if code.startswith("smtp_") else None
    exact = _first(_BY_ENHANCED, found[1]) if found else None
    return exact or _first(_BY_CODE, code) or Meaning.NOTHING


def _first(table: Mapping[str, Meaning], text: str) -> Meaning | None:
    """The longest beginning of `text` that the table has counts."""
    fits = [start for start in table if text.startswith(start)]
    return table[max(fits, key=len)] if fits else None
