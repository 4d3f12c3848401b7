"""What became of a call."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a call; schema.sql says which follows which."""

    OPEN = "open"
    NOTED = "noted"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    LOST = "lost"
    BLOCKED = "blocked"


MISSED = frozenset({Outcome.ABANDONED, Outcome.LOST})
"""What an answered call never is, whatever became of it afterwards."""
