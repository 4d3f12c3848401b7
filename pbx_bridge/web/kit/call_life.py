"""The life of a call in words: the same lines for the house and, as proof of service, for the company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.web.kit.date_format import Moments, Translate
from rules.office.call_facts import MessageFact
from rules.office.call_life import LifeKind, LifeLine
from rules.outbox.undelivered import Meaning, meaning
from rules.text.salutation import spoken
from rules.vocabulary import MessageState


@dataclass(frozen=True, slots=True)
class LifeNames:
    """How people and addresses are called on this page. `people`, `agents`: names by id; `number`, `address`:
    as they are shown, the address of a message too."""

    people: Mapping[str, str]
    agents: Mapping[str, str]
    number: Callable[[str], str]
    address: Callable[[MessageFact, str], str]


@dataclass(frozen=True, slots=True)
class LifeRow:
    """A line of the page. `offset`: since the arrival, "+0:06"; `why`: sentences; `said`: the other side's
    own words, or, `by_hand`, of whoever settled it; `state`: for the sign beside it, "" for none."""

    kind: LifeKind
    clock: str
    offset: str
    title: str
    why: tuple[str, ...]
    said: str
    state: str
    by_hand: bool


class LifeWords:
    """Makes rows of lines. `began`: when the call arrived; what happens on another day has its date."""

    def __init__(self, t: Translate, moments: Moments, names: LifeNames, began: datetime) -> None:
        self._t, self._moments, self._names, self._began = t, moments, names, began

    def rows(self, lines: Iterable[LifeLine]) -> Iterator[LifeRow]:
        """In their order."""
        for line in lines:
            yield LifeRow(
                kind=line.kind,
                clock=self._clock(line.at),
                offset=offset(line.seconds),
                title=self._title(line),
                why=tuple(filter(None, (*self._why(line), self._lasted(line)))),
                said=line.said,
                state=_state(line),
                by_hand=line.by_hand,
            )

    def _clock(self, at: datetime) -> str:
        same = self._moments.date(at) == self._moments.date(self._began)
        return self._moments.exact(at) if same else f"{self._moments.date(at)}, {self._moments.exact(at)}"

    def _title(self, line: LifeLine) -> str:
        about = {"whom": self._whom(line), "agent": self._agent(line), "channel": self._channel(line)}
        match line.kind:
            case LifeKind.TURNED:
                return self._t(f"life.turned.{line.why}")
            case LifeKind.TRY_OVER:
                return self._t(f"life.result.{line.why}", **about)
            case LifeKind.SENDING:
                return self._t(f"life.sending.{line.why}", **about)
            case LifeKind.WISH_OVER:
                return self._t(f"life.wish_over.{line.why}")
            case LifeKind.ANSWERED if line.agent:
                return self._t("life.kind.answered_by", **about)
        return self._t(f"life.kind.{line.kind}", **about)

    def _why(self, line: LifeLine) -> Iterator[str]:
        if line.why and (group := _GROUPS.get(line.kind)):
            yield self._t(f"life.{group}.{line.why}")
        match line.kind:
            case LifeKind.ARRIVED | LifeKind.CALLS_BACK if line.why:
                yield self._t(f"life.called_by.{line.why}", number=self._names.number(line.number))
            case LifeKind.ANSWERED if line.why:
                yield self._t("life.recalled")
            case LifeKind.WISH_OVER if line.agent:
                yield self._t("life.wish_agent", agent=self._agent(line))
            case LifeKind.TRIED:
                yield self._t(f"life.tried.{line.why}", because=self._because(line))
            case LifeKind.NOTED | LifeKind.CORRECTED:
                yield from self._note(line)
            case LifeKind.QUEUED:
                yield from self._message(line)
            case LifeKind.SENDING if line.why in {"failed", "uncertain"}:
                found = meaning(line.said)
                if found is not Meaning.NOTHING:
                    yield self._t(f"undelivered.meaning.{found}")

    def _because(self, line: LifeLine) -> str:
        return self._t(f"life.{line.why}.{line.because}") if line.because else ""

    def _note(self, line: LifeLine) -> Iterator[str]:
        if line.agent:
            yield self._t("life.noted_by", agent=self._agent(line))
        people = [self._person(one) for one in line.note.recipients] if line.note else []
        if people:
            yield self._t("life.noted_for", names=", ".join(people))
        if line.note and line.note.urgent:
            yield self._t("life.urgent")

    def _message(self, line: LifeLine) -> Iterator[str]:
        message = line.message
        if message is None:
            return
        if message.is_copy:
            yield self._t("undelivered.kind.copy")
        else:
            yield self._t(f"undelivered.kind.{message.kind}")
        if line.why:
            yield self._t(f"life.told.{line.why}")
        if message.address:
            yield self._t("life.address", address=self._names.address(message, message.address))
            for copy in message.copies:
                yield self._t("life.copy", address=self._names.address(message, copy))
        else:
            yield self._t("life.erased")

    def _lasted(self, line: LifeLine) -> str:
        if line.lasted is None or line.lasted < 0:
            return ""
        minutes, seconds = divmod(line.lasted, 60)
        how = _LASTED.get(line.kind, "lasted")
        return self._t(f"life.{how}", length=self._t("moments.length", minutes=minutes, seconds=seconds))

    def _whom(self, line: LifeLine) -> str:
        if line.number:
            return self._names.number(line.number)
        if line.employee:
            return self._person(line.employee)
        return self._t("undelivered.company") if line.message else self._t("life.nobody")

    def _person(self, employee_id: str) -> str:
        name = self._names.people.get(employee_id)
        return spoken(name) if name else self._t("life.gone")

    def _agent(self, line: LifeLine) -> str:
        return self._names.agents.get(line.agent) or self._t("life.some_agent")

    def _channel(self, line: LifeLine) -> str:
        return self._t(f"undelivered.channel.{line.message.channel}") if line.message else ""


_GROUPS = {LifeKind.RANG: "offer", LifeKind.ENDED: "ended", LifeKind.WISHED: "wished"}
"""Of kinds whose reason is one sentence, by its word."""
_LASTED = {LifeKind.ANSWERED: "waited", LifeKind.RANG: "rung", LifeKind.PICKED_UP: "rung"}


def offset(seconds: int) -> str:
    """ "+0:06", "+2:05:00"; with a minus where the clock was put back."""
    sign, whole = ("-" if seconds < 0 else "+"), abs(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{sign}{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{sign}{minutes}:{whole % 60:02}"


def _state(line: LifeLine) -> str:
    match line.kind:
        case LifeKind.SENDING | LifeKind.SETTLED:
            return "sending" if line.why == "running" else line.why
        case LifeKind.REPORTED:
            return MessageState.DELIVERED.value
        case LifeKind.NEXT_TRY | LifeKind.QUEUED:
            return MessageState.WAITING.value
    return ""
