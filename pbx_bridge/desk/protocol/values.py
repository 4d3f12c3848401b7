"""The values inside the desk's messages; all that an agent can be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Message(msgspec.Struct, frozen=True, omit_defaults=False, tag_field="type"):
    """Base of everything on the wire; `type` names the message."""


class CallerView(msgspec.Struct, frozen=True):
    """`shown`: the number in national form.

    `kind` says how far the number is known; it is a hint, never proof.
    """

    kind: Literal["vip", "known", "unknown", "withheld"]
    number: str = ""
    shown: str = ""
    name: str = ""
    company: str = ""
    vip_info: str = ""
    vip_of: str = ""


class CompanyView(msgspec.Struct, frozen=True):
    """`id` None: the dialled line belongs to nobody yet, the pop is neutral.

    `language`: in which its callers are answered, ISO 639-1; empty: in German.
    """

    id: str | None
    name: str
    spoken_name: str
    hue: int
    confidential: bool = False
    put_through: bool = False
    language: str = ""


class AvailabilityView(msgspec.Struct, frozen=True):
    """`until`: UTC, None = open end. `text`: what may be told to callers.

    `by_hours`: away only until the next working hours, at `until`; what `text` says has no end.
    """

    kind: Literal["present", "info", "away"]
    text: str = ""
    until: datetime | None = None
    by_hours: bool = False


class EmployeeView(msgspec.Struct, frozen=True):
    """`refusal`: None when a put-through is possible now, else its code.

    `tries`: employee ids in the order they would be rung.
    """

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
    """`help`: what the company wants asked there, in words for the agent, or ""."""

    key: str
    label: str
    kind: Literal["text", "long", "number", "date", "choice", "yesno", "phone"]
    required: bool
    choices: list[str]
    help: str = ""


class FaqView(msgspec.Struct, frozen=True):
    question: str
    answer: str


class TextBlockView(msgspec.Struct, frozen=True):
    """A text of the company for the note, with gaps: {anrufer}, {nummer}, {mitarbeiter}."""

    name: str
    text: str


class EarlierCallView(msgspec.Struct, frozen=True):
    """`reason`: why no note was taken, in the words of `close_call`; empty when there is one."""

    at: datetime
    summary: str
    agent: str
    caller_name: str = ""
    caller_company: str = ""
    reason: str = ""


class NumberView(msgspec.Struct, frozen=True):
    """A number that the company's own texts name. `shown`: as people write it; `label`: the words before."""

    number: str
    shown: str
    label: str


class ScreenPop(msgspec.Struct, frozen=True):
    """All an agent needs before the first word.

    `news`: what changed at this company since this agent last answered for it. Of a big company `employees`
    and `faq` are the first ones only, `employees_total` and `faq_total` say of how many; `find` finds the
    others. `names`: of people who are named in `employees` and are not among them. `numbers`: outside, which
    instruction and answers name and to which the caller can be put through. `edition`: while it is the same,
    whoever was found is as they were found; "" when the pop has all of them.
    """

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
    employees_total: int = 0
    faq_total: int = 0
    names: dict[str, str] = {}
    numbers: list[NumberView] = []
    text_blocks: list[TextBlockView] = []
    edition: str = ""


class TriedView(msgspec.Struct, frozen=True):
    """`employee_id`: "" for somebody outside, whose number is the `name`."""

    employee_id: str
    name: str
    result: str


class PutThroughView(msgspec.Struct, frozen=True):
    """`say`: the sentence to say to the employee. `may`: commands that make sense now; others are refused.

    `colleague`: another agent is rung, whose name is `current_name`; `given`: the call is theirs as soon as
    they pick up.
    """

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
    colleague: bool = False
    given: bool = False


class NoteBody(msgspec.Struct, frozen=True):
    """A note as typed; also the form of a draft. `callback_by` is the typed words. `fields`: key → text.

    `callback_wanted` null: nobody said; then number, time and concern decide, as `check_note` tells.
    """

    name: str = ""
    company: str = ""
    callback: str = ""
    concern: str = ""
    fields: dict[str, str] = {}
    recipients: list[str] = []
    urgent: bool = False
    callback_by: str = ""
    message_to_caller: str = ""
    callback_wanted: bool | None = None


class NoteVersionView(msgspec.Struct, frozen=True):
    """A note as it was saved at that moment, by that agent."""

    at: datetime
    agent: str
    body: NoteBody


class CorrectionView(msgspec.Struct, frozen=True):
    """A saved note that can be corrected. `note`: the version that counts; `versions`: all, oldest first."""

    note: str
    versions: list[NoteVersionView]


EndReason = Literal["caller", "agent", "joined", "abandoned", "unanswered", "lost", "requeued"]
CallPhase = Literal["offered", "asked", "talking", "putting_through", "joined", "ended"]


class CallView(msgspec.Struct, frozen=True):
    """`phase`: offered, asked, talking, putting_through, joined, ended (the note is still to be written).

    `asked_by`: the agent who asks this one (phase asked); `given`: the call is this agent's as soon as they
    pick up.

    `joined_with`: the employee who took the call; `joined_number`: of who took it and is no employee.

    `end_reason`: caller, agent, joined, abandoned, unanswered, lost, or requeued: the caller waits again.
    `noted`: the note of this conversation is saved, and the call goes on; what is typed from now on, and
    saved, is its correction. `correction`: what is typed corrects a note of this call, which is over.
    `recalled`: the agent had this call while nobody of us saw it; the telephone system told of it afterwards.
    `call_back`: the caller asked for it; their telephone rings when an agent has picked up.
    """

    call: str
    phase: CallPhase
    since: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    put_through: PutThroughView | None
    tried: list[TriedView]
    joined_with: str | None
    may: list[str]
    correction: CorrectionView | None = None
    noted: CorrectionView | None = None
    recalled: bool = False
    joined_number: str = ""
    asked_by: str = ""
    given: bool = False
    call_back: bool = False


class DraftView(msgspec.Struct, frozen=True):
    call: str
    revision: int
    body: NoteBody


NoteState = Literal["waiting", "sent", "delivered", "failed", "uncertain", "none"]


class SavedNoteView(msgspec.Struct, frozen=True):
    """A line of "Letzte Notizen".

    `state`: the worst of its notifications: waiting, sent, delivered, failed, uncertain, none. `sms_off`: an
    SMS was wanted while SMS were switched off, so there is none.
    """

    id: str
    call: str
    at: datetime
    company: str
    hue: int
    to: str
    caller: str
    state: NoteState
    sms_off: bool = False


class OpenCall(msgspec.Struct, frozen=True):
    """A call that this agent has: offered, running, or ended and still without its note."""

    pop: ScreenPop
    view: CallView
    draft: DraftView | None
    earlier: list[EarlierCallView]
