"""The lasting word about each employee."""

from __future__ import annotations

from collections.abc import Callable

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.editing import absences
from pbx_bridge.storage.undo.undo import Reach
from rules.fields import values as fields
from rules.fields.employee import EMPLOYEE
from rules.model import Employee

INFO = tuple(one for one in EMPLOYEE if one.name == "absence_info")
LONGEST = INFO[0].longest


async def save(change: Change, employee_id: str, values: Callable[[Employee], W]) -> str | Rejected[W]:
    """The info `absence_info`, trimmed. Raises NotFoundError."""
    stored = await change.employee(employee_id)
    wanted = values(stored)
    info = wanted.values["absence_info"].strip()
    faults = tuple(fields.faults_of(INFO[0], info, fields.Around()))
    if faults or not wanted.ready:
        return Rejected(wanted, faults)
    if info != stored.absence_info:
        await change.record(OwnChangeCode.ABSENCE_SAVED, Reach(employees=[stored.id]))
        await absences.update(change.conn, change.customer_id, stored.id, info)
    return info
