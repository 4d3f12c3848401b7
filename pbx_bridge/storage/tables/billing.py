"""What is paid for: prices, what was used, corrections."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import key, metadata, moment, of, one_of, words
from rules.billing.allowance import AllowanceKind
from rules.billing.terms import STEPS, CallTime


class UsageRowKind(StrEnum):
    """The kinds of `UsageKind`, and wrap-ups, which count with their call."""

    CALL = "call"
    WRAP_UP = "wrap_up"
    SMS = "sms"
    VOICE_MESSAGE = "voice_message"


def _micros(name: str, default: int = 0) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=text(str(default)))


def _count(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


tariff_terms = Table(
    "tariff_terms",
    metadata,
    of("tariff_id", "tariff", primary_key=True),
    Column("first_day", PlainText, primary_key=True),
    _micros("base_micros"),
    _micros("minimum_micros"),
    _count("included_calls"),
    _count("included_seconds"),
    _micros("call_micros"),
    _count("billed_from"),
    _micros("minute_micros"),
    _count("step", 60),
    words("counted", default=CallTime.TALK.value),
    _micros("put_through_minute_micros"),
    _micros("sms_micros", 100_000),
    _micros("voice_message_micros"),
    CheckConstraint(f"step IN ({', '.join(map(str, STEPS))})", name="tariff_terms_step"),
)

former_tariff = Table(
    "former_tariff",
    metadata,
    of("customer_id", "customer", primary_key=True),
    Column("last_day", PlainText, primary_key=True),
    of("tariff_id", "tariff", lost=None),
    Index("former_tariff_tariff", "tariff_id"),
)

coming_tariff = Table(
    "coming_tariff",
    metadata,
    of("customer_id", "customer", primary_key=True),
    words("first_day", default=None),
    of("tariff_id", "tariff", lost=None),
    Index("coming_tariff_tariff", "tariff_id"),
    Index("coming_tariff_day", "first_day"),
)

contract_gap = Table(
    "contract_gap",
    metadata,
    key(),
    of("customer_id", "customer"),
    moment("since", optional=True),
    moment("until", optional=True),
    Index("contract_gap_customer", "customer_id"),
)

usage = Table(
    "usage",
    metadata,
    key(),
    of("customer_id", "customer"),
    moment("at"),
    words("kind", default=None),
    Column("call_id", PlainText),
    *(_count(kind.value) for kind in CallTime),
    _count("parts", 1),
    one_of("usage_kind", "kind", UsageRowKind),
    Index("usage_customer", "customer_id", "at"),
    Index("usage_call", "call_id"),
    Index("usage_day", "at"),
)

allowance = Table(
    "allowance",
    metadata,
    of("customer_id", "customer", primary_key=True),
    words("month"),
    *(_count(f"{kind}_{what}") for kind in AllowanceKind for what in ("used", "included")),
    _count("percent"),
    _count("marks", 1),
    moment("reckoned_at"),
    Index("allowance_percent", "month", "percent"),
    Index(
        "allowance_marked",
        "reckoned_at",
        sqlite_where=text("marks > 0"),
        postgresql_where=text("marks > 0"),
    ),
)

adjustment = Table(
    "adjustment",
    metadata,
    key(),
    of("customer_id", "customer"),
    words("day", default=None),
    Column("cents", BigInteger, nullable=False),
    words("text", default=None),
    words("done_by"),
    moment("at"),
    Index("adjustment_customer", "customer_id", "day"),
)
