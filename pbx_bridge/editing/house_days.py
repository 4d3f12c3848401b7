"""Days that the house counts as holidays, or does not: for all companies of a state, or of all states.

They belong to no company, so this writes in a transaction of its own; every company whose hours they may
change is announced, so that desks and the PBX know it at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.customers import data_version, house_days
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.office.typed_holidays import in_words, read_house_day
from rules.text.holidays import HouseDay


async def add(conn: AsyncConnection, wanted: W, by: By) -> HouseDay | Rejected[W]:
    """One more."""
    read = read_house_day(wanted.values, await house_days.load(conn))
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    await house_days.insert(conn, read)
    await _tell(conn, read, f"> {in_words(read)}", by)
    return read


async def remove(conn: AsyncConnection, texts: Mapping[str, str], by: By) -> HouseDay | None:
    """The law counts again; None: there is no such day. `texts`: its `day` (ISO) and `state`."""
    there = {(one.day.isoformat(), one.state): one for one in await house_days.load(conn)}
    found = there.get((texts["day"], texts["state"]))
    if found is None or not await house_days.delete(conn, found):
        return None
    await _tell(conn, found, f"{in_words(found)} >", by)
    return found


async def _tell(conn: AsyncConnection, one: HouseDay, detail: str, by: By) -> None:
    event = AccessEvent.HOLIDAYS_CHANGED
    await access_log.write_all(conn, event, [by.login], by.now, by.where, detail=detail)
    await data_version.touch_all(conn, await house_days.whose(conn, one.state), by.now)
