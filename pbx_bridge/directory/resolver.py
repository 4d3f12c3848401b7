"""Whose call is it and who is calling: the rules of `rules.calls.identify`, asked of the index."""

from __future__ import annotations

from pbx_bridge.calls.events import CallArrived
from pbx_bridge.calls.registry import Resolved
from pbx_bridge.directory.index import Index
from rules.calls.caller_identity import Calling, Leads, Signalled, who_calls
from rules.calls.identify import Called, identify_caller, identify_customer
from rules.calls.redirecting import stations


class Resolver:
    """`region`: two letters, for numbers dialled on lines that nobody knows. `leads`: which header counts."""

    def __init__(self, index: Index, region: str = "DE", leads: Leads = Leads.ASSERTED) -> None:
        self._index, self._region, self._leads = index, region, leads

    def __call__(self, event: CallArrived) -> Resolved:
        """Never fails: without data the call is unassigned and the caller just a number."""
        index = self._index
        called = identify_customer(
            event.dialled, event.diversion, event.history_info, index.line, index.customer_of, self._region
        )
        region = called.line.region if called.line else self._region
        found = self._calling(event, called, region)
        vips = index.vips(called.customer_id).find
        caller = identify_caller(found.raw, found.name, found.withheld, region, vips, found.number)
        return Resolved(called, caller)

    def _calling(self, event: CallArrived, called: Called, region: str) -> Calling:
        index = self._index
        forwarded = stations(event.diversion, event.history_info, event.dialled, region)

        def ours(number: str) -> bool:
            known = number in forwarded or number == called.dialled
            return known or index.line(number) is not None or index.customer_of(number) is not None

        said = Signalled(
            event.caller,
            event.caller_name,
            event.withheld,
            event.sender,
            event.asserted,
            event.remote_party,
            event.privacy,
        )
        return who_calls(said, event.dialled, ours, region, self._leads)
