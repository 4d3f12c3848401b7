"""Whether an agent may take this caller out of the waiting list, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.decision import Refused


class PickRefusal(StrEnum):
    """Why not; words are in the desk's catalogue."""

    CALL_OVER = "call_over"
    NOT_WAITING = "not_waiting"
    PICKED_ALREADY = "picked_already"
    RINGS_ALREADY = "rings_already"
    SIGNED_OUT = "pick_signed_out"
    IN_CALL = "pick_in_call"
    PAUSED = "pick_paused"
    NO_PHONE = "pick_no_phone"
    ONE_AT_A_TIME = "pick_one_at_a_time"


@dataclass(frozen=True, slots=True)
class Picker:
    """The agent. `pauses`: by wish; who only writes the last note does not. `fetching`: another caller is on
    the way to them already."""

    signed_in: bool
    reachable: bool = True
    in_call: bool = False
    pauses: bool = False
    fetching: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """The caller. `picked_by`: who picked them already. `rings_only_here`: at the agent's phone and nowhere
    else."""

    live: bool
    waits: bool
    picked_by: str = ""
    rings_only_here: bool = False


def pick(picker: Picker, caller: Waits) -> Refused | None:
    """None: the agent's phone is the next to ring for this caller, and the only one."""
    if not caller.live:
        return Refused(PickRefusal.CALL_OVER)
    if caller.picked_by:
        return Refused(PickRefusal.PICKED_ALREADY, {"agent": caller.picked_by})
    reasons = (
        (not caller.waits, PickRefusal.NOT_WAITING),
        (not picker.signed_in, PickRefusal.SIGNED_OUT),
        (picker.in_call, PickRefusal.IN_CALL),
        (picker.fetching, PickRefusal.ONE_AT_A_TIME),
        (picker.pauses, PickRefusal.PAUSED),
        (not picker.reachable, PickRefusal.NO_PHONE),
        (caller.rings_only_here, PickRefusal.RINGS_ALREADY),
    )
    return next((Refused(reason) for holds, reason in reasons if holds), None)
