"""Work that is done in small steps, so that whoever does it can pause in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Steps = Generator[None, None, Result]
"""Yields after every step of some microseconds; returns the result."""


def at_once(steps: Generator[object, None, Result]) -> Result:
    """The result, without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # what the generator returns
