"""What every way out has in common: one message in, one of three outcomes back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from rules.model import Channel

_ADDRESS = re.compile(r"\S+@\S+|\+?\d[\d /-]{5,}\d")
MAX_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notification on its way.

    `attempt` counts from 1; `possible_duplicate`: an earlier try ended uncertain.
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


@dataclass(frozen=True, slots=True)
class Sent:
    """The next station has taken responsibility.

    `gateway_id` is its name for the message, for delivery reports.
    """

    gateway_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Surely not sent.

    `permanent`: trying again would fail the same way. `code` is stable, `detail` for the operator.
    """

    code: str
    permanent: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody can know: the connection was lost after the message was out and before the answer was in."""

    code: str
    detail: str = ""


Outcome = Sent | Failed | Uncertain


class Transport(Protocol):
    """A way out.

    `send` never raises for what the other side does; it takes as long as its own time limits allow.
    """

    async def send(self, message: Outgoing) -> Outcome: ...

    async def check(self) -> None:
        """Reach the other side without sending anything; raises OSError with a sentence when it cannot."""


def without_addresses(answer: str) -> str:
    """A server's answer fit for storing and logging: no addresses, no numbers, one line, bounded."""
    return _ADDRESS.sub("…", " ".join(answer.split()))[:MAX_DETAIL]
