"""Python's garbage collector in walks so short that no call waits for one.

By itself it walks now and then over all that lives: a tenth of a second where a company of 20,000 people is
in memory. Here it walks over a few thousand young objects at a time, and every few seconds over what
has come to stay since. When that gets much it is put aside, as is what is known to stay: nobody walks over it
any more, and it goes when nobody holds it. Only what holds itself in a circle stays then; it is looked for
when much has been put aside and nobody calls.

What is not garbage takes its time too: whoever drops the last hold on a company of 20,000 people frees all of
it in one step of forty milliseconds. `goes_gently` spreads that over many.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

YOUNG, ROUNDS, NEVER = 700, 3, 1_000_000_000
"""Objects until the young are walked over, which takes some tenths of a millisecond; how often, until those
that stayed are too; and all that lives is not."""
PAUSE_SECONDS = 5.0
FEW = 5
"""Of such walks over what stayed since something was put aside, until it is too much for one more."""
OFTEN = 100
"""How often something was put aside, until all that lives is walked over when nobody calls."""
AT_ONCE, REST_SECONDS = 100, 0.001
"""How many parts of something large are let go in one step, and how long the others have their turn then."""


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
_stayed: list[int] = []
"""How many of such walks there were, asked each time, since something was put aside."""
_put_aside: list[None] = []
"""Once for each time since all was walked over; how much it is cannot be asked without counting it."""


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """For a block that makes very much which stays for a while: it is put aside at its end, and nothing walks
    over it meanwhile."""
    _making.append(None)
    try:
        yield
    finally:
        _making.pop()
        _put()


async def sweep(nobody_calls: Callable[[], bool]) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        if not _making:
            walk(nobody_calls)


def walk(nobody_calls: Callable[[], bool]) -> None:
    """Over what has come to stay, or over all when something was put aside often and nobody calls."""
    all_of_it = len(_put_aside) > OFTEN and nobody_calls()
    if all_of_it:
        gc.unfreeze()
        _put_aside.clear()
    _stayed.append(gc.get_count()[2])
    much = sum(_stayed) > FEW
    if all_of_it or not much:
        gc.collect()
    if all_of_it or much:
        _put()


def _put() -> None:
    _stayed.clear()
    _put_aside.append(None)
    gc.freeze()


def goes_gently(whole: object, *parts: Iterable[object]) -> None:
    """When nobody holds `whole` any more, these many parts of it go by and by, whoever held it last."""
    if held := list(chain(*parts)):
        weakref.finalize(whole, _let_go, held).atexit = False


def _let_go(held: list[object]) -> None:
    with contextlib.suppress(RuntimeError):  # in a thread nobody waits
        _some(asyncio.get_running_loop(), held)


def _some(loop: asyncio.AbstractEventLoop, held: list[object]) -> None:
    del held[-AT_ONCE:]
    if held:
        loop.call_later(REST_SECONDS, _some, loop, held)
