"""Customer: what a company says about itself, and what the operator says of it, each thing once."""

from __future__ import annotations

from dataclasses import dataclass

from rules.fields.declaration import Field, Kind, Notice
from rules.fields.news_kind import NewsKind
from rules.vocabulary import ServiceState


@dataclass(frozen=True, slots=True)
class Tariff:
    """`sms_parts`: 1, or 2 where a long note may cost two; `retired`: no company gets it any more. What it
    costs, and since when, is another matter: `rules.billing.terms`."""

    id: str
    name: str
    put_through: bool
    sms_parts: int = 1
    retired: bool = False


@dataclass(frozen=True)
class CustomerSettings:
    """What a company has once. `zone`: IANA name; `region`: two letters, for national numbers; `state`: whose
    holidays are free, or ""; `spoken_name`: how the name is said; `hue`: 0–11, the company's colour;
    `confidential`: § 203 StGB; `service`: what the house has decided, no company changes it.
    """

    id: str
    name: str
    tariff: Tariff
    greeting: str
    spoken_name: str = ""
    instruction: str = ""
    default_email: str = ""
    hue: int = 0
    zone: str = "Europe/Berlin"
    region: str = "DE"
    state: str = ""
    confidential: bool = False
    service: ServiceState = ServiceState.LIVE


GREETING, SAID, REACHED = "greeting", "said", "reached"
"""The parts of the form."""

CUSTOMER = (
    Field(
        "greeting", Kind.TEXT, section=GREETING, longest=500, missing="greeting_empty",
        notice=Notice("greeting", NewsKind.GREETING, NewsKind.GREETING),
    ),
    Field("spoken_name", Kind.LINE, section=SAID, longest=120),
    Field(
        "instruction", Kind.TEXT, section=SAID, longest=4000, rows=5,
        notice=Notice("instruction", NewsKind.INSTRUCTION, NewsKind.INSTRUCTION_GONE),
    ),
    Field("default_email", Kind.EMAIL, section=REACHED, longest=254),
    Field("hue", Kind.NUMBER, limits=(0, 11), default="0"),
    Field("zone", Kind.TEXT, default="Europe/Berlin"),
    Field("region", Kind.TEXT, default="DE"),
    Field("state", Kind.CHOICE, section=REACHED, longest=2),
    Field("confidential", Kind.TICK),
)  # fmt: skip
"""What has no part of the form says the operator, as name and tariff; lists have rows of their own."""
