"""VIP callers of a company and of its employees: new, changed, gone; one by one or as a whole list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import vip_callers
from pbx_bridge.storage.undo.undo import Reach
from pbx_bridge.time_slices import finished
from rules.customers.vip_entries import Clash, met, read
from rules.fault import Fault
from rules.files.csv_plan import ImportPlan
from rules.model import VipCaller


async def add(change: Change, wanted: W) -> VipCaller | Rejected[W]:
    """A new entry."""
    added = await _read(change, wanted.values, new_id())
    if isinstance(added, tuple) or not wanted.ready:
        return Rejected(wanted, added if isinstance(added, tuple) else ())
    await change.record(OwnChangeCode.VIP_ADDED, Reach(vips=[added.id]))
    await vip_callers.insert(change.conn, change.customer_id, [added])
    return added


async def save(change: Change, vip_id: str, values: Callable[[VipCaller], W]) -> VipCaller | Rejected[W]:
    """An entry as it is to be; `values`: the texts wanted, over those stored. Raises NotFoundError."""
    stored = await _stored(change, vip_id)
    wanted = values(stored)
    saved = await _read(change, wanted.values, stored.id)
    if isinstance(saved, tuple) or not wanted.ready:
        return Rejected(wanted, saved if isinstance(saved, tuple) else ())
    if saved != stored:
        await change.record(OwnChangeCode.VIP_SAVED, Reach(vips=[stored.id]))
        await vip_callers.update(change.conn, change.customer_id, [saved])
    return saved


async def delete(change: Change, vip_id: str) -> None:
    """It goes. Raises NotFoundError."""
    stored = await _stored(change, vip_id)
    await change.record(OwnChangeCode.VIP_DELETED, Reach(vips=[stored.id]))
    await vip_callers.delete(change.conn, change.customer_id, [stored.id])


async def take_list(change: Change, plan: ImportPlan[VipCaller], leaving: Collection[str]) -> None:
    """What a file brings, all at once; `leaving`: entries that go, as the file does not have them."""
    await change.record(OwnChangeCode.VIPS_IMPORTED, Reach(vips=None))
    conn, customer_id = change.conn, change.customer_id
    await vip_callers.delete(conn, customer_id, leaving)
    await vip_callers.update(conn, customer_id, [one.after for one in plan.changed])
    await vip_callers.insert(conn, customer_id, plan.new)


async def _stored(change: Change, vip_id: str) -> VipCaller:
    found = next((one for one in (await change.customer()).vip_callers if one.id == vip_id), None)
    if found is None:
        raise NotFoundError
    return found


async def _read(change: Change, values: Mapping[str, str], vip_id: str) -> VipCaller | tuple[Fault, ...]:
    """The entry, or its faults; the same number for the same people twice is one."""
    customer = await change.customer()
    whose = [values["employee"]] if customer.employee(values["employee"]) else []
    entry = read(values, customer.region, whose, vip_id=vip_id)
    if isinstance(entry, tuple):
        return entry
    near = await finished(met(entry, customer.vip_callers))
    twin = next((one for one in near if one.code is Clash.DUPLICATE), None)
    if twin is None:
        return entry
    other = twin.other if twin.entry == entry else twin.entry
    return (Fault("pattern", "vip_duplicate", {"name": other.name}),)
