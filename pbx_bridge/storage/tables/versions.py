"""Which schema this is, and how often the data has changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Table, text

from pbx_bridge.storage.tables.columns import metadata, moment

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    moment("applied_at", now=True),
)

data_version = Table(
    "data_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("id = 1", name="data_version_one_row"),
)
