"""The words of a put-through: its steps, what can happen, how an attempt can end.

Proven design: docs/call-states.md.
"""

from __future__ import annotations

from enum import StrEnum

from rules.vocabulary import AttemptResult


class TransferStep(StrEnum):
    """Where a put-through is. Only a bridge proves it; what was merely asked for has steps of its own."""

    TALKING = "talking"  # caller and agent, nothing else going on
    HOLDING = "holding"  # hold was asked for
    HELD = "held"  # caller hears music, agent hears nothing
    DIALING = "dialing"  # hold first: caller hears music, agent a ring tone, an employee is rung
    RINGTALK = "ringtalk"  # ring while talking: caller and agent talk on, an employee is rung
    ANSWERED = "answered"  # … and has picked up, and hears music
    FETCHING = "fetching"  # the agent is on the way to that employee
    CONSULTING = "consulting"  # agent and employee talk, caller hears music
    JOINING = "joining"  # connect was asked for
    JOINED = "joined"  # caller and employee talk
    RETURNING = "returning"  # the agent is on the way back to the caller
    ENDED = "ended"  # caller gone, or in the queue again


class TransferHappening(StrEnum):
    """Asked by the agent, told by the dial plan, proven by a bridge, or nothing at all for too long."""

    ASK_HOLD = "agent asks: hold"
    ASK_RING = "agent asks: ring, caller on hold"
    ASK_RING_TALK = "agent asks: ring while we talk"
    ASK_COLLEAGUE = "agent asks: ring a colleague, caller on hold"
    ASK_SWITCH = "agent asks: switch to the employee"
    ASK_CONNECT = "agent asks: connect"
    ASK_BACK = "agent asks: back to the caller"
    ASK_CANCEL = "agent asks: stop ringing"
    ASK_HANG_UP = "agent asks: hang up"

    PICKED_UP = "the employee picks up"
    ACCEPTED = "the employee presses 1"
    DECLINED = "the employee presses 2"
    LEG_OVER = "the employee's leg is over"
    NEXT_DUE = "nobody reached, and a deputy is left"
    AGENT_ALONE = "the agent's leg has nobody"

    CALLER_HELD = "bridge: caller hears music"
    AGENT_WITH_EMPLOYEE = "bridge: agent and employee"
    CALLER_WITH_EMPLOYEE = "bridge: caller and employee"
    CALLER_WITH_AGENT = "bridge: caller and agent"

    HANDED = "the colleague has the call"
    HOLD_ENDED = "the caller is in the queue again"
    CALLER_GONE = "the caller hangs up"
    AGENT_LEAVING = "the agent's phone has hung up"
    AGENT_GONE = "the agent hangs up"
    TIME_UP = "no news in time"
    ACTION_FAILED = "the PBX refuses, or does not answer"


Result = AttemptResult
HAND_ON = frozenset({Result.BUSY, Result.NO_ANSWER, Result.DECLINED, Result.UNREACHABLE, Result.REFUSED})
"""Results after which the deputy is tried."""


def result_of(said: str, cause: int) -> Result:
    """What Dial's word and the Q.850 cause mean, of a leg that nobody picked up (PBX.md section 4).

    603 comes as CHANUNAVAIL/21, 404 as CHANUNAVAIL/1, no contact as CHANUNAVAIL/3, 503 as CONGESTION/34, busy
    as BUSY/17; and BUSY/16 is a phone that wants us to call somebody else (302 …), which we do not do.
    """
    if said.startswith("LOOP"):  # it came round to us as a new call, which the dial plan refused
        return Result.UNREACHABLE
    if said == "BUSY" and cause == NORMAL_CLEARING:
        return Result.UNREACHABLE
    if said == "CHANUNAVAIL" and cause == 21:
        return Result.DECLINED
    return DIAL_WORDS.get(said, Result.UNREACHABLE)


NORMAL_CLEARING = 16

DIAL_WORDS = {
    "BUSY": Result.BUSY,
    "NOANSWER": Result.NO_ANSWER,
    "CANCEL": Result.CANCELLED,
    "": Result.CANCELLED,  # hung up before anything was dialled
    "NOCALL": Result.CANCELLED,  # the caller was gone
    "FORBIDDEN": Result.REFUSED,
}
