"""Long lists in parts: as many rows as a phone shows without effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ROWS = 100

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Entry]):
    """A part of a list. `total`: how many fit the search; `pages` count from 1."""

    rows: tuple[Entry, ...]
    total: int
    page: int
    pages: int


def part(found: Sequence[Entry], page: str) -> Listed[Entry]:
    """The rows of a page as the address names it; one that does not exist is the nearest one that does."""
    pages = max(1, -(-len(found) // ROWS))
    at = min(max(int(page[:9]), 1), pages) if page.isdecimal() else 1
    return Listed(tuple(found[(at - 1) * ROWS : at * ROWS]), len(found), at, pages)
