"""The nouns of the house as frozen values: what the rules decide about (terms: docs/glossary.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from rules.fields.appointment import Appointment
from rules.fields.customer import CustomerSettings, Tariff
from rules.fields.employee import Employee, PutThrough
from rules.fields.nobody_free import NobodyFree
from rules.fields.vip_caller import VipCaller
from rules.vocabulary import FIRST_LANGUAGE, SpokenLanguage

__all__ = [
    "Agent",
    "Answering",
    "Appointment",
    "BlockReason",
    "BlockedCaller",
    "CallNote",
    "Caller",
    "Channel",
    "Customer",
    "Employee",
    "FaqEntry",
    "FieldKind",
    "Line",
    "MessageKind",
    "NobodyFree",
    "NoteField",
    "PutThrough",
    "Tariff",
    "TextBlock",
    "VipCaller",
]


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YESNO = "yesno"
    PHONE = "phone"


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class BlockReason(StrEnum):
    """Why a company has somebody's calls turned away."""

    ADVERTISING = "advertising"
    NUISANCE = "nuisance"
    OTHER = "other"


class MessageKind(StrEnum):
    """`SHORT` after a successful put-through, the whole `NOTE` otherwise, `VIP`: the extra SMS; `SECURITY`:
    something about one's log-in has changed."""

    SHORT = "short"
    NOTE = "note"
    VIP = "vip"
    CORRECTION = "correction"
    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a link instead of a forgotten one
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Line:
    """Our number to which customers forward; shared by several when `customer_id` is None."""

    id: str
    number: str
    region: str = "DE"
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class BlockedCaller:
    """Somebody whose calls this company has turned away. `number`: E.164; `remark`: not for agents."""

    id: str
    number: str
    reason: BlockReason = BlockReason.OTHER
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FaqEntry:
    id: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A text that agents put into a note; gaps in braces are filled from the call, see `text_blocks`."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteField:
    """A field the customer wants asked beyond the standard ones. `key` names it in forms and stored notes;
    `help`: what agents read below it; `retired`: not asked any more, but notes have answers to it."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a company: `team` (its id), None: everybody. After `overflow_after` seconds the agents
    of `overflow_team` too (None: everybody); `overflow_after` None: never. `language`: of its callers, a
    `SpokenLanguage`; what happens when nobody there speaks it say `rules.calls.answering`."""

    team: str | None = None
    overflow_after: int | None = None
    overflow_team: str | None = None
    language: str = SpokenLanguage.GERMAN.value

    @property
    def foreign_language(self) -> str:
        """Of the company's callers, "" for the language of the house."""
        return "" if self.language == SpokenLanguage.GERMAN else self.language


@dataclass(frozen=True)
class Customer(CustomerSettings):
    """Everything about one company, as the rules need it: its settings, and lists.

    `note_fields`: in the order of asking, retired ones too; `nobody_free` None: as the house has it.
    `version` grows with each change of anything below the customer; `changed_at` is UTC, of that change.
    """

    public_numbers: tuple[str, ...] = ()
    employees: tuple[Employee, ...] = ()
    vip_callers: tuple[VipCaller, ...] = ()
    blocked: tuple[BlockedCaller, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    text_blocks: tuple[TextBlock, ...] = ()
    note_fields: tuple[NoteField, ...] = ()
    nobody_free: NobodyFree | None = None
    answering: Answering = Answering()
    version: int = 0
    changed_at: datetime | None = None

    def employee(self, employee_id: str | None) -> Employee | None:
        """The employee with this id, or None."""
        return self._people.get(employee_id) if employee_id else None

    @cached_property
    def asked_fields(self) -> tuple[NoteField, ...]:
        """Those that are asked today; `note_fields` has what notes of former days answer, too."""
        return tuple(one for one in self.note_fields if not one.retired)

    @cached_property
    def _people(self) -> Mapping[str, Employee]:
        """Made when first asked for: among twenty thousand nobody is looked for one by one."""
        return {employee.id: employee for employee in self.employees}


@dataclass(frozen=True, slots=True)
class Agent:
    """Answers the calls. `interface`: the phone as the PBX knows it, e.g. "PJSIP/anna"; `bound`: to secrecy
    as § 203 StGB wants it; `teams`: ids; `languages`: in which callers can be answered, at least one."""

    id: str
    given_name: str
    family_name: str
    interface: str
    locale: str = FIRST_LANGUAGE
    bound: bool = False
    teams: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({SpokenLanguage.GERMAN.value})

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as far as the number tells: a hint, never proof.

    `number` is E.164, empty when withheld or unreadable.
    `vips`: every entry that fits, best first; `vip` is the first of them.
    """

    number: str = ""
    raw: str = ""
    withheld: bool = False
    display_name: str = ""
    vip: VipCaller | None = None
    vips: tuple[VipCaller, ...] = ()

    def is_vip_of(self, employee_id: str) -> bool:
        """A VIP of the whole company is a VIP of each of its employees."""
        known = self.vips or ((self.vip,) if self.vip else ())
        return any(vip.employee_id in (None, employee_id) for vip in known)


@dataclass(frozen=True, slots=True)
class CallNote:
    """What the agent wrote. `fields`: key and text of the customer's own; `callback_by`: local time.

    `callback_wanted` None: nobody said, see `wants_callback`. `asked_for`: whom the caller wanted, when
    somebody was rung; `put_through_to`: who took the call.
    """

    id: str
    caller_name: str
    concern: str
    caller_company: str = ""
    callback_number: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    callback_by: datetime | None = None
    recipients: tuple[str, ...] = ()
    put_through_to: str | None = None
    message_to_caller: str = ""
    vip_id: str | None = None
    callback_wanted: bool | None = None
    asked_for: str | None = None

    @property
    def wants_callback(self) -> bool:
        """As the agent said, else: somebody left a number or a time, and nobody took the call."""
        if self.callback_wanted is not None:
            return self.callback_wanted
        return bool(self.callback_number or self.callback_by) and self.put_through_to is None
