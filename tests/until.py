"""Wait for something to become true instead of sleeping and hoping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

PATIENCE = 30.0
"""Seconds; nobody waits that long but a test that fails: on a crowded machine all takes long."""


async def until(
    predicate: Callable[[], object], timeout: float = PATIENCE, message: str | Callable[[], str] = ""
) -> None:
    """Wait until `predicate()` is true, looking every 10 ms; fails with `message` after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > end:
            said = message() if callable(message) else message
            pytest.fail(f"not within {timeout:g} s: {said or predicate}")
        await asyncio.sleep(0.01)


async def eventually(holds: Callable[[], Awaitable[object]], message: str) -> None:
    """The same for what has to be asked for."""
    end = time.monotonic() + PATIENCE
    while not await holds():
        if time.monotonic() > end:
            pytest.fail(f"not within {PATIENCE:g} s: {message}")
        await asyncio.sleep(0.05)
