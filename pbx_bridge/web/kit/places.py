"""Where a page of a long list of calls begins, in its address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pbx_bridge.storage.calls.listed_calls import Place


def place_of(query: Mapping[str, str]) -> Place | None:
    """Where the wanted page begins; None: at the newest call, also when the address is damaged."""
    moment, _, call_id = query.get("after", "").partition("~")
    try:
        return Place(datetime.fromisoformat(moment).astimezone(UTC), call_id)
    except (ValueError, OverflowError):
        return None


def address_of(place: Place) -> str:
    """For the `after` of the next page's address."""
    return f"{place.arrived_at.isoformat()}~{place.call_id}"
