"""Python's garbage collector in walks so short that no call waits for one.

By itself it walks now and then over all that lives: a tenth of a second where a company of 20,000 people is
in memory. Here it walks over a few thousand young objects at a time, and every ten seconds over what has
come to stay since. When that gets much it is put aside, as is what is known to stay: nobody walks over it
any more, and it goes when nobody holds it. Only what holds itself in a circle stays then; it is looked for
when much has been put aside and nobody calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable, Iterator
from time import perf_counter

YOUNG, ROUNDS, NEVER = 2_000, 3, 1_000_000_000
"""Objects until the young are walked over, a fifth of a millisecond; how often, until those that stayed are
too; and all that lives is not."""
PAUSE_SECONDS = 10.0
LONG_SECONDS = 0.002
"""What took longer to walk over is put aside."""
MUCH = 2_000_000
"""Objects put aside since all were last walked over, a second's work."""


@contextlib.contextmanager
def short_walks() -> Iterator[None]:
    """As long as the block goes on."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, ROUNDS, NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


_making: list[None] = []


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """For a block that makes very much which stays for a while: it is put aside at its end, and nothing walks
    over it meanwhile."""
    _making.append(None)
    try:
        yield
    finally:
        _making.pop()
        gc.freeze()


async def sweep(nobody_calls: Callable[[], bool]) -> None:
    """Until cancelled."""
    aside = gc.get_freeze_count()
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        if not _making:
            aside = walk(aside, nobody_calls)


def walk(aside: int, nobody_calls: Callable[[], bool]) -> int:
    """Over what has come to stay, or over all when much more than `aside` objects are put aside.

    Returns how many were when all had last been walked over."""
    all_of_it = gc.get_freeze_count() > aside + MUCH and nobody_calls()
    if all_of_it:
        gc.unfreeze()
    began = perf_counter()
    gc.collect()
    if all_of_it or perf_counter() - began > LONG_SECONDS:
        gc.freeze()
    return gc.get_freeze_count() if all_of_it else aside
