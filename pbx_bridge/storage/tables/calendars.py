"""Appointments that go out to other calendars, and those that come in from them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, words

FAILING = text("result NOT IN ('ok', 'waiting')")

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    of("customer_id", "customer"),
    of("employee_id", "employee", optional=True),
    moment("created_at"),
    Index("calendar_feed_customer", "customer_id"),
)

calendar_source = Table(
    "calendar_source",
    metadata,
    key(),
    of("employee_id", "employee", unique=True),
    words("url", default=None),
    words("result", default="waiting"),
    Column("events", Integer, nullable=False, server_default=text("0")),
    moment("checked_at", optional=True),
    moment("succeeded_at", optional=True),
    words("left_out"),
    Index("calendar_source_failing", "succeeded_at", sqlite_where=FAILING, postgresql_where=FAILING),
)

calendar_event = Table(
    "calendar_event",
    metadata,
    key(),
    of("source_id", "calendar_source"),
    words("text", default=None),
    words("start_local", default=None),
    Column("start_fold", Integer, nullable=False, server_default=text("0")),
    words("end_local", default=None),
    Column("end_fold", Integer, nullable=False, server_default=text("0")),
    flag("all_day"),
    CheckConstraint("start_fold IN (0, 1)", name="calendar_event_start_fold"),
    CheckConstraint("end_fold IN (0, 1)", name="calendar_event_end_fold"),
    Index("calendar_event_source", "source_id"),
    Index("calendar_event_end", "end_local"),
)
