"""How many days a company's data stay: as the house keeps them, or shorter or longer within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules.fault import Fault

BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"note_days": (7, 1095), "call_days": (7, 1095), "outbox_days": (1, 90)}
)
"""By class the fewest and the most days. Fewer would take notes away before they are read; for more than
three years nobody can give a reason."""


@dataclass(frozen=True, slots=True)
class RetentionDays:
    """Of one company; None: as the house."""

    note_days: int | None = None
    call_days: int | None = None
    outbox_days: int | None = None


def texts_of(days: RetentionDays) -> dict[str, str]:
    """For a form; "" as the house."""
    found = {name: getattr(days, name) for name in BOUNDS}
    return {name: "" if value is None else str(value) for name, value in found.items()}


def read_days(texts: Mapping[str, str]) -> RetentionDays | tuple[Fault, ...]:
    """As typed."""
    values: dict[str, int | None] = {}
    faults: list[Fault] = []
    for name, (least, most) in BOUNDS.items():
        text = texts[name].strip()
        if not text:
            values[name] = None
        elif text.isascii() and text.isdecimal() and least <= int(text[:6]) <= most and len(text) < 6:
            values[name] = int(text)
        else:
            faults.append(Fault(name, "days_range", {"least": str(least), "most": str(most)}))
    return tuple(faults) or RetentionDays(**values)


def in_words(days: RetentionDays) -> str:
    """ "90 – 7", for a log: notes, calls, messages; a dash as the house."""
    return " ".join(text or "–" for text in texts_of(days).values())
