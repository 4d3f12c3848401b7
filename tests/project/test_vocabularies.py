"""Each word that is stored, sent or shown is a word of one enum: the database, the protocol, the pages and
the catalogues know all of them and no other."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from pbx_bridge.calls.effects import Phase
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.pages import menus
from pbx_bridge.desk.protocol import values
from pbx_bridge.desk.protocol.status import PAUSES
from pbx_bridge.editing.change_codes import HouseChangeCode, OwnChangeCode
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.calls.call_back_list import CallBackChoice
from pbx_bridge.storage.calls.call_filter import Result
from pbx_bridge.storage.tables.billing import UsageRowKind
from pbx_bridge.web.i18n import catalogue, languages
from rules import model, vocabulary
from rules.billing.statement import LineKind
from rules.billing.terms import CallTime
from rules.billing.usage import UsageKind
from rules.calls.colleagues import Standing
from rules.calls.identify import CalledBy
from rules.calls.transfer import TransferRefusal
from rules.fields.nobody_free import Ending, Outside
from rules.model import BlockReason, Channel, FieldKind, MessageKind, PutThrough
from rules.office.call_life import WAITING, LifeKind, TriedBecause
from rules.office.processing import Protection, ServerKind, ServerPlace
from rules.office.report import ReportBy, ReportOrder
from rules.outbox.mail_answers import About
from rules.outbox.notification import Told
from rules.outbox.undelivered import Meaning, Why
from rules.presence.availability import Presence
from rules.presence.pause_reasons import PATTERN, choices
from rules.vocabulary import (
    AttemptResult,
    CallBackEnd,
    CallOutcome,
    CloseReason,
    EndReason,
    ErasureKind,
    ImportKind,
    MessageState,
    OfferGoneReason,
    PauseReason,
    PhoneTrouble,
    Role,
    SendOutcome,
    ServiceState,
    SpokenLanguage,
    WishReason,
)

Words = Iterable[str]

# ---- the database

CHECKS: dict[str, Words] = {
    "account_role": Role,
    "alarm_told_by": Channel,
    "attempt_result": AttemptResult,
    "blocked_caller_reason": BlockReason,
    "call_back_done_how": CallBackEnd,
    "call_back_why": WishReason,
    "call_offer_reason": OfferGoneReason,
    "call_outcome": CallOutcome,
    "call_time_spent_on": CallTime,
    "customer_service": ServiceState,
    "delivery_attempt_about": About,
    "delivery_attempt_outcome": SendOutcome,
    "employee_put_through": PutThrough,
    "erasure_kind": ErasureKind,
    "import_job_kind": ImportKind,
    "nobody_free_ending": Ending,
    "nobody_free_outside": Outside,
    "note_field_kind": FieldKind,
    "notification_channel": Channel,
    "notification_kind": MessageKind,
    "notification_state": MessageState,
    "usage_kind": UsageRowKind,
}


def checks(root: Path) -> dict[str, list[str]]:
    """Every list of words that schema.sql allows."""
    found = re.findall(r"CONSTRAINT (\w+) CHECK \(\w+ IN \(('[^)]*)\)\)", (root / "schema.sql").read_text())
    return {name: re.findall(r"'(\w+)'", words) for name, words in found}


def test_the_database_takes_the_words_of_the_enums(root: Path) -> None:
    assert checks(root) == {name: [str(word) for word in words] for name, words in CHECKS.items()}


# ---- the desk's protocol

FIELDS: dict[tuple[type, str], Words] = {
    (p.CloseCall, "reason"): CloseReason,
    (p.Ring, "mode"): ("hold", "talk"),
    (p.RingNumber, "mode"): ("hold", "talk"),
    (p.PutThroughView, "mode"): ("hold", "talk"),
    (p.ColleagueView, "state"): Standing,
    (p.AgentView, "state"): Standing,
    (p.AvailabilityView, "kind"): Presence,
    (p.NoteFieldView, "kind"): FieldKind,
    (p.OfferGone, "reason"): OfferGoneReason,
    (p.CallView, "end_reason"): (*EndReason, "requeued"),
    (p.CallView, "phase"): {*Phase, "asked"} - {Phase.ARRIVED, Phase.WAITING},
    (p.SavedNoteView, "state"): {*MessageState, "none"} - {MessageState.SENDING},
}
OWN = {
    *((p.CallerView, "kind"), (p.PutThroughView, "step"), (p.BlockView, "state"), (p.Find, "what")),
    *((p.LinkView, name) for name in ("pbx", "mail", "sms", "storage")),
}
"""Words that only the protocol has."""


def closed_sets() -> Iterator[tuple[type, str, set[str]]]:
    """Every field of the protocol that takes one of some words."""
    for kind in vars(p).values():
        if isinstance(kind, type) and hasattr(kind, "__struct_fields__"):
            for name, hint in get_type_hints(kind).items():
                if words := {str(word) for word in words_of(hint)}:
                    yield kind, name, words


def words_of(hint: object) -> Iterator[str]:
    if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
        yield from hint
    for part in get_args(hint):
        if isinstance(part, str):
            yield part
        else:
            yield from words_of(part)


def test_the_protocol_speaks_the_words_of_the_enums() -> None:
    found = {(kind, name): words for kind, name, words in closed_sets() if (kind, name) not in OWN}
    assert found == {place: {str(word) for word in words} for place, words in FIELDS.items()}
    assert set(PAUSES) == {"", *PauseReason, *PhoneTrouble}
    assert all(re.match(PATTERN, reason) for reason in PauseReason)


# ---- what the pages offer


def test_the_desk_offers_what_the_service_takes() -> None:
    assert {name: words.split() for name, words in menus(choices([])).items()} == {
        "pauses": [str(word) for word in PauseReason],
        "closes": [str(word) for word in CloseReason],
    }


LISTS: dict[tuple[str, str], Words] = {
    ("desk/static/state.js", "URGENCY"): set(get_args(values.CallPhase)) - {"ended", "joined"},
    ("desk/static/state.js", "OVER"): ("ended", "joined"),
    ("desk/static/view/company.js", "LIVE"): set(get_args(values.CallPhase)) - {"ended"},
    ("desk/static/view/colleagues.js", "WITH_CALLER"): ("talking", "putting_through"),
    ("desk/static/view/me.js", "TROUBLE"): PhoneTrouble,
    ("desk/static/offered.js", "FREE"): set(Standing) - {Standing.TALKING},
    ("floor/static/actions.js", "BUSY"): {Standing.RINGING, Standing.TALKING, Standing.WRAP_UP},
}


@pytest.mark.parametrize("file,name", LISTS)
def test_the_scripts_know_all_words(file: str, name: str, root: Path) -> None:
    source = (root / "pbx_bridge" / file).read_text()
    found = re.search(rf"^const {name} = (?:new Set\()?\[([^\]]*)\]", source, re.MULTILINE)
    assert found, "the list is gone; mend this test"
    assert set(re.findall(r'"(\w+)"', found[1])) == {str(word) for word in LISTS[file, name]}


# ---- the catalogues


@dataclass(frozen=True)
class Group:
    """The sentences `room: prefix.*` are for these words, and for those few `more`."""

    room: str
    prefix: str
    words: Words
    more: tuple[str, ...] = ()


MISSING_NOTE = (
    *CloseReason,
    *(one for one in CallOutcome if one not in (CallOutcome.NOTED, CallOutcome.CLOSED)),
)
GROUPS = [
    Group("desk", "pauses", (*PauseReason, *PhoneTrouble), ("title", "sign_out")),
    Group("floor", "reason", (*PauseReason, *PhoneTrouble)),
    Group("desk", "closes", CloseReason, ("title",)),
    Group("portal", "call.no_note", MISSING_NOTE),
    Group("portal", "statistics.result", Result),
    Group("desk", "colleague_states", Standing),
    Group("desk", "live.me", Standing),
    Group("admin", "agents.state", Standing),
    Group("floor", "state", Standing, ("paused_for", "last")),
    Group("desk", "gone", OfferGoneReason),
    Group("desk", "phase", get_args(values.CallPhase), ("waits", "correction", "last")),
    Group("desk", "live.phase", get_args(values.CallPhase)),
    Group("desk", "live.step", get_args(get_type_hints(p.PutThroughView)["step"])),
    Group("floor", "step", get_args(get_type_hints(p.PutThroughView)["step"]), ("joined", "putting_through")),
    Group("desk", "results", AttemptResult, ("other",)),
    Group("portal", "call.attempt", AttemptResult, ("running",)),
    Group("desk", "refusals", set(TransferRefusal) - {TransferRefusal.UNKNOWN_EMPLOYEE}, ("other",)),
    Group("desk", "notes.state", get_args(values.NoteState)),
    Group("portal", "call.state", MessageState),
    Group("portal", "call.try", SendOutcome, ("running",)),
    Group("portal", "call.channel", Channel),
    Group(
        "web",
        "life.kind",
        set(LifeKind) - {LifeKind.TURNED, LifeKind.TRY_OVER, LifeKind.SENDING, LifeKind.WISH_OVER},
        ("answered_by",),
    ),
    Group("web", "life.turned", (*CallTime, WAITING)),
    Group("web", "life.time", CallTime),
    Group("admin", "call_search.result", Result, ("not_taken",)),
    Group("admin", "call_backs.why", WishReason),
    Group("admin", "call_backs.choice", CallBackChoice),
    Group("admin", "call_backs.none", CallBackChoice),
    Group("admin", "call_backs.stage", CallBackEnd, ("waiting", "ringing")),
    Group("admin", "call_back.means", CallBackEnd, ("waiting", "ringing")),
    Group("web", "life.wished", WishReason),
    Group("web", "life.wish_over", CallBackEnd),
    Group("admin", "reports.by", ReportBy, ("title",)),
    Group("admin", "reports.order", ReportOrder, ("title",)),
    Group("admin", "call_life.outcome", CallOutcome, ("title",)),
    Group("web", "life.sending", SendOutcome, ("running",)),
    Group("web", "life.result", AttemptResult),
    Group("web", "life.called_by", CalledBy),
    Group("web", "life.offer", OfferGoneReason),
    Group("web", "life.tried", TriedBecause),
    Group("web", "life.left_out", TransferRefusal),
    Group("web", "life.after", AttemptResult),
    Group("web", "life.ended", EndReason),
    Group("web", "life.told", Told),
    Group("web", "undelivered.channel", Channel),
    Group("web", "undelivered.kind", MessageKind, ("copy",)),
    Group("web", "undelivered.state", MessageState),
    Group("web", "undelivered.why", Why),
    Group("portal", "undelivered.why", Why),
    Group("web", "undelivered.meaning", set(Meaning) - {Meaning.NOTHING}),
    Group("portal", "blocked.reasons", BlockReason),
    Group("portal", "company.kinds", FieldKind),
    Group("admin", "note_fields.kind", FieldKind),
    Group("portal", "employees.put_through", PutThrough),
    Group("portal", "employee.put_through", PutThrough, ("label", "help", "example")),
    Group("portal", "billing.line", LineKind),
    Group("portal", "billing.event", UsageKind),
    Group("portal", "access.deed", AccessEvent, ("title",)),
    Group("portal", "changes.deed", {*OwnChangeCode, *HouseChangeCode}, ("other", "subaccount_deleted")),
    Group("admin", "protocol.kind", ErasureKind),
    Group("admin", "processing.part", ServerKind),
    Group("admin", "processing.place", ServerPlace),
    Group("admin", "processing.protection", Protection),
    Group("admin", "processing.roles", Role),
    Group("outbox", "result", AttemptResult),
    Group("web", "home.role", Role),
    Group("web", "spoken", SpokenLanguage),
]


@pytest.mark.parametrize("locale", languages())
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group.room}:{group.prefix}")
def test_each_word_has_a_sentence_and_no_sentence_is_for_nothing(group: Group, locale: str) -> None:
    there = {
        key.removeprefix(f"{group.prefix}.")
        for key in catalogue(group.room, locale)
        if key.rpartition(".")[0] == group.prefix
    }
    assert there == {str(word) for word in group.words} | set(group.more)


def test_no_vocabulary_is_held_against_nothing() -> None:
    """A new enum of stored or shown words gets a line above."""
    places = (*CHECKS.values(), *FIELDS.values(), *LISTS.values(), *(one.words for one in GROUPS))
    held = {type(word) for words in places for word in words}
    own = {
        kind
        for module in (vocabulary, model)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, enum.StrEnum) and kind is not enum.StrEnum
    }
    assert own - held == set()
