"""What somebody wants stored, as texts by field, and the answer when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rules.fault import Fault


class Wanted(Protocol):
    """A form, the body of a request, a row of a file. `ready`: nothing is wrong with it so far, and nobody
    else has stored something else meanwhile; else it is checked, but not stored."""

    @property
    def values(self) -> Mapping[str, str]: ...
    @property
    def ready(self) -> bool: ...


W = TypeVar("W", bound=Wanted)


@dataclass(frozen=True, slots=True)
class Given:
    """All texts, to be stored whatever was there: for callers without a page that somebody looks at."""

    values: Mapping[str, str]
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Rejected(Generic[W]):
    """Nothing is stored. `faults`: what is wrong with what was `wanted`; none where it was not `ready`."""

    wanted: W
    faults: tuple[Fault, ...] = ()
