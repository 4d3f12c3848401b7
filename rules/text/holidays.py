"""The public holidays of the sixteen German states."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

# By its own name: what `holidays.country_holidays` loads when it is first asked takes a tenth of a second,
# which would be in the middle of a call.
from holidays.countries.germany import Germany

STATES = (
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
)  # fmt: skip
"""ISO 3166-2:DE without the country. Holidays of single towns (15 August in Bavaria) are not among theirs."""


@lru_cache(maxsize=256)
def holidays(year: int, state: str) -> frozenset[date]:
    """The holidays of a year by the laws as they stand; none for an empty `state`."""
    return frozenset(Germany(subdiv=state, years=year)) if state else frozenset()
