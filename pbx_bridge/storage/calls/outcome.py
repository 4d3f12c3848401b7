"""What became of a call."""

from __future__ import annotations

from rules.vocabulary import CallOutcome

Outcome = CallOutcome

MISSED = frozenset({Outcome.ABANDONED, Outcome.LOST})
"""What an answered call never is, whatever became of it afterwards."""
