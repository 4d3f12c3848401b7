"""Callers who wait for a call back though somebody might have rung them by now."""

from __future__ import annotations

from datetime import datetime

from pbx_bridge.admin.services import Office
from pbx_bridge.storage.calls import call_backs
from pbx_bridge.telephony.astdb.desired_nobody_free import of_the_house
from pbx_bridge.time_slices import gently
from rules.calls.call_backs import CallBackFacts, due_since
from rules.calls.nobody_free import holds_for
from rules.customers.service_state import turns_callers_away
from rules.office.needs import CALL_BACK_AFTER, NAMED, Concern, Sighting


async def overdue(office: Office, now: datetime) -> Sighting:
    """How many, since when, and of which companies. Whoever waits for the morning is not among them, nor is
    anybody whose company has its calls turned away."""
    house = office.settings.nobody_free
    policy = of_the_house(house.policy, office.memory.house_days)
    async with office.db.read() as conn:
        waiting = await call_backs.waiting(conn)
    late: list[tuple[datetime, str]] = []
    async for one in gently(waiting):
        customer = office.memory.customer(one.customer_id)
        if customer and turns_callers_away(customer.service):
            continue
        facts = CallBackFacts(one.at, one.tries, one.rung_at)
        since = due_since(facts, *holds_for(customer, policy, house.zone))
        if since is not None and now - since >= CALL_BACK_AFTER:
            late.append((since, customer.name if customer else ""))
    moments = [since for since, _ in late]
    names = tuple(dict.fromkeys(name for _, name in sorted(late) if name))[:NAMED]
    oldest, newest = min(moments, default=None), max(moments, default=None)
    return Sighting(Concern.CALL_BACK, len(late), oldest, newest, names)
