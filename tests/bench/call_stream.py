"""Calls as Asterisk tells them: a recorded one, behind our event filter, under other names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RECORDING = Path(__file__).parents[1] / "recordings" / "asterisk22-plain-call-caller-hangs-up.ami"
CALL, LEG = b"1795424814.0", b"1795424814.1"
WANTED = (
    b"UserEvent QueueCallerJoin QueueCallerLeave QueueCallerAbandon QueueMemberStatus AgentCalled "
    b"AgentConnect AgentComplete AgentRingNoAnswer DialEnd BridgeEnter BridgeLeave Hangup"
).split()


@dataclass(frozen=True, slots=True)
class Told:
    """One call: its arrival in the queue, the moment when a phone is about to ring, and all that follows.

    Between the first two Asterisk 22 takes 2–4 ms, and half a second after the very first event.
    """

    arrived: bytes
    called: bytes
    afterwards: bytes


def template() -> Told:
    """The recorded call, without what the filter of manager.conf holds back."""
    messages = [m for m in RECORDING.read_bytes().split(b"\r\n\r\n") if _name(m) in WANTED]
    at = next(n for n, m in enumerate(messages) if _name(m) == b"AgentCalled")
    return Told(_joined(messages[:at]), _joined(messages[at : at + 1]), _joined(messages[at + 1 :]))


def call(told: Told, number: int, line: str, agent: str) -> Told:
    """The same call once more: another id, for another line (digits) and another agent's phone."""
    names = {
        CALL: b"%d.0" % (1_795_500_000 + number),
        LEG: b"%d.1" % (1_795_500_000 + number),
        b"PJSIP/trunk-00000000": b"PJSIP/trunk-%08x" % number,
        b"PJSIP/anna-00000001": b"%b-%08x" % (agent.encode(), number),
        b"PJSIP/anna": agent.encode(),
        b"493023125100": line.encode(),
        b"491713920042": b"4917139200%02d" % (number % 100),
    }
    parts = (told.arrived, told.called, told.afterwards)
    return Told(*(_renamed(part, names) for part in parts))


def _renamed(data: bytes, names: dict[bytes, bytes]) -> bytes:
    for old, new in names.items():
        data = data.replace(old, new)
    return data


def _name(message: bytes) -> bytes:
    first = message.strip().partition(b"\r\n")[0]
    return first.removeprefix(b"Event: ") if first.startswith(b"Event: ") else b""


def _joined(messages: list[bytes]) -> bytes:
    return b"".join(message.strip() + b"\r\n\r\n" for message in messages)
