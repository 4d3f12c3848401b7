"""The closed sets of words that are stored, sent and shown: why, how and as what.

One enum for each; the database's CHECKs, the desk's protocol, its menus and the catalogues follow from these
or are compared with them (tests/project/test_vocabularies.py). What the rules decide about has its kinds in
`rules.model`.
"""

from __future__ import annotations

from enum import StrEnum

FIRST_LANGUAGE = "de"
"""In which everybody reads who chose none; which others there are say the catalogues (`web.i18n`)."""


class SpokenLanguage(StrEnum):
    """In which callers can be answered, by ISO 639-1: the languages that a company or an agent may have.

    One more is a line here and its name in `web/locale/*/spoken.toml`; no migration.
    """

    GERMAN = "de"
    ENGLISH = "en"
    ARABIC = "ar"
    CROATIAN = "hr"
    CZECH = "cs"
    DANISH = "da"
    DUTCH = "nl"
    FRENCH = "fr"
    GREEK = "el"
    HUNGARIAN = "hu"
    ITALIAN = "it"
    POLISH = "pl"
    PORTUGUESE = "pt"
    ROMANIAN = "ro"
    RUSSIAN = "ru"
    SPANISH = "es"
    SWEDISH = "sv"
    TURKISH = "tr"
    UKRAINIAN = "uk"


class Role(StrEnum):
    """What somebody is who logs in."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    CUSTOMER = "customer"
    SUBACCOUNT = "subaccount"
    OPERATOR = "operator"


class ServiceState(StrEnum):
    """What the house has decided about a company; what it means for callers and for its own people say
    `rules.customers.service_state`. ENDING: it waits for the last call."""

    SET_UP = "set_up"
    LIVE = "live"
    SUSPENDED = "suspended"
    ENDING = "ending"
    ENDED = "ended"


class PauseReason(StrEnum):
    """Why an agent takes no calls; the desk's menu has them in this order."""

    BREAK = "break"
    LUNCH = "lunch"
    MEETING = "meeting"
    OFFICE = "office"
    OTHER = "other"


class PhoneTrouble(StrEnum):
    """Why the service paused an agent who did not ask for it: the phone refuses, or forwards, each call."""

    REFUSES = "phone_refuses"
    FORWARDS = "phone_forwards"


class CloseReason(StrEnum):
    """Why a call was left without a note; the desk's menu has them in this order. NOT_REACHED: only of a call
    by which we rang a caller back, and something else than the caller picked up."""

    WRONG_NUMBER = "wrong_number"
    HUNG_UP = "hung_up"
    ADVERTISING = "advertising"
    SILENT = "silent"
    OTHER = "other"
    NOT_REACHED = "not_reached"


class ErasureKind(StrEnum):
    """What a line of the protocol of erasures is about."""

    RETENTION = "retention"
    CALLER = "caller"
    EMPLOYEE = "employee"
    CALLER_EXPORT = "caller_export"
    EMPLOYEE_EXPORT = "employee_export"


class CallOutcome(StrEnum):
    """What became of a call; schema.sql says which follows which."""

    OPEN = "open"
    NOTED = "noted"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    LOST = "lost"
    BLOCKED = "blocked"


class EndReason(StrEnum):
    """Why a call ended: ABANDONED while nobody had it, be it after it fell back into the queue; LOST = the
    PBX forgot it, UNANSWERED = the queue gave up."""

    CALLER = "caller"
    AGENT = "agent"
    JOINED = "joined"
    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    LOST = "lost"


class OfferGoneReason(StrEnum):
    """Why an agent's phone rings no longer."""

    ANSWERED_ELSEWHERE = "answered_elsewhere"
    CALLER_GONE = "caller_gone"
    NOT_ANSWERED = "not_answered"
    PICKED = "picked"


class CallBackEnd(StrEnum):
    """Why a caller who asked to be called back is rung no longer. REACHED: they picked up; NOTED: an agent
    who was ringing has written a note; CALLED_AGAIN: somebody talked with them meanwhile; ASKED_BEFORE: they
    had asked already; NOT_REACHED: rung several times in vain; NOT_DIALLED: such a number is not dialled;
    TOO_OLD: nobody waits for it any more; BY_HAND: the office has settled it, with a reason."""

    REACHED = "reached"
    NOTED = "noted"
    CALLED_AGAIN = "called_again"
    ASKED_BEFORE = "asked_before"
    NOT_REACHED = "not_reached"
    NOT_DIALLED = "not_dialled"
    TOO_OLD = "too_old"
    BY_HAND = "by_hand"


class WishReason(StrEnum):
    """Why a caller was offered to be called back. NOBODY_FREE: waited as long as one does; CLOSED: called
    outside the hours; HOLIDAY: on a day that is free."""

    NOBODY_FREE = "nobody_free"
    CLOSED = "closed"
    HOLIDAY = "holiday"


class AttemptResult(StrEnum):
    """How ringing one employee ended."""

    JOINED = "joined"
    ANSWERED = "answered"  # picked up, by somebody or by a mailbox, and the agent went back alone
    DECLINED = "declined"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class MessageState(StrEnum):
    """Where a message of the outbox is; schema.sql says which state follows which."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class SendOutcome(StrEnum):
    """What one try to send a message came to; uncertain: nobody can know whether it went out."""

    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class ImportKind(StrEnum):
    """What a company's file holds."""

    EMPLOYEES = "employees"
    VIPS = "vips"
