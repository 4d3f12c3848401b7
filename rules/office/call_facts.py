"""What is stored of one call, as the rules about its life get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.billing.call_course import TimeTurn
from rules.billing.terms import CallTime
from rules.calls.identify import CalledBy
from rules.calls.transfer import TransferRefusal
from rules.model import Channel
from rules.outbox.notification import Told
from rules.vocabulary import (
    AttemptResult,
    CallBackEnd,
    CallOutcome,
    EndReason,
    MessageState,
    OfferGoneReason,
    SendOutcome,
    WishReason,
)


@dataclass(frozen=True, slots=True)
class OfferFact:
    """An agent's phone rang in vain. `agent`: id, "" for one who is gone."""

    agent: str
    since: datetime
    until: datetime
    reason: OfferGoneReason


@dataclass(frozen=True, slots=True)
class AttemptFact:
    """`employee`, `asked`: ids, "" where nobody; `number`: of somebody outside; `result` None: it runs."""

    started_at: datetime
    employee: str = ""
    number: str = ""
    asked: str = ""
    as_deputy: bool = False
    left_out: TransferRefusal | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: AttemptResult | None = None


@dataclass(frozen=True, slots=True)
class NoteFact:
    """One version of a note. `recipients`: ids of employees."""

    id: str
    at: datetime
    agent: str = ""
    corrects: bool = False
    urgent: bool = False
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendFact:
    """One try. `outcome` None: it runs, or nobody lived to see its end; `said`: a code and the server's own
    words; `by_hand`: a person has seen to the message, and `said` is their reason."""

    started_at: datetime
    ended_at: datetime | None
    outcome: SendOutcome | None
    said: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class MessageFact:
    """A message about the call. `reason` None: of an older program; `employee` "": the company's own address;
    `address` "": erased by now."""

    id: str
    created_at: datetime
    channel: Channel
    kind: str
    state: MessageState
    due_at: datetime
    reason: Told | None = None
    employee: str = ""
    address: str = ""
    copies: tuple[str, ...] = ()
    is_copy: bool = False
    again_at: datetime | None = None
    finished_at: datetime | None = None
    sends: tuple[SendFact, ...] = ()


@dataclass(frozen=True, slots=True)
class WishFact:
    """The caller has asked to be called back. `why`: it was offered, None where nobody knows; `rung_at`:
    when the last try began; `agent`: id of whoever had it, "" for none; `reason`: of whoever settled it by
    hand."""

    at: datetime
    why: WishReason | None = None
    rung_at: datetime | None = None
    done_at: datetime | None = None
    done_how: CallBackEnd | None = None
    agent: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LifeFacts:
    """All that is stored of a call; moments are aware. `agent`: id of whoever had it last; `used`: seconds of
    each kind as they are billed; `sms_parts`: of all SMS about it; `rings_back`: by this call somebody was
    called back who had asked for it."""

    id: str
    line: str
    arrived_at: datetime
    customer: str = ""
    called_by: CalledBy | None = None
    forwarded_from: str = ""
    caller_number: str = ""
    caller_name: str = ""
    agent: str = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: EndReason | None = None
    outcome: CallOutcome = CallOutcome.OPEN
    closed_reason: str = ""
    recalled: bool = False
    offers: tuple[OfferFact, ...] = ()
    turns: tuple[TimeTurn, ...] = ()
    attempts: tuple[AttemptFact, ...] = ()
    notes: tuple[NoteFact, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    used: Mapping[CallTime, int] = field(default_factory=dict)
    sms_parts: int = 0
    wishes: tuple[WishFact, ...] = ()
    rings_back: bool = False
