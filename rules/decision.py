"""The two answers a rule can give, as values: allowed, which is true, or refused with a code, not true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead. `reason` is a code where the rule had a choice, else empty."""

    reason: str = ""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed. `code` is stable and names a text in the catalogues, `params` fill that text's gaps."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __bool__(self) -> Literal[False]:
        return False
