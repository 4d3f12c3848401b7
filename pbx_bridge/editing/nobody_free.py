"""What happens to a company's callers when nobody is free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import HouseChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.customers import house_days
from pbx_bridge.storage.editing import nobody_free
from pbx_bridge.storage.undo.undo import Reach
from rules.calls.nobody_free import fits_in_plan
from rules.customers.nobody_free import read_policy
from rules.fault import Fault
from rules.model import Customer, NobodyFree
from rules.text.holidays import AS_THE_LAW, by_state


async def save(
    change: Change,
    values: Callable[[Customer], W],
    sounds: Collection[str],
    days: Sequence[str] = (),
    music: Collection[str] = (),
) -> NobodyFree | Rejected[W] | None:
    """As it is to be, None: as the house has it. `values`: the texts wanted, over those stored; `sounds`: the
    announcements that there are; `days`: names of those of a week; `music`: of the music. Raises
    NotFoundError."""
    stored = await change.customer()
    wanted = values(stored)
    own = by_state(await house_days.load(change.conn)).get(stored.state, AS_THE_LAW)
    policy = read_policy(wanted.values, stored.state, sounds, days, own, music)
    if isinstance(policy, NobodyFree) and not fits_in_plan(policy, stored.zone, change.now.date()):
        policy = (Fault("hours", "hours_too_many"),)
    if isinstance(policy, tuple) or not wanted.ready:
        return Rejected(wanted, policy if isinstance(policy, tuple) else ())
    if policy != stored.nobody_free:
        await change.record(HouseChangeCode.NOBODY_FREE_SAVED, Reach(nobody_free=True))
        await nobody_free.keep(change.conn, change.customer_id, policy)
    return policy
