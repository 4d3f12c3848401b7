"""Lines of a company: one more, that is new, free or, as somebody says, shared or another company's until
now; and one that it has no more."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.editing import house
from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import Refused
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers, data_version, line_list, taken_names
from pbx_bridge.storage.editing import lines
from pbx_bridge.storage.undo import house_undo
from pbx_bridge.storage.undo.house_undo import HouseReach
from rules.fault import Fault
from rules.model import Customer
from rules.office.new_company import line_faults, line_of
from rules.vocabulary import ServiceState


@dataclass(frozen=True, slots=True)
class LineAssigned:
    """`number`: E.164; `step` undoes it."""

    number: str
    step: str


async def assign(change: Change, wanted: W) -> LineAssigned | Rejected[W]:
    """The line that the texts name is this company's from now on. Raises NotFoundError.

    The company's own people cannot take it back, as it may be somebody else's line then; the house can.
    """
    customer, typed, who = await change.customer(), wanted.values, change.editor
    if not typed["line"].strip():
        return Rejected(wanted, (Fault("line", "required"),))
    if customer.service is ServiceState.ENDED:
        return Rejected(wanted, (Fault("line", "company_has_ended"),))
    number = line_of(typed, customer.region)
    facts = await taken_names.facts_for(change.conn, "", number)
    faults = tuple(_of(one, customer) for one in line_faults(typed, customer.region, facts))
    if faults or not wanted.ready:
        return Rejected(wanted, faults)
    reach = HouseReach(lines=[number])
    async with house_undo.recorded(change.conn, who.account_id, "line_assigned", who.now, reach) as step:
        if not await _take(change, number, facts.line_owner, customer):
            return Rejected(wanted, (Fault("line", "line_gone"),))
        owner = facts.line_owner or ("shared" if facts.line_shared else "–")
        told = f"{number} · {owner} > {customer.name}"
        await house.note(change.conn, who, step, AccessEvent.LINE_ASSIGNED, told)
    await data_version.touch(change.conn, None, change.now)  # lines are loaded again as well
    change.code = "line_assigned"
    change.logged = True
    return LineAssigned(number, step.id)


_CLAIMED = {"line_taken": "line_in_use", "line_is_public": "line_claimed"}


def _of(fault: Fault, customer: Customer) -> Fault:
    """Where two claim it, both are named; what a company has already is no quarrel."""
    other = fault.params.get("company", "")
    if fault.code not in _CLAIMED or other == customer.name:
        return fault
    return Fault(fault.field, _CLAIMED[fault.code], {"company": other, "wanted": customer.name})


async def _take(change: Change, number: str, owner: str, customer: Customer) -> bool:
    """`owner`: the company that has it until now, which is announced as well; "": none."""
    if not owner or owner == customer.name:
        return await lines.take(change.conn, number, customer, change.now)
    had = await customers.id_of(change.conn, owner)
    if had is None or not await lines.move(change.conn, number, had, customer, change.now):
        return False
    await data_version.touch(change.conn, had, change.now)
    return True


async def free(change: Change, line_id: str) -> str | Refused:
    """The company, of which somebody has said that it has this line, has it no more: it is free, in the pool.
    Returns the step that undoes it. Raises NotFoundError. Refused: line_not_theirs."""
    customer, who = await change.customer(), change.editor
    line = await line_list.one(change.conn, line_id)
    if line is None or line.customer_id != customer.id:
        return Refused("line_not_theirs")
    reach = HouseReach(lines=[line.number])
    async with house_undo.recorded(change.conn, who.account_id, "line_freed", who.now, reach) as step:
        await lines.free(change.conn, line_id, customer.id, change.now)
        told = f"{line.number} · {customer.name} > –"
        await house.note(change.conn, who, step, AccessEvent.LINE_ASSIGNED, told)
    await data_version.touch(change.conn, None, change.now)  # lines are loaded again as well
    change.code, change.logged = "line_freed", True
    return step.id
