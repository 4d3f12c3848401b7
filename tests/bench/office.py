"""The office of a big house beside the same pages of 500 companies, a hundredth of the biggest house.

`make bench ONLY=office` has 5,000 companies beside them, `ONLY=office=50000` the biggest house: a million
people and ten million calls, some ten gigabytes, a quarter of an hour before the first page is asked. Of each
page the ratio of its quickest answers, in turn, and the longest that it held the loop in any.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.migrate import upgrade
from pbx_bridge.web.rendering import compile_pages
from tests import office_pages
from tests.bench.figure import Figure, held
from tests.loop_watch import LONGEST, Watch
from tests.office_pages import LISTS, ONE, SEARCHES, SUMS, OpenedOffice

FEW, MANY = 500, 5_000
ROUNDS = 5
LONG_SECONDS = 2.0
"""What takes so long in the big house is asked twice only."""
Asked = dict[str, tuple[float, float]]
"""By page the ratio, and seconds of the loop."""


async def run(companies: int = MANY) -> list[Figure]:
    """Lists and pages of one thing at most twice as long; what reads or adds up everything, as many times as
    there is more of it, and half as much again."""
    compile_pages()
    with tempfile.TemporaryDirectory() as folder:
        async with _house(folder, FEW) as small, _house(folder, companies) as large:
            gc.freeze()
            lists = await _asked({**LISTS, **ONE}, small, large)
            sums = await _asked({**SEARCHES, **SUMS}, small, large)
    name, more = f"{companies:,} companies beside {FEW:,}", companies / FEW
    figures = [
        held(f"office, {page}, {name}", ratio, "times", "at most", 2) for page, (ratio, _) in lists.items()
    ]
    figures += [
        held(f"office, all of: {page}, {name}", ratio, "times", "at most", 1.5 * more)
        for page, (ratio, _) in sums.items()
    ]
    longest = max({**lists, **sums}.items(), key=lambda one: one[1][1])
    limit = LONGEST * 1e3
    return [*figures, held(f"office, loop held by {longest[0]}", longest[1][1] * 1e3, "ms", "at most", limit)]


@asynccontextmanager
async def _house(folder: str, companies: int) -> AsyncIterator[OpenedOffice]:
    path = Path(folder) / f"house-{companies}.db"
    db, began = Database(f"sqlite:///{path}"), time.perf_counter()
    await upgrade(db)
    await office_pages.furnish(path, db, companies)
    size, took = path.stat().st_size / 1e9, time.perf_counter() - began
    print(f"  {companies:,} companies: {size:.1f} GB, made in {took:.0f} s", file=sys.stderr, flush=True)
    async with office_pages.opened(db, companies) as opened:
        yield opened
    await db.close()


async def _asked(pages: Mapping[str, str], small: OpenedOffice, large: OpenedOffice) -> Asked:
    found: Asked = {}
    for name, path in pages.items():
        took: tuple[list[float], list[float]] = [], []
        watch = Watch()
        for turn in range(ROUNDS):
            if turn > 1 and took[1][-1] > LONG_SECONDS:
                break
            for times, office in zip(took, (small, large), strict=True):
                times.append(await _seconds(office, path, watch))
        quickest, loop = (min(took[0]), min(took[1])), watch.longest().seconds
        found[name] = quickest[1] / quickest[0], loop
        told = f"{quickest[0] * 1e3:8.1f} → {quickest[1] * 1e3:9.1f} ms, loop {loop * 1e3:3.0f} ms"
        print(f"  {told}  {name}", file=sys.stderr, flush=True)
    return found


async def _seconds(office: OpenedOffice, path: str, watch: Watch) -> float:
    began = time.perf_counter()
    with watch.watching():
        status, _ = await office.see(path)
    if status != 200:
        raise RuntimeError(f"{path}: {status}")
    return time.perf_counter() - began


if __name__ == "__main__":
    for figure in asyncio.run(run(*map(int, sys.argv[1:]))):
        print(figure)
