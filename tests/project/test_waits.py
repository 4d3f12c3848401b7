"""Tests wait for facts and not for time: how long they wait at most is for those that fail, and the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.until import PATIENCE

WAITS = {"until", "timeout", "wait_for", "wait", "expect_request", "sees", "step", "silent", "requeued"}
LIMITS = {"timeout", "within", "patience"}
A_LOOK = 1  # second; whoever looks whether nothing comes waits no longer


def short(source: str) -> Iterator[int]:
    """Lines that wait for something, for longer than a look and shorter than a crowded machine may need."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and _name(call.func) in WAITS:
            second = call.args[0 if _name(call.func) == "timeout" else 1 :][:1]
            limits = [*second, *(word.value for word in call.keywords if word.arg in LIMITS)]
            yield from (call.lineno for limit in limits if _is_short(limit))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _is_short(limit: ast.expr) -> bool:
    if not isinstance(limit, ast.Constant) or not isinstance(limit.value, int | float):
        return False
    seconds = limit.value / 1000 if limit.value >= 1000 else limit.value  # a browser's are milliseconds
    return A_LOOK <= seconds < PATIENCE


def test_a_short_wait_is_found() -> None:
    found = [
        "await until(done, 5)",
        "await until(done, timeout=5)",
        "async with asyncio.timeout(10): ...",
        "await asyncio.wait_for(done, 5)",
        "await page.locator(x).wait_for(timeout=10_000)",
        "await talk.sees('agent', within=12)",
    ]
    assert [name for name in found if not list(short(f"async def _():\n    {name}"))] == []
    fine = ["await until(done)", "await until(done, 60)", "await asyncio.wait({one}, timeout=0.3)"]
    assert [name for name in fine if list(short(f"async def _():\n    {name}"))] == []


def test_nobody_waits_for_a_short_time(root: Path) -> None:
    files = [file for file in (root / "tests").rglob("*.py") if "bench" not in file.parts]
    assert [f"{file.relative_to(root)}:{line}" for file in files for line in short(file.read_text())] == []
