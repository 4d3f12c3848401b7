"""Which of several services leads at a PBX, as far as those that stand by can see it."""

from __future__ import annotations

from dataclasses import dataclass, field

RENEWALS = 5
"""So often a lease is renewed in its time: a look that comes late, or is lost, ends none."""


@dataclass(frozen=True, slots=True)
class LeadSeen:
    """What the database says of whoever leads. `term`: grows with each take-over; `over`: the lease is, by
    the database's own clock, which said `at`, in seconds."""

    term: int
    over: bool
    at: float = field(default=0.0, compare=False)


def hangs(before: LeadSeen | None, now: LeadSeen) -> bool:
    """Whether whoever has the lock gives no sign of life: seen twice, as one who has taken it just now has
    not yet written down the own term. `before`: at the last look, None: nobody had ever led."""
    return now.over and before == now


def was_held_up(before: LeadSeen | None, now: LeadSeen, lease_seconds: float) -> bool:
    """Whether who stands by did not look itself while the lease ran out. The whole machine may have stood
    still, as one does that is moved or saved, and whoever leads wakes up only now."""
    if before is None or before.over or not now.over:
        return False
    return now.at - before.at > renewed_every(lease_seconds)


def still_leads(own: int, now: LeadSeen | None) -> bool:
    """Whether a service of this term may go on. A lease that is over ends nothing: only who takes over
    does, and while the database was away nobody could."""
    return now is not None and now.term == own


def renewed_every(lease_seconds: float) -> float:
    """Seconds between two renewals."""
    return lease_seconds / RENEWALS


def hands_off(lease_seconds: float) -> float:
    """Seconds that a standby waits when the database is back, or the machine: whoever leads comes first, and
    goes on."""
    return 2 * renewed_every(lease_seconds)
