"""What became of a call, and whether it was one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from pbx_bridge.storage import tables as t
from rules.calls.call_backs import RING_BACK
from rules.vocabulary import CallOutcome

Outcome = CallOutcome

MISSED = frozenset({Outcome.ABANDONED, Outcome.LOST})
"""What an answered call never is, whatever became of it afterwards."""


def has_come_about() -> ColumnElement[bool]:
    """Not a call by which we were to ring a caller back and that no agent took: nobody has called, and nobody
    was lost, so no figure counts it."""
    return or_(t.call.c.answered_at.is_not(None), t.call.c.pbx_call.not_like(RING_BACK))
