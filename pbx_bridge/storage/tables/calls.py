"""Calls and whom they were put through to."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, text

from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, one_of, words

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
    Column("vip_id", Text),
    of("agent_id", "agent", lost="SET NULL", optional=True),
    moment("arrived_at"),
    moment("answered_at", optional=True),
    moment("ended_at", optional=True),
    words("outcome", default="open"),
    words("closed_reason"),
    one_of("call_outcome", "outcome", "open", "noted", "closed", "abandoned", "lost"),
    Index("call_customer", "customer_id", "arrived_at"),
    Index("call_caller", "customer_id", "caller_number"),
    Index("call_agent", "agent_id", "arrived_at"),
)
Index(
    "call_agent_open",
    call.c.agent_id,
    postgresql_where=text("outcome = 'open'"),
    sqlite_where=text("outcome = 'open'"),
)

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
    Column("result", Text),
    one_of(
        "attempt_result",
        "result",
        *("joined", "declined", "busy", "no_answer", "unreachable", "cancelled", "refused", "unknown"),
    ),
    Index("attempt_call", "call_id"),
    Index("attempt_employee", "employee_id"),
)
