"""Lines of a company: one more, that is new or nobody's."""

from __future__ import annotations

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.customers import data_version, taken_names
from pbx_bridge.storage.editing import company
from rules.customers.new_company import line_faults, line_of
from rules.fault import Fault


async def assign(change: Change, wanted: W) -> str | Rejected[W]:
    """The line that the texts name is this company's from now on; returns it in E.164. Raises NotFoundError.

    No way back is kept: undoing is for what a company says of itself.
    """
    customer, typed = await change.customer(), wanted.values
    if not typed["line"].strip():
        return Rejected(wanted, (Fault("line", "required"),))
    number = line_of(typed, customer.region)
    facts = await taken_names.facts_for(change.conn, "", number)
    faults = tuple(line_faults(typed, customer.region, facts))
    if faults or not wanted.ready:
        return Rejected(wanted, faults)
    if not await company.take_line(change.conn, number, customer):
        return Rejected(wanted, (Fault("line", "line_gone"),))
    await data_version.touch(change.conn, None, change.now)  # lines are loaded again as well
    change.code = "line_assigned"
    return number
