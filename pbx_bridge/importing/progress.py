"""How far a long import is: a line for each tenth, and none for a file that takes no time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Tell = Callable[[str], object]
MANY = 500
"""Fewer are done before anybody wonders."""
TENTHS = 10


def nothing_said(_line: str) -> None:
    """For whoever does not look on."""


def told(tell: Tell, what: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """The items, of which there are `total`; `tell` hears "Storing: 2,000 of 20,000" as they go."""
    if total < MANY:
        yield from items
        return
    tell(f"{what}: {total:,}")
    for number, item in enumerate(items):
        yield item
        done = (number + 1) * TENTHS // total
        if done > number * TENTHS // total:
            tell(f"{what}: {number + 1:,} of {total:,}")
