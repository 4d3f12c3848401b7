"""Whether a company is under § 203 StGB: decided by the house, and undone by nobody else.

The company's own people cannot take it back among their last changes: who may be offered its calls, and what
messages may say, is what the house answers for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pbx_bridge.editing import house
from pbx_bridge.editing.change import Change
from pbx_bridge.editing.teams import queue_faults
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.editing import company
from pbx_bridge.storage.undo import house_undo
from pbx_bridge.storage.undo.house_undo import HouseReach

YES = "yes"


@dataclass(frozen=True, slots=True)
class ConfidentialitySaved:
    """`step` undoes it; "": it was so already."""

    confidential: bool
    step: str


async def save(
    change: Change, values: Callable[[Mapping[str, str]], W]
) -> ConfidentialitySaved | Rejected[W]:
    """From the next call on. `values`: the text wanted ("yes" or ""), over what is stored.

    Who would need one queue of the PBX too many is refused with `queues_full`.
    """
    customer = await change.customer()
    wanted = values({"confidential": YES if customer.confidential else ""})
    confidential = wanted.values["confidential"] == YES
    if confidential == customer.confidential and wanted.ready:
        return ConfidentialitySaved(confidential, "")
    faults = await queue_faults(change, "confidential", customer.answering, bound=confidential)
    if faults or not wanted.ready:
        return Rejected(wanted, faults)
    event = AccessEvent.CONFIDENTIAL if confidential else AccessEvent.NOT_CONFIDENTIAL
    who, reach = change.editor, HouseReach(confidential=[customer.id])
    async with house_undo.recorded(change.conn, who.account_id, event.value, change.now, reach) as step:
        await company.set_confidential(change.conn, customer.id, confidential=confidential)
        await house.note(change.conn, who, step, event, customer.name)
    change.code, change.logged = f"company_{event.value}", True
    return ConfidentialitySaved(confidential, step.id)
