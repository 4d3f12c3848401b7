"""What the house decides about a company: it goes live, rests, or ends.

No way back is kept by `undo`, which belongs to the company's people: they cannot take back what the house has
decided. The way back is another decision (`rules.customers.service_state.FOLLOWING`).
"""

from __future__ import annotations

from datetime import datetime

from pbx_bridge.editing.change import Change
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import data_version, leaving
from pbx_bridge.storage.editing import service_state
from rules.customers.service_state import StateRefusal, decided
from rules.decision import Refused
from rules.vocabulary import ServiceState


async def decide(change: Change, seen: str, wanted: str) -> ServiceState | Refused:
    """What it is from now on: ENDING instead of ENDED while a call goes on, which `finish_end` ends. Raises
    NotFoundError. Refused: `StateRefusal`."""
    now_is = await leaving.decided(change.conn, change.customer_id)
    if now_is is None:
        raise NotFoundError
    calls = await leaving.live_calls(change.conn, change.customer_id) if wanted == ServiceState.ENDED else 0
    became = decided(now_is.state, seen, wanted, calls)
    if isinstance(became, Refused):
        return became
    if not await _set(change, now_is.state, became):
        return Refused(StateRefusal.MEANWHILE)
    return became


async def finish_end(change: Change) -> bool:
    """What was to end does so once its last call is over; False: not yet, or decided otherwise."""
    now_is = await leaving.decided(change.conn, change.customer_id)
    if now_is is None or now_is.state is not ServiceState.ENDING:
        return False
    if await leaving.live_calls(change.conn, change.customer_id):
        return False
    return await _set(change, ServiceState.ENDING, ServiceState.ENDED)


async def _set(change: Change, was: ServiceState, now_is: ServiceState) -> bool:
    conn, editor = change.conn, change.editor
    if not await service_state.set_state(conn, change.customer_id, was, now_is, change.now):
        return False
    name = (await change.customer()).name
    told = f"{name} · {was.value} > {now_is.value}"
    who = [editor.login or access_log.SERVICE]
    await access_log.write_all(conn, AccessEvent.COMPANY_STATE, who, change.now, editor.where, detail=told)
    if now_is is ServiceState.ENDED:
        await service_state.give_numbers_back(conn, change.customer_id)
        await service_state.close_log_ins(conn, change.customer_id, editor.by)
        await data_version.touch(conn, None, change.now)  # lines are loaded again as well
    change.code = f"company_{now_is.value}"
    return True


async def erase_some(change: Change, limit: datetime) -> bool:
    """A part of all that is stored of a company that ended before `limit`; at last the company itself. False:
    nothing is left, or it was taken up again meanwhile."""
    now_is = await leaving.decided(change.conn, change.customer_id)
    if now_is is None or now_is.state is not ServiceState.ENDED:
        return False
    if now_is.since is None or now_is.since >= limit:
        return False
    return await service_state.erase_some(change.conn, change.customer_id)
