"""What happens to a caller for whom nobody is free: what can be set, each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.fields.declaration import Field, Kind
from rules.text.working_hours import WorkingHours


class Ending(StrEnum):
    """How it goes on for a caller who does not wait any longer. `HANG_UP`: the call ends without a word;
    `BUSY`: as if the line were engaged; `ANNOUNCEMENT`: it ends after some words; `MESSAGE`: after these the
    caller speaks after a tone."""

    HANG_UP = "hang_up"
    BUSY = "busy"
    ANNOUNCEMENT = "announcement"
    MESSAGE = "message"


class Outside(StrEnum):
    """How it goes for whoever calls outside the hours: nobody's phone rings."""

    BUSY = "busy"
    ANNOUNCEMENT = "announcement"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class NobodyFree:
    """`hours` None: calls are answered at any time; their `state` says whose holidays are free. After `after`
    seconds in the queue comes the `ending`. `announcement`: name of a sound, "": none. `call_back`: name of
    the sound that says by which key a caller is called back, before the ending and outside the hours; "": not
    offered. `music`: what callers hear while they wait, a class of the PBX; "": as everywhere."""

    hours: WorkingHours | None = None
    outside: Outside = Outside.MESSAGE
    after: int = 300
    ending: Ending = Ending.HANG_UP
    announcement: str = ""
    call_back: str = ""
    music: str = ""


AS_EVER = NobodyFree()
"""Five minutes in the queue, then the call ends."""

WHEN, THEN = "when", "then"
"""The parts of the form."""

NOBODY_FREE = (
    Field("hours", Kind.WEEK, section=WHEN, longest=500),
    Field("outside", Kind.CHOICE, section=WHEN, choices=Outside, default=Outside.MESSAGE),
    Field("after", Kind.NUMBER, section=THEN, limits=(10, 3600), default="300"),
    Field("ending", Kind.CHOICE, section=THEN, choices=Ending, default=Ending.HANG_UP),
    Field("announcement", Kind.CHOICE, section=THEN, longest=60),
    Field("call_back", Kind.CHOICE, section=THEN, longest=60),
    Field("music", Kind.CHOICE, section=WHEN, longest=60),
)
"""Which announcements and which music there are is no matter of the declaration: they are the operator's."""
