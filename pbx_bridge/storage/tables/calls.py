"""Calls and whom they were put through to, and callers who do not get that far."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, one_of, words
from rules.billing.terms import CallTime
from rules.model import BlockReason
from rules.vocabulary import AttemptResult, CallBackEnd, CallOutcome, OfferGoneReason, WishReason

blocked_caller = Table(
    "blocked_caller",
    metadata,
    key(),
    of("customer_id", "customer"),
    words("number", default=None),
    words("reason", default=None),
    words("remark"),
    of("account_id", "account", lost="SET NULL", optional=True),
    moment("at"),
    one_of("blocked_caller_reason", "reason", BlockReason),
    UniqueConstraint("customer_id", "number", name="blocked_caller_once"),
    Index("blocked_caller_account", "account_id"),
)

call = Table(
    "call",
    metadata,
    key(),
    words("pbx_call", default=None, unique=True),
    words("line_number", default=None),
    of("customer_id", "customer", optional=True),
    words("unassigned_reason"),
    words("caller_number"),
    words("caller_name"),
    Column("vip_id", PlainText),
    of("agent_id", "agent", lost="SET NULL", optional=True),
    moment("arrived_at"),
    moment("answered_at", optional=True),
    moment("ended_at", optional=True),
    words("outcome", default="open"),
    words("closed_reason"),
    words("conversation"),
    flag("recalled"),
    words("called_by"),
    words("forwarded_from"),
    words("ended_how"),
    flag("untold"),
    words("pbx"),
    one_of("call_outcome", "outcome", CallOutcome),
    Index("call_customer", "customer_id", "arrived_at"),
    Index("call_caller", "customer_id", "caller_number", "arrived_at"),
    Index("call_agent", "agent_id", "arrived_at"),
    Index("call_number", "caller_number", "arrived_at"),
    Index("call_line", "line_number", "arrived_at"),
    Index("call_agent_customer", "agent_id", "customer_id", "answered_at"),
    Index("call_day", "arrived_at", "outcome", "answered_at", "ended_at", "customer_id"),
)
_LIVE = text("ended_at IS NULL")
Index("call_customer_live", call.c.customer_id, postgresql_where=_LIVE, sqlite_where=_LIVE)
Index(
    "call_agent_open",
    call.c.agent_id,
    postgresql_where=text("outcome = 'open'"),
    sqlite_where=text("outcome = 'open'"),
)
Index(
    "call_live",
    call.c.arrived_at,
    postgresql_where=text("ended_at IS NULL"),
    sqlite_where=text("ended_at IS NULL"),
)

_OPEN, _UNTOLD = text("outcome = 'open'"), text("untold")
Index(
    "call_open",
    call.c.arrived_at,
    call.c.answered_at,
    call.c.ended_at,
    call.c.outcome,
    postgresql_where=_OPEN,
    sqlite_where=_OPEN,
)
Index("call_untold", call.c.arrived_at, postgresql_where=_UNTOLD, sqlite_where=_UNTOLD)

attempt = Table(
    "attempt",
    metadata,
    key(),
    of("call_id", "call"),
    of("employee_id", "employee", lost="SET NULL", optional=True),
    flag("as_deputy"),
    moment("started_at"),
    moment("answered_at", optional=True),
    moment("ended_at", optional=True),
    Column("result", PlainText),
    of("asked_id", "employee", lost="SET NULL", optional=True),
    words("number"),
    words("left_out"),
    one_of("attempt_result", "result", AttemptResult),
    Index("attempt_call", "call_id"),
    Index("attempt_employee", "employee_id"),
    Index("attempt_asked", "asked_id"),
)

call_offer = Table(
    "call_offer",
    metadata,
    key(),
    of("call_id", "call"),
    of("agent_id", "agent", lost="SET NULL", optional=True),
    moment("since"),
    moment("until"),
    words("reason", default=None),
    one_of("call_offer_reason", "reason", OfferGoneReason),
    Index("call_offer_call", "call_id"),
    Index("call_offer_agent", "agent_id"),
)

call_time = Table(
    "call_time",
    metadata,
    of("call_id", "call", primary_key=True),
    moment("since", primary_key=True),
    Column("spent_on", PlainText),
    one_of("call_time_spent_on", "spent_on", CallTime),
)

call_back = Table(
    "call_back",
    metadata,
    key(),
    words("wish", default=None, unique=True),
    of("call_id", "call"),
    moment("at"),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    words("ring_call"),
    moment("rung_at", optional=True),
    moment("done_at", optional=True),
    Column("done_how", PlainText),
    one_of("call_back_done_how", "done_how", CallBackEnd),
    Column("why", PlainText),
    one_of("call_back_why", "why", WishReason),
    words("reason"),
    Index("call_back_call", "call_id"),
    Index("call_back_at", "at"),
)
_OPEN = text("done_at IS NULL")
Index("call_back_open", call_back.c.at, postgresql_where=_OPEN, sqlite_where=_OPEN)
