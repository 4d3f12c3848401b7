"""Days that the house counts as holidays, or does not: for all companies of a state, or of all states.

They belong to no company, so this writes in a transaction of its own; every company whose hours they may
change is announced, so that desks and the PBX know it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.customers import data_version, house_days, long_hours
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.time_slices import gently
from rules.calls.nobody_free import fits_in_plan
from rules.fault import Fault
from rules.model import NobodyFree
from rules.office.typed_holidays import in_words, read_house_day
from rules.text.holidays import HouseDay, HouseDays, by_state
from rules.text.working_hours import counting

NAMED = 3
"""Companies that are told by their names."""


async def add(conn: AsyncConnection, wanted: W, by: By) -> HouseDay | Rejected[W]:
    """One more. Refused where the PBX could not be told the hours of a company together with it."""
    there = await house_days.load(conn)
    read = read_house_day(wanted.values, there)
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    if too_long := await _too_long(conn, read.state, there, (*there, read), by):
        return Rejected(wanted, (too_long,))
    await house_days.insert(conn, read)
    await _tell(conn, read, f"> {in_words(read)}", by)
    return read


async def remove(conn: AsyncConnection, texts: Mapping[str, str], by: By) -> HouseDay | Fault | None:
    """The law counts again; None: there is no such day. `texts`: its `day` (ISO) and `state`. Refused as
    above: it may be a holiday of the law that counts again."""
    there = await house_days.load(conn)
    named = {(one.day.isoformat(), one.state): one for one in there}
    found = named.get((texts["day"], texts["state"]))
    if found is None:
        return None
    left = tuple(one for one in there if one is not found)
    if too_long := await _too_long(conn, found.state, there, left, by):
        return too_long
    if not await house_days.delete(conn, found):
        return None
    await _tell(conn, found, f"{in_words(found)} >", by)
    return found


async def _too_long(
    conn: AsyncConnection, state: str, before: Iterable[HouseDay], after: Iterable[HouseDay], by: By
) -> Fault | None:
    """Companies of which the PBX takes the hours now, and would not then."""
    was, becomes, today = by_state(before), by_state(after), by.now.date()
    names = []
    async for name, zone, policy in gently(await long_hours.of_state(conn, state)):
        fit = [fits_in_plan(_on(policy, days), zone, today) for days in (was, becomes)]
        if fit == [True, False]:
            names.append(name)
    told = ", ".join((*names[:NAMED], *(("…",) if len(names) > NAMED else ())))
    return Fault("day", "house_day_hours", {"names": told}) if names else None


def _on(policy: NobodyFree, days: Mapping[str, HouseDays]) -> NobodyFree:
    """With the holidays of their state as the house counts them."""
    hours = policy.hours
    return replace(policy, hours=counting(hours, days.get(hours.state))) if hours else policy


async def _tell(conn: AsyncConnection, one: HouseDay, detail: str, by: By) -> None:
    event = AccessEvent.HOLIDAYS_CHANGED
    await access_log.write_all(conn, event, [by.login], by.now, by.where, detail=detail)
    await data_version.touch_all(conn, await house_days.whose(conn, one.state), by.now)
