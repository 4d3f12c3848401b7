"""What the house decides about a company: it goes live, rests, or ends.

No way back is kept by `undo`, which belongs to the company's people: they cannot take back what the house has
decided. The way back is another decision (`rules.customers.service_state.FOLLOWING`).
"""

from __future__ import annotations

from datetime import timedelta

from pbx_bridge.editing.change import Change
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers, data_version, leaving
from pbx_bridge.storage.editing import billing, service_state
from pbx_bridge.storage.erasure import protocol
from rules.customers.service_state import StateRefusal, decided, erased_from
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
    if was is ServiceState.ENDED:
        await billing.contract_goes_on(conn, change.customer_id, change.now)
    if now_is is ServiceState.ENDED:
        await billing.contract_ended(conn, change.customer_id, change.now)
        await service_state.give_numbers_back(conn, change.customer_id, change.now)
        await service_state.close_log_ins(conn, change.customer_id, editor.by)
        await data_version.touch(conn, None, change.now)  # lines are loaded again as well
    change.code = f"company_{now_is.value}"
    change.logged = True
    return True


async def erase_some(change: Change, kept: timedelta) -> bool:
    """A part of all that is stored of a company whose time is over, whole days after the month of its end; at
    last the company itself. The protocol counts each part. False: nothing is left, or it was taken up again
    meanwhile."""
    conn, company = change.conn, change.customer_id
    now_is = await leaving.decided(conn, company)
    if now_is is None or now_is.state is not ServiceState.ENDED:
        return False
    if now_is.since is None or change.now <= erased_from(now_is.since, now_is.zone, kept):
        return False
    counts = await service_state.erase_some(conn, company)
    left = bool(counts)
    if not left:
        name = await customers.name(conn, company) or ""
        who = [change.editor.login or access_log.SERVICE]
        counts = await service_state.erase_company(conn, company)
        await access_log.write_all(conn, AccessEvent.DATA_ERASED, who, change.now, detail=f"{name} · company")
    await protocol.add_round(conn, counts, change.now)
    return left
