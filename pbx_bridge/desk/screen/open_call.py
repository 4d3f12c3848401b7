"""A call that is on somebody's screen, with all that the screens know of it beside its live state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from pbx_bridge.calls.state import CallState
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.transfer_view import NOT_PUT_THROUGH, TransferView


@dataclass(frozen=True, slots=True)
class Paper:
    """What an agent's words go into: the new note of a conversation, or the correction of a note."""

    conversation: str
    corrects: p.CorrectionView | None = None

    @property
    def note(self) -> str | None:
        """The version that is corrected."""
        return self.corrects.note if self.corrects else None


@dataclass(frozen=True, slots=True)
class Handed:
    """What an agent had of a call when a colleague answered it: `draft` went along."""

    conversation: str
    draft: p.DraftView | None


@dataclass(frozen=True, slots=True)
class NotedBefore:
    """A conversation that was noted before a restart, of a call that may still live."""

    agent_id: str
    conversation: str
    noted: p.CorrectionView

    def is_of(self, agent_id: str, conversation: str) -> bool:
        """An older program did not write down which one it was."""
        return self.agent_id == agent_id and self.conversation in {"", conversation}


@dataclass(slots=True)
class CallOnScreen:
    """`owner`: the agent who answered last; the note is theirs to write. `viewers`: ids of all who see it.

    `conversation`: the one that goes on, or went on last. `settled`: it has its note, which is `noted`, or
    was left without one; `typed`: something else was typed since. `corrections`: agent → a note of theirs
    about this call that lies open. `handed`: agents who lost the call to a colleague before they noted it,
    until they see it anew. `answered_before`: when each viewer last answered for this company before this
    call; what changed since is news to them. `typed_by`: revision of each agent's draft and the command by
    which it came. `labels`: of the company's own fields, as far as they were ever shown. `recalled`: its
    agent answered it unseen by this service; the PBX told of it afterwards. `asked`: the agent whom a
    colleague rings for this call, or talks to.
    """

    call: CallState
    owner: str | None = None
    viewers: set[str] = field(default_factory=set)
    known_as: p.EarlierCallView | None = None
    conversation: str = ""
    settled: bool = False
    noted: p.CorrectionView | None = None
    typed: bool = False
    transfer: TransferView = NOT_PUT_THROUGH
    answered_before: dict[str, datetime | None] = field(default_factory=dict)
    corrections: dict[str, p.CorrectionView] = field(default_factory=dict)
    handed: dict[str, Handed] = field(default_factory=dict)
    typed_by: dict[str, tuple[int, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    recalled: bool = False
    asked: str | None = None

    def paper(self, agent_id: str) -> Paper | None:
        """What this agent may write now; None: the call is not theirs."""
        if open_note := self.corrections.get(agent_id):
            return Paper("", open_note)
        if agent_id != self.owner or (self.settled and self.noted is None):
            return None
        return Paper(self.conversation, self.noted)

    def came_by(self, agent_id: str, revision: int, commands: Collection[str]) -> bool:
        """Whether this draft came by one of these commands."""
        newest, command = self.typed_by.get(agent_id, (-1, ""))
        return newest == revision and command in commands

    def begin(self, agent_id: str, conversation: str, *, recalled: bool = False) -> None:
        """This agent has answered, and nothing of this conversation is noted."""
        self.owner, self.conversation = agent_id, conversation
        self.settled, self.noted, self.typed, self.recalled = False, None, False, recalled

    def settle(self, noted: p.CorrectionView | None) -> None:
        """The conversation has its note, or was left without one (None)."""
        self.settled, self.noted, self.typed = True, noted, False

    def has_the_line(self, agent_id: str, interface: str) -> bool:
        """Whether this agent still has the caller, or waits for them."""
        return agent_id == self.owner and self.call.live and self.call.busy_agent == interface

    def leaves(self, agent_id: str, interface: str, *, over: bool) -> bool:
        """Nothing is left for this agent to do with the call. `over`: all has been said of its end, also to
        those at whom it rang."""
        if agent_id in self.corrections or interface in self.call.offered:
            return False
        if agent_id == self.owner:
            return self.settled and not self.has_the_line(agent_id, interface)
        return over and not self.call.live

    def turn_over(self, interface: str) -> None:
        """Whoever typed on after saving and has left the line goes on with a correction."""
        if self.owner and self.noted and self.typed and not self.has_the_line(self.owner, interface):
            self.corrections[self.owner] = self.noted
            self.owner = None
