"""Of what the operator was told."""

from __future__ import annotations

from sqlalchemy import Index, Table

from pbx_bridge.storage.tables.columns import key, metadata, moment, one_of, words
from rules.model import Channel

alarm = Table(
    "alarm",
    metadata,
    key(),
    words("cause", default=None),
    moment("since"),
    moment("first_at"),
    moment("told_at"),
    words("told_by", default=None),
    moment("gone_at", optional=True),
    moment("over_at", optional=True),
    one_of("alarm_told_by", "told_by", Channel),
    Index("alarm_first", "first_at"),
)
