"""`make bench`: every figure on one line beside what it is held against, and all of them as JSON.

Figures are ratios and counts of one run, since machines are shared and noisy. Ends with 1 when one is short.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.bench.figure import Figure

MEASUREMENTS = ("ami_reading", "pop_latency", "desks", "cpu_share", "statistics", "big_neighbour", "office")
RESULTS = Path("var/bench.json")


async def measure(name: str) -> list[Figure]:
    """What the module's `run()` found, a coroutine or not; of `office=50000` it gets the number."""
    module, _, size = name.partition("=")
    measured = importlib.import_module(f"tests.bench.{module}").run
    found = measured(int(size)) if size else measured()
    return list(await found if inspect.isawaitable(found) else found)


def main(names: Sequence[str]) -> int:
    """Measure all, or those named, as in `make bench ONLY=desks`, in their order."""
    figures: list[Figure] = []
    for name in names or MEASUREMENTS:
        for figure in asyncio.run(measure(name)):
            print(figure, flush=True)
            figures.append(figure)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2))
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
