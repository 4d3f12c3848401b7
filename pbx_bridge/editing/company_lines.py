"""Lines of a company: one more, that is new, nobody's, or, as somebody says, another company's until now."""

from __future__ import annotations

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import data_version, taken_names
from pbx_bridge.storage.editing import company
from rules.customers.new_company import line_faults, line_of
from rules.fault import Fault
from rules.model import Customer
from rules.vocabulary import ServiceState


async def assign(change: Change, wanted: W) -> str | Rejected[W]:
    """The line that the texts name is this company's from now on; returns it in E.164. Raises NotFoundError.

    No way back is kept: undoing is for what a company says of itself.
    """
    customer, typed = await change.customer(), wanted.values
    if not typed["line"].strip():
        return Rejected(wanted, (Fault("line", "required"),))
    if customer.service is ServiceState.ENDED:
        return Rejected(wanted, (Fault("line", "company_has_ended"),))
    number = line_of(typed, customer.region)
    facts = await taken_names.facts_for(change.conn, "", number)
    faults = tuple(line_faults(typed, customer.region, facts))
    if faults or not wanted.ready:
        return Rejected(wanted, faults)
    if not await _take(change, number, facts.line_owner, customer):
        return Rejected(wanted, (Fault("line", "line_gone"),))
    await data_version.touch(change.conn, None, change.now)  # lines are loaded again as well
    editor, owner = change.editor, facts.line_owner or "–"
    told = f"{number} · {owner} > {customer.name}"
    await access_log.write_all(
        change.conn, AccessEvent.LINE_ASSIGNED, [editor.login], change.now, editor.where, detail=told
    )
    change.code = "line_assigned"
    change.logged = True
    return number


async def _take(change: Change, number: str, owner: str, customer: Customer) -> bool:
    """`owner`: the company that has it until now, which is announced as well; "": none."""
    if not owner or owner == customer.name:
        return await company.take_line(change.conn, number, customer)
    had = await company.move_line(change.conn, number, owner, customer)
    if had:
        await data_version.touch(change.conn, had, change.now)
    return bool(had)
