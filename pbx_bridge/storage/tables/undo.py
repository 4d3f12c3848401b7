"""What changes replaced, for a day."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Table

from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, words

undo_step = Table(
    "undo_step",
    metadata,
    key(),
    of("customer_id", "customer"),
    of("account_id", "account", lost="SET NULL", optional=True),
    words("deed", default=None),
    moment("at"),
    Column("diff", JSON, nullable=False),
    flag("undone"),
    Index("undo_step_customer", "customer_id", "at"),
)
