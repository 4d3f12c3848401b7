"""What an agent asks who picks a caller, what that does to the PBX, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pbx_bridge.calls.commands import AgentRequest
from pbx_bridge.calls.message import CallEffect, CallMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPick(AgentRequest):
    """Ring my phone next for this caller, who waits, and no other."""


@dataclass(frozen=True, slots=True)
class PickUnsent(CallMessage):
    """From `pick_sender`: the PBX took no order to pick this caller."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class SendPick(CallEffect):
    """Effect: take this caller out of the queue for this agent, unless somebody has them already."""

    lane: ClassVar[str] = "pbx"
    caller_channel: str
    agent: str


@dataclass(frozen=True, slots=True)
class PickFailed(CallEffect):
    """Effect: this agent does not get the caller; `code` says why, `by` who has them."""

    agent: str
    code: str
    by: str = ""
