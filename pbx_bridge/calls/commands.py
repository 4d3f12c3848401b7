"""What our own side tells the live calls; everything else they hear from the PBX."""

from __future__ import annotations

from dataclasses import dataclass

from pbx_bridge.calls.message import Message


@dataclass(frozen=True, slots=True)
class NoteDone(Message):
    """Command: the note of this call is saved, or it was left without one; nobody needs it any longer."""

    call: str


@dataclass(frozen=True, slots=True)
class AgentHangsUp(Message):
    """Command: the agent ends this conversation by the desk, or does not after all (`sure` False). The queue
    takes a leg that is hung up from outside for a caller who has left."""

    call: str
    sure: bool = True
