"""What an agent does, as colleagues may know it, and whether another agent may ring them now.

A word for the state and nothing else: not since when, not how often (§ 87 BetrVG).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.decision import Refused


class Standing(StrEnum):
    """The words; in the desk's catalogue under `colleague.`."""

    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    UNAVAILABLE = "unavailable"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, slots=True)
class Phone:
    """Of an agent, as the queue knows it. `awaited`: rung by a colleague, or a caller whom they have picked
    is on the way. `writes`: the pause between two calls; `pauses`: one of their own."""

    signed_in: bool
    reachable: bool = True
    in_call: bool = False
    rings: bool = False
    awaited: bool = False
    writes: bool = False
    pauses: bool = False


def standing(phone: Phone) -> Standing:
    """The first that holds; only who is READY may be rung by a colleague."""
    words = (
        (not phone.signed_in, Standing.SIGNED_OUT),
        (phone.in_call, Standing.TALKING),
        (not phone.reachable, Standing.UNAVAILABLE),
        (phone.rings or phone.awaited, Standing.RINGING),
        (phone.writes, Standing.WRAP_UP),
        (phone.pauses, Standing.PAUSED),
    )
    return next((word for holds, word in words if holds), Standing.READY)


def may_ring(phone: Phone, *, themselves: bool = False) -> Refused | None:
    """None: yes. Else why not; `state` is the word for what they do."""
    if themselves:
        return Refused("colleague_yourself")
    word = standing(phone)
    return None if word is Standing.READY else Refused("colleague_not_free", {"state": word.value})
