"""Whose call is it and who is calling: the rules of `rules.identify`, asked of the index."""

from __future__ import annotations

from pbx_bridge.calls.events import CallArrived
from pbx_bridge.calls.index import Index
from pbx_bridge.calls.registry import Resolved
from rules.identify import identify_caller, identify_customer


class Resolver:
    """`region`: two letters, for numbers dialled on lines that nobody knows."""

    def __init__(self, index: Index, region: str = "DE") -> None:
        self._index, self._region = index, region

    def __call__(self, event: CallArrived) -> Resolved:
        """Never fails: without data the call is unassigned and the caller just a number."""
        index = self._index
        called = identify_customer(
            event.dialled, event.diversion, event.history_info, index.line, index.customer_of, self._region
        )
        region = called.line.region if called.line else self._region
        vips = index.vips(called.customer_id).find
        return Resolved(
            called, identify_caller(event.caller, event.caller_name, event.withheld, region, vips)
        )
