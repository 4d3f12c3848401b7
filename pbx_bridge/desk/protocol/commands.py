"""Client → server: what the agent's screen may say."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pbx_bridge.desk.protocol.values import Message, NoteBody
from rules.presence.pause_reasons import PATTERN
from rules.vocabulary import CloseReason


class Command(Message, frozen=True):
    """Base of commands.

    `id` is made by the client, 1 to 64 letters; the same id again, within a day, gets the same answer and
    does nothing twice.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class CallCommand(Command, frozen=True):
    """Base of commands about one call."""

    call: str


class Ready(Command, frozen=True, tag="ready"):
    """Sign in to the queue, end a pause or the wrap-up."""


PauseCode = Annotated[str, msgspec.Meta(pattern=PATTERN)]
"""A `PauseReason`, or one that this house has made."""


class Pause(Command, frozen=True, tag="pause"):
    reason: PauseCode


class SignOut(Command, frozen=True, tag="sign_out"):
    pass


class Pick(CallCommand, frozen=True, tag="pick"):
    """Take this caller out of the waiting list: my phone rings next, and no other."""


class Hold(CallCommand, frozen=True, tag="hold"):
    """Caller hears music, agent hears nothing; ends by `ring`, `back` or the limit."""


class Ring(CallCommand, frozen=True, tag="ring"):
    """Ask the employee. mode hold: caller goes on music first. mode talk: the agent talks on meanwhile."""

    employee: str
    mode: Literal["hold", "talk"] = "hold"


class RingNumber(CallCommand, frozen=True, tag="ring_number"):
    """Ask somebody outside: a number that the company's texts name, or that was typed. Else as `ring`."""

    number: Annotated[str, msgspec.Meta(max_length=200)]
    mode: Literal["hold", "talk"] = "hold"


class AskColleague(CallCommand, frozen=True, tag="ask_colleague"):
    """Ring another agent, who must be ready, the caller on hold. Then as after `ring`: `connect` makes the
    call theirs. `give`: it is theirs as soon as they pick up; if they do not, the caller comes back."""

    colleague: str
    give: bool = False


class Switch(CallCommand, frozen=True, tag="switch"):
    """Somebody is there (mode talk): caller on hold, agent to the employee."""


class Connect(CallCommand, frozen=True, tag="connect"):
    """Caller and employee together."""


class Back(CallCommand, frozen=True, tag="back"):
    """Back to the caller, whatever goes on; stops ringing, drops the employee."""


class Cancel(CallCommand, frozen=True, tag="cancel"):
    """Stop ringing this employee; the next of the plan is not tried."""


class HangUp(CallCommand, frozen=True, tag="hang_up"):
    """End the call with the caller."""


Revision = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class SaveDraft(CallCommand, frozen=True, tag="save_draft"):
    """What is typed so far.

    `base`: the newest draft of the service that `body` contains, 0 before the first. One that was typed on
    an older draft than the newest is not taken (`draft_outdated`); without it the larger revision counts.
    """

    revision: Revision
    body: NoteBody
    base: Revision | None = None


class CheckNote(CallCommand, frozen=True, tag="check_note"):
    """How the service reads what is typed; nothing is stored, the answer has `read` and `fields`."""

    body: NoteBody


class Find(CallCommand, frozen=True, tag="find"):
    """Who, or which answer, fits `query`: more of a big company than its pop holds. Nothing changes.

    `ids`: these employees, whatever is typed; the answer has `employees`, `faq`, `names` and `total`.
    """

    what: Literal["employees", "faq"] = "employees"
    query: Annotated[str, msgspec.Meta(max_length=100)] = ""
    ids: Annotated[list[str], msgspec.Meta(max_length=50)] = msgspec.field(default_factory=list)


class SaveNote(CallCommand, frozen=True, tag="save_note"):
    """Store the note of the conversation and tell its recipients; when it is saved already, and for a note
    that lies open, what is different is a correction.

    `revision`: the newest draft that `body` contains, your own ones too; a newer one, typed elsewhere, stays
    open as a draft. `base`: the newest draft of the service in it, as in `save_draft`, and `drafts`: ids of
    your `save_draft` without an answer whose letters are in it; then only these count as contained.
    """

    body: NoteBody
    revision: Revision | None = None
    base: Revision | None = None
    drafts: Annotated[list[str], msgspec.Meta(max_length=50)] = msgspec.field(default_factory=list)


class CloseCall(CallCommand, frozen=True, tag="close_call"):
    """Leave an ended call without a note."""

    reason: CloseReason


class BlockCaller(CallCommand, frozen=True, tag="block_caller"):
    """Take the offer: turn the caller of this call away from this company from now on."""


class ReleaseCaller(CallCommand, frozen=True, tag="release_caller"):
    """Take that back at once."""


class PutOffBlock(CallCommand, frozen=True, tag="put_off_block"):
    """No answer to the offer, or enough of it: it leaves the screen and changes nothing."""


class CorrectNote(Command, frozen=True, tag="correct_note"):
    """Lay one of my own last notes open again; saving it stores a new version and tells the recipients."""

    note: str


class PutAway(CallCommand, frozen=True, tag="put_away"):
    """Leave a note that lies open for correction as it is."""


class Resync(Command, frozen=True, tag="resync"):
    pass


ClientCommand = (
    Ready
    | Pause
    | SignOut
    | Pick
    | Hold
    | Ring
    | RingNumber
    | AskColleague
    | Switch
    | Connect
    | Back
    | Cancel
    | HangUp
    | SaveDraft
    | CheckNote
    | Find
    | SaveNote
    | CloseCall
    | BlockCaller
    | ReleaseCaller
    | PutOffBlock
    | CorrectNote
    | PutAway
    | Resync
)
