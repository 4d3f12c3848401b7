"""Whether a message is of one piece: told by the very channel that only can tell it. Pure.

Asterisk writes numbers and extensions into its messages as the network sent them. Our dial plan reduces them
before a message is made; this is the second wall, for a dial plan that is older, changed, or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pbx_bridge.ami.codec import Frame
from pbx_bridge.calls.state import attempt_of, is_attempt, is_colleague, is_rung

UNIQUEID = re.compile(r"(?:[\w.-]{1,80}-)?\d{1,12}\.\d{1,12}\Z", re.ASCII)
CHANNEL = re.compile(r"[A-Za-z0-9]{1,20}/[!-~]{1,120}\Z")
FROM_OTHERS = frozenset({"SecSeen", "SecSeenAll"})
"""Told by a channel that has nothing to do with the call."""
OF_A_PICK, PICKS = "SecPick", re.compile(r"Local/00@sec-pick-[0-9a-f]+;2\Z")
"""Told by the channel that takes a caller out of the queue, and which of ours that is."""


class Implausible(ValueError):
    """No dial plan of ours can have made this message."""


def check(name: str, frame: Frame) -> None:
    """Raises Implausible. Channels without SEC_CALL are not ours and may be as they like."""
    said = frame.get("UserEvent")
    if said in FROM_OTHERS:
        return
    if said == OF_A_PICK:
        if not UNIQUEID.match(frame.get("Call")) or not PICKS.match(frame.get("Channel")):
            raise Implausible(f"{said}: not told by the channel that can")
        return
    call, leg, channel = frame.variables.get("SEC_CALL", ""), frame.get("Uniqueid"), frame.get("Channel")
    if not call and not said.startswith("Sec"):
        return
    if not UNIQUEID.match(call) or not (UNIQUEID.match(leg) or attempt_of(leg, call)):
        raise Implausible(f"{name}: not a Uniqueid")
    if not CHANNEL.match(channel):
        raise Implausible(f"{name}: not a channel")
    if leg == call and frame.variables.get("SEC_CHAN", channel) not in {channel, ""}:
        raise Implausible(f"{name}: the caller's Uniqueid with another channel")
    if name in OF_CALLERS and leg != call:
        raise Implausible(f"{name}: not told by the caller's channel")
    if said in TELLERS and not TELLERS[said](frame, call):
        raise Implausible(f"{said}: not told by the channel that can")


def _by_caller(frame: Frame, call: str) -> bool:
    return frame.get("Call") == call == frame.get("Uniqueid")


def _by_agent(frame: Frame, call: str) -> bool:
    return frame.get("Call") == call != frame.get("Uniqueid")


def _by_employee(frame: Frame, call: str) -> bool:
    """Or by a colleague who is asked."""
    leg = frame.get("Att")
    return frame.get("Call") == call and is_rung(leg, call) and leg == frame.get("Uniqueid")


def _by_colleague(frame: Frame, call: str) -> bool:
    return _by_employee(frame, call) and is_colleague(frame.get("Att"), call)


def _by_dialling_side(frame: Frame, call: str) -> bool:
    leg = frame.get("Att")
    return frame.get("Call") == call and is_rung(leg, call) and f"{leg}b" == frame.get("Uniqueid")


def _by_phone(frame: Frame, call: str) -> bool:
    """The employee's own channel, whose Uniqueid nobody knows beforehand."""
    return _by_agent(frame, call) and is_attempt(frame.get("Att"), call)


TELLERS: Mapping[str, Callable[[Frame, str], bool]] = {
    "SecCall": _by_caller,
    "SecBlocked": _by_caller,
    "SecQueueEnd": _by_caller,
    "SecHoldEnd": _by_caller,
    "SecOver": _by_agent,
    "SecAnswer": _by_employee,
    "SecRelease": _by_employee,
    "SecTarget": _by_dialling_side,
    "SecKey": _by_phone,
    "SecOffer": _by_agent,
    "SecPicked": _by_agent,
    "SecTaken": _by_colleague,
    "SecOfferOver": _by_caller,
    "SecPickOver": _by_caller,
    "SecPickDone": _by_caller,
}
OF_CALLERS = frozenset(
    {
        "QueueCallerJoin", "QueueCallerLeave", "QueueCallerAbandon", "AgentCalled", "AgentConnect",
        "AgentComplete", "AgentRingNoAnswer",
    }
)  # fmt: skip
