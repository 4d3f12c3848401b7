"""Calendars: from elsewhere for each employee, and out under a secret address."""

from __future__ import annotations

from collections.abc import Callable

from pbx_bridge.editing.calendar_address import normalised
from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.customers.calendars import Source, sources_of
from pbx_bridge.storage.editing import calendars
from pbx_bridge.storage.undo.undo import Reach
from rules.fault import Fault


async def save(change: Change, employee_id: str, values: Callable[[Source | None], W]) -> bool | Rejected[W]:
    """Another address `url` for the employee, an empty one: none. True: the same again, to be read now.

    Raises NotFoundError.
    """
    whose = await change.employee(employee_id)
    source = next(iter(await sources_of(change.conn, change.customer_id, [whose.id])), None)
    wanted = values(source)
    url = wanted.values["url"].strip()
    if url and normalised(url, allow_loopback=True) is None:
        return Rejected(wanted, (Fault("url", "calendar_address"),))
    if not wanted.ready:
        return Rejected(wanted)
    if source and url == source.url:
        await calendars.read_again(change.conn, source.id)
        change.code = "calendar_again"
        return True
    await change.record(OwnChangeCode.CALENDAR_SAVED, Reach(employees=[whose.id]))
    await calendars.set_source(change.conn, whose.id, url)
    return False


async def open_feed(change: Change, employee_id: str | None, token_hash: str) -> None:
    """Appointments can be read under a new secret; the one before ends. `employee_id` None: of all.

    Raises NotFoundError. This is not undone: a new address is made instead.
    """
    whose = (await change.employee(employee_id)).id if employee_id else None
    await calendars.open_feed(change.conn, change.customer_id, whose, token_hash, change.now)


async def close_feed(change: Change, employee_id: str | None) -> None:
    """The address leads nowhere from now on. Raises NotFoundError."""
    whose = (await change.employee(employee_id)).id if employee_id else None
    await calendars.close_feed(change.conn, change.customer_id, whose)
    change.code = "calendar_closed"
