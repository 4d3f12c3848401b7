"""The values around the calls: the agent's own state, the services, who waits, the figures of the day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from rules.presence.pause_reasons import OWN
from rules.vocabulary import PauseReason, PhoneTrouble


class WaitingView(msgspec.Struct, frozen=True):
    """`company`: "" when the dialled line belongs to nobody yet. `picked_by`: the agent who has picked this
    caller and whose phone is the only one to ring; "" for the others. `call_back`: it is we who call."""

    call: str
    company: str
    hue: int
    vip: bool
    since: datetime
    picked_by: str = ""
    call_back: bool = False


class ColleagueView(msgspec.Struct, frozen=True):
    """An agent as the others see them: a word for what they do, no more. Only who is ready can be rung."""

    agent: str
    name: str
    state: Literal["ready", "ringing", "talking", "wrap_up", "paused", "unavailable", "signed_out"]


PAUSES = ("", *PauseReason, *PhoneTrouble)
_OWN_PAUSE = {"pattern": f"^{OWN}"}
ShownPause = Annotated[
    str,
    msgspec.Meta(extra_json_schema={"anyOf": [{"enum": [str(word) for word in PAUSES]}, _OWN_PAUSE]}),
]
"""A `PauseReason`, one that this house has made, a `PhoneTrouble`, or "" for none."""


class AgentView(msgspec.Struct, frozen=True):
    """`state`: signed_out, ready, paused, wrap_up, ringing, talking, unavailable (the phone is not
    registered).

    `reason`: of the pause, "" in every other state; phone_refuses and phone_forwards: the agent did not ask
    for it, the phone refuses or forwards each call at once. `after`: the pause that was asked for and begins
    when the call is over, "" when none was.
    """

    state: Literal["signed_out", "ready", "paused", "wrap_up", "ringing", "talking", "unavailable"]
    reason: ShownPause
    since: datetime
    wrap_up_until: datetime | None = None
    after: ShownPause = ""


ServiceState = Literal["up", "down", "unknown", "off"]


class LinkView(msgspec.Struct, frozen=True):
    """State of the services the desk depends on: up, down, unknown or off. `storage`: the database; while it
    is down nothing that is typed can be stored. `storage_since`: of its last change, if known. `mail_since`,
    `sms_since`: since when they are down, once it is a minute."""

    pbx: Literal["up", "down"]
    pbx_reason: str
    since: datetime
    mail: ServiceState = "unknown"
    sms: ServiceState = "unknown"
    storage: Literal["up", "down"] = "up"
    storage_since: datetime | None = None
    mail_since: datetime | None = None
    sms_since: datetime | None = None


BlockState = Literal["offered", "blocked", "refused"]


class BlockView(msgspec.Struct, frozen=True):
    """Whether this caller is to be turned away from this company, asked after an advertising call.

    `state`: offered, blocked, or refused: `code` and `params` say why. `caller`: as people read a number.
    """

    call: str
    company: str
    caller: str
    state: BlockState
    code: str = ""
    params: dict[str, str] = {}


class TodayView(msgspec.Struct, frozen=True):
    """The day of the whole floor. `in_time`: answered within the house's service level."""

    calls: int
    in_time: int
    abandoned: int


class MineView(msgspec.Struct, frozen=True):
    """The agent's own day, which nobody else sees: calls answered, how quickly, what came of them.

    `talk_seconds`: of the calls that are over.
    """

    calls: int = 0
    in_time: int = 0
    notes: int = 0
    put_through: int = 0
    talk_seconds: int = 0
