"""Every scenario that `pbx-bridge demo --check` plays; the docstring of each is its title."""

from pbx_bridge.demo.scenarios import arrivals, blocking, hang_ups, notes, put_throughs

SCENARIOS = (
    *arrivals.SCENARIOS,
    *put_throughs.SCENARIOS,
    *hang_ups.SCENARIOS,
    *notes.SCENARIOS,
    *blocking.SCENARIOS,
)

__all__ = ["SCENARIOS"]
