"""How long companies keep what, and what was erased."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table, text

from pbx_bridge.storage.tables.columns import key, metadata, moment, of, one_of, words
from rules.vocabulary import ErasureKind

company_retention = Table(
    "company_retention",
    metadata,
    of("customer_id", "customer", primary_key=True),
    Column("note_days", Integer),
    Column("call_days", Integer),
    Column("outbox_days", Integer),
)

_GOES_ON = text("pending IS NOT NULL")

erasure = Table(
    "erasure",
    metadata,
    key(),
    moment("at"),
    words("kind", default=None),
    of("customer_id", "customer", lost="SET NULL", optional=True),
    words("subject_id"),
    words("done_by"),
    Column("counts", JSON, nullable=False),
    Column("pending", JSON(none_as_null=True)),
    Index("erasure_at", "at"),
    Index("erasure_pending", "at", sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
    Index("erasure_customer", "customer_id"),
    Index("erasure_subject", "subject_id"),
    one_of("erasure_kind", "kind", ErasureKind),
)
