"""What changes replaced, for a day; and files on their way in."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from pbx_bridge.storage.db.packed import JsonText
from pbx_bridge.storage.tables.columns import flag, key, metadata, moment, of, one_of, words
from rules.vocabulary import ImportKind

undo_step = Table(
    "undo_step",
    metadata,
    key(),
    of("customer_id", "customer"),
    of("account_id", "account", lost="SET NULL", optional=True),
    words("deed", default=None),
    moment("at"),
    Column("diff", JsonText(), nullable=False),
    flag("undone"),
    Index("undo_step_customer", "customer_id", "at"),
)

undo_part = Table(
    "undo_part",
    metadata,
    of("step_id", "undo_step", primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("diff", JsonText(), nullable=False),
)

house_step = Table(
    "house_step",
    metadata,
    key(),
    of("account_id", "account", lost="SET NULL", optional=True),
    words("deed", default=None),
    words("told"),
    moment("at"),
    Column("diff", JsonText(), nullable=False),
    flag("undone"),
    Index("house_step_account", "account_id"),
    Index("house_step_at", "at"),
)

import_job = Table(
    "import_job",
    metadata,
    key(),
    of("account_id", "account"),
    of("customer_id", "customer"),
    words("kind", default=None),
    words("content", default=None),
    moment("at"),
    moment("applied_at", optional=True),
    one_of("import_job_kind", "kind", ImportKind),
    UniqueConstraint("account_id", "kind", name="import_job_once"),
    Index("import_job_customer", "customer_id"),
)
