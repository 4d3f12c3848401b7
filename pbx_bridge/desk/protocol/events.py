"""Server → client: what the agent's screen is told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from pbx_bridge.desk.protocol.status import (
    AgentView,
    BlockView,
    ColleagueView,
    LinkView,
    MineView,
    TodayView,
    WaitingView,
)
from pbx_bridge.desk.protocol.values import (
    CallView,
    DraftView,
    EarlierCallView,
    EmployeeView,
    FaqView,
    Message,
    OpenCall,
    SavedNoteView,
    ScreenPop,
)


class Hello(Message, frozen=True, tag="hello"):
    """First message.

    `seq`: the number of the last event; a snapshot follows unless the missed events do (`resumed`).
    `agent`: the name; `agent_id`: which of the colleagues one is oneself.
    `beat_seconds`: at least so often something comes; after twice as long without a word the network is dead.
    """

    epoch: str
    seq: int
    resumed: bool
    now: datetime
    agent: str
    locale: str
    beat_seconds: float
    agent_id: str = ""


class Beat(Message, frozen=True, tag="beat"):
    """Nothing else was said for `beat_seconds`: the service is there.

    `n` counts this socket's beats from 1; `seq`: the number of the last event; `now`: the server's clock.
    """

    n: int
    seq: int
    now: datetime


class Snapshot(Message, frozen=True, tag="snapshot"):
    me: AgentView
    link: LinkView
    waiting: list[WaitingView]
    calls: list[OpenCall]
    notes: list[SavedNoteView]
    today: TodayView
    mine: MineView = MineView()
    block: BlockView | None = None
    colleagues: list[ColleagueView] = msgspec.field(default_factory=list)


class Me(Message, frozen=True, tag="me"):
    me: AgentView


class Link(Message, frozen=True, tag="link"):
    link: LinkView


class Waiting(Message, frozen=True, tag="waiting"):
    waiting: list[WaitingView]


class Colleagues(Message, frozen=True, tag="colleagues"):
    """All agents, oneself too; who is ready comes first. Of a very big floor the first hundred."""

    colleagues: list[ColleagueView]


class Offer(Message, frozen=True, tag="offer"):
    """The phone is about to ring: the whole pop."""

    pop: ScreenPop
    view: CallView
    draft: DraftView | None = None
    earlier: list[EarlierCallView] = msgspec.field(default_factory=list)


class OfferGone(Message, frozen=True, tag="offer_gone"):
    call: str
    reason: Literal["answered_elsewhere", "caller_gone", "not_answered", "picked"]
    by: str = ""


class Call(Message, frozen=True, tag="call"):
    view: CallView


class PopChanged(Message, frozen=True, tag="pop_changed"):
    """The customer changed something, or midnight turned an absence: the same pop, newer."""

    pop: ScreenPop


class OthersChanged(Message, frozen=True, tag="others_changed"):
    """Of a company that is bigger than its pop: whoever the pop does not have may be shown otherwise."""

    call: str
    edition: str


class Earlier(Message, frozen=True, tag="earlier"):
    call: str
    earlier: list[EarlierCallView]


class Draft(Message, frozen=True, tag="draft"):
    """Typed in another tab of the same agent."""

    draft: DraftView


class CallClosed(Message, frozen=True, tag="call_closed"):
    """Note saved or reason given, or asked by a colleague no longer: the call leaves the screen."""

    call: str


class Notes(Message, frozen=True, tag="notes"):
    notes: list[SavedNoteView]


class Today(Message, frozen=True, tag="today"):
    today: TodayView


class Mine(Message, frozen=True, tag="mine"):
    mine: MineView


class Block(Message, frozen=True, tag="block"):
    """An offer to block a caller, or how it stands; null: over."""

    block: BlockView | None


class Notice(Message, frozen=True, tag="notice"):
    """Something worth a sentence; `code` names it in the catalogue."""

    code: str
    params: dict[str, str] = msgspec.field(default_factory=dict)


class Answer(Message, frozen=True, tag="answer"):
    """To the command with this `id`; not numbered.

    `code` and `params` say why not; `fields`: note field → code. `read`: note field → how `check_note`
    understood it, `callback_by` as a moment (ISO 8601), `callback` as an international number,
    `callback_wanted` "yes" unless nobody is to call, `concern` "no_callback" when the text itself says so.
    `employees`, `faq`: what `find` found, the likeliest first, of `total`; `names` as in the pop.
    """

    id: str
    ok: bool
    code: str = ""
    params: dict[str, str] = msgspec.field(default_factory=dict)
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    read: dict[str, str] = msgspec.field(default_factory=dict)
    employees: list[EmployeeView] = msgspec.field(default_factory=list)
    faq: list[FaqView] = msgspec.field(default_factory=list)
    names: dict[str, str] = msgspec.field(default_factory=dict)
    total: int = 0


Event = (
    Snapshot
    | Me
    | Link
    | Waiting
    | Colleagues
    | Offer
    | OfferGone
    | Call
    | PopChanged
    | OthersChanged
    | Earlier
    | Draft
    | CallClosed
    | Notes
    | Today
    | Mine
    | Block
    | Notice
)


class Numbered(msgspec.Struct, frozen=True):
    """How an event travels: {"seq": 17, "event": {...}}; numbers count up by one within an epoch."""

    seq: int
    event: Event
