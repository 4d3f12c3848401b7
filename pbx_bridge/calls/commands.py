"""What our own side tells the live calls; everything else they hear from the PBX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbx_bridge.calls.message import CallMessage
from rules.decision import Refused

Reply = Callable[[Refused | None], None]


@dataclass(frozen=True, slots=True)
class NoteDone(CallMessage):
    """Command: the note of this call is saved, or it was left without one; nobody needs it any longer."""

    call: str


@dataclass(frozen=True, slots=True)
class AgentHangsUp(CallMessage):
    """Command: the agent ends this conversation by the desk, or does not after all (`sure` False). The queue
    takes a leg that is hung up from outside for a caller who has left."""

    call: str
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRequest(CallMessage):
    """Base of what agents ask. `call`: pbx_call; `agent`: the interface of who asks. `reply` is called once:
    None = accepted.

    Accepted means: it is under way. What comes of it is seen in the state, which only bridges prove.
    """

    call: str
    agent: str
    reply: Reply | None = None

    def answer(self, refusal: Refused | None) -> None:
        if self.reply:
            self.reply(refusal)

    def refuse(self, code: str) -> bool:
        """For the dispatcher, when it can take no more."""
        self.answer(Refused(code))
        return True
