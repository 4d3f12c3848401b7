"""What the floor shows, as it travels to the browser; nothing in it counts what one agent has done.

Agents' individual figures are off (§ 87 BetrVG): of an agent there is the present state, and no past.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class CompanyTag(msgspec.Struct, frozen=True):
    """`id` None: the dialled line belongs to nobody yet."""

    id: str | None
    name: str
    hue: int


class RunningCall(msgspec.Struct, frozen=True):
    """The call an agent is on, or that rings there.

    `step`: offered, talking, joined, or of the put-through held, ringing, answered, consulting, connecting,
    returning; `since` is the step's beginning, `call_since` the answer (until then the arrival).
    """

    company: CompanyTag
    step: str
    since: datetime
    call_since: datetime


class AgentRow(msgspec.Struct, frozen=True):
    """`state` and `reason` are those of the agent's own desk (`desk.protocol.AgentView`).

    `desk_open`: a text would be read; `leaving`: will be logged out when the call is over.
    """

    id: str
    name: str
    state: str
    reason: str
    since: datetime
    desk_open: bool
    leaving: bool
    call: RunningCall | None


class WaitingRow(msgspec.Struct, frozen=True):
    """`ringing`: at least one phone rings for this call."""

    id: str
    company: CompanyTag
    vip: bool
    since: datetime
    ringing: bool


class CompanyRow(msgspec.Struct, frozen=True):
    """A company's day; `floor_figures.CompanyDay` in storage says what each figure counts. `longest_wait`:
    seconds."""

    company: CompanyTag
    calls: int
    in_time: int
    decided: int
    abandoned: int
    longest_wait: int
    untold: int = 0


class FloorServices(msgspec.Struct, frozen=True):
    """up, down, unknown or off; `since` and `pbx_reason` are the PBX's. `storage`: the database.

    `mail_since`, `sms_since`: since when they are down.
    """

    pbx: str
    pbx_reason: str
    since: datetime
    mail: str
    sms: str
    storage: str = "up"
    mail_since: datetime | None = None
    sms_since: datetime | None = None


class FloorView(msgspec.Struct, frozen=True):
    """The whole floor at one moment. `in_time_seconds`: what the service level is measured against;
    `undelivered`: messages that wait for a person."""

    agents: tuple[AgentRow, ...]
    waiting: tuple[WaitingRow, ...]
    companies: tuple[CompanyRow, ...]
    services: FloorServices
    in_time_seconds: int
    undelivered: int = 0


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """First on every socket: the server's clock, and which run of the service counts the versions.

    `beat_seconds`: at least so often something comes; after twice as long without a word the network is dead.
    """

    epoch: str
    now: datetime
    beat_seconds: float


class Beat(msgspec.Struct, frozen=True, tag_field="type", tag="beat"):
    """Nothing is different, and the service is there. `n` counts this socket's beats from 1."""

    n: int
    now: datetime


class Picture(msgspec.Struct, frozen=True, tag_field="type", tag="floor"):
    """A newer floor; versions grow, and may leave some out: each picture is whole."""

    version: int
    view: FloorView
