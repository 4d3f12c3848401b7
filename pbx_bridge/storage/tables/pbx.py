"""Which service leads at which PBX."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, text

from pbx_bridge.storage.db.types import PlainText
from pbx_bridge.storage.tables.columns import metadata, moment, words

pbx = Table(
    "pbx",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("term", BigInteger, nullable=False, server_default=text("0")),
    words("holder"),
    moment("lease_until"),
)
