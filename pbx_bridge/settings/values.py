"""The kinds of value a setting can have, each with the limits that are checked when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


class Secret:
    """A password or key that shows itself only when asked by name; printing, logging and repr give `***`."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one line that sends it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self else "Secret()"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Between:
    """Lowest and highest number allowed, both included."""

    low: float
    high: float


Port = Annotated[int, Between(0, 65_535)]
Seconds = Annotated[float, Between(0.05, 86_400)]
Count = Annotated[int, Between(0, 1_000_000)]
Size = Annotated[int, Between(1, 1_000_000)]
Bytes = Annotated[int, Between(1_000, 100_000_000)]
Days = Annotated[int, Between(1, 3_650)]
MemoryKib = Annotated[int, Between(19_456, 4_194_304)]  # OWASP's floor for Argon2id: 19 MiB
