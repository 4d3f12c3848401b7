"""Long lists in parts: as many rows as a phone shows without effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

ROWS = 100
BIG_ROWS = 25
"""Where a row is a form of its own."""

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Entry]):
    """A part of a list. `total`: how many fit the search; `pages` count from 1."""

    rows: tuple[Entry, ...]
    total: int
    page: int
    pages: int


class Named(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str: ...


NamedEntry = TypeVar("NamedEntry", bound=Named)


def part(found: Sequence[Entry], page: str, rows: int = ROWS) -> Listed[Entry]:
    """The rows of a page as the address names it; one that does not exist is the nearest one that does."""
    pages = max(1, -(-len(found) // rows))
    at = min(max(int(page[:9]), 1), pages) if page.isdecimal() else 1
    return Listed(tuple(found[(at - 1) * rows : at * rows]), len(found), at, pages)


def part_with(
    found: Sequence[NamedEntry], page: str, wanted: str, rows: int = BIG_ROWS
) -> Listed[NamedEntry]:
    """The same; if one with the id `wanted` is among them, the page on which it stands."""
    at = next((n for n, one in enumerate(found) if one.id == wanted), None) if wanted else None
    return part(found, page if at is None else str(at // rows + 1), rows)
