"""Agents who answer together, and the queues of the PBX in which callers wait for them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from pbx_bridge.storage.tables.columns import key, metadata, moment, of, words

team = Table("team", metadata, key(), words("name", default=None, unique=True))

team_member = Table(
    "team_member",
    metadata,
    of("team_id", "team", primary_key=True),
    of("agent_id", "agent", primary_key=True),
    Index("team_member_agent", "agent_id"),
)

team_queue = Table(
    "team_queue",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("answers", default=None, unique=True),
    moment("unused_since", optional=True),
)
