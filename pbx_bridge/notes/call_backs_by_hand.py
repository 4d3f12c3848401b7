"""What a person of the office decides about a promised call back. The access log has who did, and of which
call; what they said stays with the wish, and goes with the call."""

from __future__ import annotations

import structlog

from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.calls import call_back_list, call_backs
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.fault import Fault
from rules.office.typed_reason import read_reason

log = structlog.get_logger(__name__)


async def settle(conn: AsyncConnection, wish_id: str, typed: str, by: By) -> bool | Fault:
    """Nobody rings the caller any more; `typed` says why. False: it is done already, or the caller is just
    being rung."""
    reason = read_reason(typed, "call_back_reason")
    if isinstance(reason, Fault):
        return reason
    done = await call_backs.settle(conn, wish_id, reason, by.now)
    return done and await _note(conn, wish_id, AccessEvent.CALL_BACK_SETTLED, by)


async def reopen(conn: AsyncConnection, wish_id: str, by: By) -> bool:
    """They are rung after all, from the first try on. False: nobody had settled it, the week is over, or the
    caller has asked again and waits already."""
    done = await call_backs.reopen(conn, wish_id, by.now)
    return done and await _note(conn, wish_id, AccessEvent.CALL_BACK_REOPENED, by)


async def _note(conn: AsyncConnection, wish_id: str, event: AccessEvent, by: By) -> bool:
    found = await call_back_list.one(conn, wish_id)
    detail = " · ".join(filter(None, (found.company, found.call_id))) if found else ""
    await access_log.write_all(conn, event, [by.login], by.now, by.where, detail=detail)
    log.info("call_back_by_hand", call=found.call_id if found else "", done=event.value)
    return True
