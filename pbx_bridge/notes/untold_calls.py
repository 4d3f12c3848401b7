"""The call of a voice message of which the PBX tells no more, made of what the files of the message say: it
remembers calls for a day, and this service may have been away for longer."""

from __future__ import annotations

from pbx_bridge.calls.ids import CallNames
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.db.engine import Database
from rules.calls.identify import CalledBy, identify_caller
from rules.calls.vip import VipTable
from rules.calls.voice_message import Recording, origin
from rules.text.phone_numbers import signalled
from rules.vocabulary import EndReason


async def store_call(db: Database, names: CallNames, recording: Recording, said: str) -> None:
    """`said`: what stands in its `.call`. The id is the one that the call would have had, so that it stays
    one call if the PBX tells of it after all. Raises StorageUnavailable."""
    caller, owner = origin(said)
    line = f"+{recording.line}" if recording.line else ""
    async with db.read() as conn:
        company = await lines.company_of(conn, f"+{owner}") if owner else None
        company = company or await lines.company_of(conn, line)
        known = await lines.among(conn, [line])
        customer = await customers.load_customer(conn, company) if company else None
    region = customer.region if customer else "DE"
    found = VipTable(customer.vip_callers if customer else ()).find
    who = identify_caller(caller, "", False, region, found, signalled(caller, line, region))
    call = calls.StoredCall(
        id=names.id_of(recording.call),
        pbx=names.pbx,
        pbx_call=names.stored(recording.call),
        line_number=line,
        arrived_at=recording.at,
        customer_id=company,
        unassigned_reason="" if company else CalledBy.SHARED_UNKNOWN if known else CalledBy.LINE_UNKNOWN,
        caller_number=who.number,
        vip_id=who.vip.id if who.vip else None,
        ended_at=recording.at,
        outcome=calls.Outcome.ABANDONED,
        ended_how=EndReason.ABANDONED,
    )
    async with db.write() as conn:
        await calls.insert(conn, call)
