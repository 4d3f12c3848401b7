"""Corrections of a company's statements: one line more, and never another one in its place."""

from __future__ import annotations

from datetime import date

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import billing
from rules.billing.statement import Adjustment
from rules.billing.typed_adjustment import read_adjustment


async def add(change: Change, wanted: W, today: date) -> Adjustment | Rejected[W]:
    """`today`: on the company's clock. Raises NotFoundError.

    No way back is kept: what was wrong is taken back by another correction, and both are to be read.
    """
    await change.check_company()
    adjustment = read_adjustment(wanted.values, new_id(), today)
    if isinstance(adjustment, tuple) or not wanted.ready:
        return Rejected(wanted, adjustment if isinstance(adjustment, tuple) else ())
    await billing.add_adjustment(change.conn, change.customer_id, adjustment, change.editor.login, change.now)
    change.code = "adjustment_added"
    return adjustment
