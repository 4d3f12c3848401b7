"""Callers whom a company turns away: blocked by itself or by the agent who spoke with them, and released."""

from __future__ import annotations

from collections.abc import Mapping

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.customers import lines
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import blocked_callers
from pbx_bridge.storage.undo.undo import Reach
from pbx_bridge.time_slices import finished
from rules.calls import blocking
from rules.calls.vip import table_of
from rules.decision import Refused
from rules.fault import Fault
from rules.model import BlockedCaller, BlockReason


async def add(change: Change, wanted: W) -> BlockedCaller | Rejected[W]:
    """Turned away from now on: `number`, `reason` and `remark` as typed."""
    caller = await _read(change, wanted.values)
    if isinstance(caller, tuple):
        return Rejected(wanted, caller)
    await change.record(OwnChangeCode.CALLER_BLOCKED, Reach(blocked=[caller.id]))
    if not await _insert(change, caller):
        return Rejected(wanted, (Fault("number", "block_twice"),))
    return caller


async def release(change: Change, block_id: str) -> None:
    """Gets through again. Raises NotFoundError."""
    number = await blocked_callers.number_of(change.conn, change.customer_id, block_id)
    if number is None:
        raise NotFoundError
    await change.record(OwnChangeCode.CALLER_RELEASED, Reach(blocked=[block_id]))
    await blocked_callers.delete(change.conn, change.customer_id, number)


async def block_number(change: Change, number: str, reason: BlockReason) -> None:
    """From the desk, whose offer the rules have allowed: not among the company's own changes, as the agent
    takes it back with the same key."""
    if await _insert(change, BlockedCaller(new_id(), number, reason)):
        change.code = "caller_blocked"


async def release_number(change: Change, number: str) -> None:
    """The agent's way back."""
    if await blocked_callers.delete(change.conn, change.customer_id, number):
        change.code = "caller_released"


async def _insert(change: Change, caller: BlockedCaller) -> bool:
    who = change.editor.account_id
    return await blocked_callers.insert(change.conn, change.customer_id, caller, who, change.now)


async def _read(change: Change, values: Mapping[str, str]) -> BlockedCaller | tuple[Fault, ...]:
    """Whom to block, or what is wrong."""
    customer = await change.customer()
    caller = blocking.read(values, customer.region, block_id=new_id())
    if isinstance(caller, tuple):
        return caller
    find = (await finished(table_of(customer.vip_callers))).find
    ours = await lines.among(change.conn, [caller.number])
    decision = blocking.may_block(caller.number, customer, find, ours)
    if isinstance(decision, Refused):
        return (Fault("number", decision.code, decision.params),)
    return caller
