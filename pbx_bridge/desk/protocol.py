"""The desk socket's messages: two closed sets, what the agent's screen may say and what it is told. Prose: docs/desk-protocol.md.

Everything here is seen by agents: no e-mail address and no mobile number of an employee has a place in any of these.
Times are UTC, ISO 8601; durations are computed by the client from `since` and the clock offset of `hello`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Message(msgspec.Struct, frozen=True, omit_defaults=False, tag_field="type"):
    """Base of everything on the wire; `type` names the message."""


# ------------------------------------------------------------------------------------------------------------------ values


class CallerView(msgspec.Struct, frozen=True):
    """`shown`: the number in national form. `kind` says how far the number is known; it is a hint, never proof."""

    kind: Literal["vip", "known", "unknown", "withheld"]
    number: str = ""
    shown: str = ""
    name: str = ""
    company: str = ""
    vip_info: str = ""
    vip_of: str = ""


class CompanyView(msgspec.Struct, frozen=True):
    """`id` None: the dialled line belongs to nobody yet, the pop is neutral."""

    id: str | None
    name: str
    spoken_name: str
    hue: int
    confidential: bool = False
    put_through: bool = False


class AvailabilityView(msgspec.Struct, frozen=True):
    """`until`: UTC, None = open end. `text`: what may be told to callers."""

    kind: Literal["present", "info", "away"]
    text: str = ""
    until: datetime | None = None


class EmployeeView(msgspec.Struct, frozen=True):
    """`refusal`: None when a put-through is possible now, else its code. `tries`: employee ids in the order they would be rung."""

    id: str
    name: str
    sort_name: str
    search: str
    position: str
    responsibility: str
    availability: AvailabilityView
    refusal: str | None
    tries: list[str]
    deputy_id: str | None = None


class NoteFieldView(msgspec.Struct, frozen=True):
    key: str
    label: str
    kind: Literal["text", "number", "date", "choice", "yesno", "phone"]
    required: bool
    choices: list[str]


class FaqView(msgspec.Struct, frozen=True):
    question: str
    answer: str


class EarlierCallView(msgspec.Struct, frozen=True):
    at: datetime
    summary: str
    agent: str
    caller_name: str = ""
    caller_company: str = ""


class ScreenPop(msgspec.Struct, frozen=True):
    """All an agent needs before the first word. `news`: what changed at this company since this agent last answered for it."""

    call: str
    company: CompanyView
    greeting: str
    instruction: str
    caller: CallerView
    employees: list[EmployeeView]
    faq: list[FaqView]
    note_fields: list[NoteFieldView]
    line: str
    arrived_at: datetime
    zone: str
    news: list[str] = []


class WaitingView(msgspec.Struct, frozen=True):
    call: str
    company: str
    hue: int
    vip: bool
    since: datetime


class TriedView(msgspec.Struct, frozen=True):
    employee_id: str
    name: str
    result: str


class PutThroughView(msgspec.Struct, frozen=True):
    """`step`: held, ringing, answered, consulting, connecting, returning. `say`: the sentence to say to the employee.
    `may`: commands that make sense now; every other one is refused."""

    step: Literal["held", "ringing", "answered", "consulting", "connecting", "returning"]
    mode: Literal["hold", "talk"]
    since: datetime
    hold_since: datetime | None
    current: str | None
    current_name: str
    as_deputy: bool
    tried: list[TriedView]
    next: list[str]
    say: str
    may: list[str]


class CallView(msgspec.Struct, frozen=True):
    """`phase`: offered, talking, putting_through, joined, ended (the note is still to be written)."""

    call: str
    phase: Literal["offered", "talking", "putting_through", "joined", "ended"]
    since: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    put_through: PutThroughView | None
    tried: list[TriedView]
    joined_with: str | None
    may: list[str]


class AgentView(msgspec.Struct, frozen=True):
    """`state`: signed_out, ready, paused, wrap_up, ringing, talking, unavailable (the phone is not registered)."""

    state: Literal["signed_out", "ready", "paused", "wrap_up", "ringing", "talking", "unavailable"]
    reason: str
    since: datetime
    wrap_up_until: datetime | None = None


class LinkView(msgspec.Struct, frozen=True):
    """State of the services the desk depends on: up, down, unknown or off."""

    pbx: Literal["up", "down"]
    pbx_reason: str
    since: datetime
    mail: Literal["up", "down", "unknown", "off"] = "unknown"
    sms: Literal["up", "down", "unknown", "off"] = "unknown"


class NoteBody(msgspec.Struct, frozen=True):
    """A note as typed; also the form of a draft. `callback_by` is the typed words. `fields`: key → text."""

    name: str = ""
    company: str = ""
    callback: str = ""
    concern: str = ""
    fields: dict[str, str] = {}
    recipients: list[str] = []
    urgent: bool = False
    callback_by: str = ""
    message_to_caller: str = ""


class DraftView(msgspec.Struct, frozen=True):
    call: str
    revision: int
    body: NoteBody


class SavedNoteView(msgspec.Struct, frozen=True):
    """A line of "Letzte Notizen". `state`: the worst of its notifications: waiting, sent, delivered, failed, uncertain, none."""

    id: str
    call: str
    at: datetime
    company: str
    hue: int
    to: str
    caller: str
    state: Literal["waiting", "sent", "delivered", "failed", "uncertain", "none"]


class TodayView(msgspec.Struct, frozen=True):
    calls: int
    in_20_seconds: int
    abandoned: int


class OpenCall(msgspec.Struct, frozen=True):
    """A call that this agent has: offered, running, or ended and still without its note."""

    pop: ScreenPop
    view: CallView
    draft: DraftView | None
    earlier: list[EarlierCallView]


# -------------------------------------------------------------------------------------------------------- server → client


class Hello(Message, frozen=True, tag="hello"):
    """First message. `seq`: the number of the last event; a snapshot follows unless the missed events do (`resumed`)."""

    epoch: str
    seq: int
    resumed: bool
    now: datetime
    agent: str
    locale: Literal["de", "en"]


class Snapshot(Message, frozen=True, tag="snapshot"):
    me: AgentView
    link: LinkView
    waiting: list[WaitingView]
    calls: list[OpenCall]
    notes: list[SavedNoteView]
    today: TodayView


class Me(Message, frozen=True, tag="me"):
    me: AgentView


class Link(Message, frozen=True, tag="link"):
    link: LinkView


class Waiting(Message, frozen=True, tag="waiting"):
    waiting: list[WaitingView]


class Offer(Message, frozen=True, tag="offer"):
    """The phone is about to ring: the whole pop."""

    pop: ScreenPop
    view: CallView
    draft: DraftView | None = None
    earlier: list[EarlierCallView] = []


class OfferGone(Message, frozen=True, tag="offer_gone"):
    call: str
    reason: Literal["answered_elsewhere", "caller_gone", "not_answered"]
    by: str = ""


class Call(Message, frozen=True, tag="call"):
    view: CallView


class PopChanged(Message, frozen=True, tag="pop_changed"):
    """The customer changed something, or midnight turned an absence: the same pop, newer."""

    pop: ScreenPop


class Earlier(Message, frozen=True, tag="earlier"):
    call: str
    earlier: list[EarlierCallView]


class Draft(Message, frozen=True, tag="draft"):
    """Typed in another tab of the same agent."""

    draft: DraftView


class CallClosed(Message, frozen=True, tag="call_closed"):
    """Note saved or reason given: the call leaves the screen."""

    call: str


class Notes(Message, frozen=True, tag="notes"):
    notes: list[SavedNoteView]


class Today(Message, frozen=True, tag="today"):
    today: TodayView


class Notice(Message, frozen=True, tag="notice"):
    """Something worth a sentence; `code` names it in the catalogue."""

    code: str
    params: dict[str, str] = {}


class Answer(Message, frozen=True, tag="answer"):
    """To the command with this `id`; not numbered. `code` and `params` say why not; `fields`: note field → code."""

    id: str
    ok: bool
    code: str = ""
    params: dict[str, str] = {}
    fields: dict[str, str] = {}


Event = Snapshot | Me | Link | Waiting | Offer | OfferGone | Call | PopChanged | Earlier | Draft | CallClosed | Notes | Today | Notice


class Numbered(msgspec.Struct, frozen=True):
    """How an event travels: {"seq": 17, "event": {...}}; numbers count up by one within an epoch."""

    seq: int
    event: Event


# -------------------------------------------------------------------------------------------------------- client → server


class Command(Message, frozen=True):
    """Base of commands. `id` is made by the client; the same id again gets the same answer and does nothing twice."""

    id: str


class Ready(Command, frozen=True, tag="ready"):
    """Sign in to the queue, end a pause or the wrap-up."""


class Pause(Command, frozen=True, tag="pause"):
    reason: Literal["break", "lunch", "meeting", "office", "other"]


class SignOut(Command, frozen=True, tag="sign_out"):
    pass


class Hold(Command, frozen=True, tag="hold"):
    """Caller hears music, agent hears nothing; ends by `ring`, `back` or the limit."""

    call: str


class Ring(Command, frozen=True, tag="ring"):
    """Ask the employee. mode hold: caller goes on music first. mode talk: the agent talks on meanwhile."""

    call: str
    employee: str
    mode: Literal["hold", "talk"] = "hold"


class Switch(Command, frozen=True, tag="switch"):
    """Somebody is there (mode talk): caller on hold, agent to the employee."""

    call: str


class Connect(Command, frozen=True, tag="connect"):
    call: str


class Back(Command, frozen=True, tag="back"):
    """Back to the caller, whatever goes on; stops ringing, drops the employee."""

    call: str


class Cancel(Command, frozen=True, tag="cancel"):
    """Stop ringing this employee; the next of the plan is not tried."""

    call: str


class HangUp(Command, frozen=True, tag="hang_up"):
    call: str


class SaveDraft(Command, frozen=True, tag="save_draft"):
    call: str
    revision: int
    body: NoteBody


class SaveNote(Command, frozen=True, tag="save_note"):
    call: str
    body: NoteBody


class CloseCall(Command, frozen=True, tag="close_call"):
    """Leave an ended call without a note."""

    call: str
    reason: Literal["wrong_number", "hung_up", "advertising", "silent", "other"]


class Resync(Command, frozen=True, tag="resync"):
    pass


ClientCommand = Ready | Pause | SignOut | Hold | Ring | Switch | Connect | Back | Cancel | HangUp | SaveDraft | SaveNote | CloseCall | Resync
