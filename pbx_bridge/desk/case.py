"""A call that is on somebody's screen, with all that the screens know of it beside its live state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pbx_bridge.calls.state import CallState
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.through import NOT_PUT_THROUGH, Through


@dataclass(slots=True)
class Case:
    """`owner`: the agent who answered last; the note is theirs to write. `viewers`: ids of all who see it.

    `answered_before`: when each viewer last answered for this company before this call; what changed since
    is news to them. `correction`: the call is over and noted, and its note lies open again.
    `recalled`: its agent answered it while nobody of us saw it; the PBX told of it afterwards.
    """

    call: CallState
    owner: str | None = None
    viewers: set[str] = field(default_factory=set)
    known_as: p.EarlierCallView | None = None
    noted: bool = False
    through: Through = NOT_PUT_THROUGH
    answered_before: dict[str, datetime | None] = field(default_factory=dict)
    correction: p.CorrectionView | None = None
    recalled: bool = False
