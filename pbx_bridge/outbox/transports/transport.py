"""What every way out has in common: one message in, one of three outcomes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from rules.model import Channel
from rules.outbox.mail_answers import About
from rules.text.foreign_text import discreet


class Departure:
    """Whether a message is on its way: from the moment on in which nobody can be sure that it is not."""

    def __init__(self) -> None:
        self.begun = False

    def not_yet(self) -> None:
        """A try begins."""
        self.begun = False

    def begin(self) -> None:
        """The next byte may be the one that makes the other side act."""
        self.begun = True


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file that goes with a mail; `name`: as its reader sees it, plain ASCII."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notification on its way.

    `attempt` counts from 1; `possible_duplicate`: an earlier try ended uncertain. `report_token`: the secret
    under which a gateway may report; "": it may not.
    """

    id: str
    channel: Channel
    address: str
    text: str
    cc: tuple[str, ...] = ()
    subject: str = ""
    html: str = ""
    message_id: str = ""
    attempt: int = 1
    possible_duplicate: bool = False
    report_token: str = ""
    sound: Sound | None = None
    leaving: Departure = field(default_factory=Departure, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that fared differently from the message itself."""

    address: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Sent:
    """The next station has taken responsibility.

    `gateway_id` is its name for the message, for delivery reports.
    """

    gateway_id: str = ""
    detail: str = ""
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """Surely not sent.

    `permanent`: trying again would fail the same way. `code` is stable, `detail` for the operator. `about`
    the server: it says nothing against the message, which waits; never permanent.
    """

    code: str
    permanent: bool
    detail: str = ""
    about: About = About.MESSAGE
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody can know: the connection was lost after the message was out and before the answer was in."""

    code: str
    detail: str = ""
    copies: tuple[Copy, ...] = ()


Outcome = Sent | Failed | Uncertain


class Transport(Protocol):
    """A way out.

    `send` never raises for what the other side does; it takes as long as its own time limits allow.
    """

    async def send(self, message: Outgoing) -> Outcome: ...

    async def check(self) -> None:
        """Reach the other side without sending anything; raises OSError with a sentence when it cannot."""


def without_addresses(answer: str | bytes) -> str:
    """A server's answer fit for storing and logging: one readable line, bounded, no addresses, no numbers."""
    return discreet(answer)
