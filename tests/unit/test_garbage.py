"""The collector walks a little at a time, and what holds itself in a circle goes all the same."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from pbx_bridge import garbage


class Node:
    """It can hold itself."""

    itself: Node | None = None


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(garbage, "_stayed", [])
    gc.freeze()  # what other tests have left is none of theirs, and takes seconds to be walked over
    yield
    gc.unfreeze()


def test_no_walk_is_long_while_very_much_is_made() -> None:
    """What a company of 20,000 people takes: a walk is over a small part of it."""
    seen: list[int] = []

    def watch(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append(sum(len(gc.get_objects(generation=age)) for age in range(info["generation"] + 1)))

    gc.freeze()
    with garbage.short_walks(), garbage.lasting():
        gc.callbacks.append(watch)
        try:
            kept = [[number] for number in range(60_000)]
        finally:
            gc.callbacks.remove(watch)

    assert len(seen) > 20
    assert max(seen) < (garbage.ROUNDS + 3) * garbage.YOUNG
    assert gc.get_freeze_count() >= len(kept)


def test_afterwards_the_collector_is_as_before() -> None:
    before = gc.get_threshold()
    with garbage.short_walks():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before


def circle() -> weakref.ref[Node]:
    node = Node()
    node.itself = node
    return weakref.ref(node)


def test_what_holds_itself_goes_with_the_next_walk() -> None:
    gc.freeze()
    gone = circle()

    garbage.walk(lambda: False)

    assert gone() is None


@pytest.mark.parametrize("quiet", [True, False])
def test_what_was_put_aside_is_looked_through_when_that_was_often_and_nobody_calls(
    monkeypatch: pytest.MonkeyPatch, quiet: bool
) -> None:
    monkeypatch.setattr(garbage, "OFTEN", 2)
    monkeypatch.setattr(garbage, "_put_aside", [])
    with garbage.lasting():
        gone = circle()

    garbage.walk(lambda: quiet)
    assert gone() is not None, "it was put aside only once"
    for _ in range(2):
        with garbage.lasting():
            pass
    garbage.walk(lambda: quiet)

    assert (gone() is None) is quiet


@pytest.mark.parametrize("made, aside", [(1_000, False), (200_000, True)])
def test_what_has_come_to_stay_and_is_much_is_put_aside(made: int, aside: bool) -> None:
    with garbage.short_walks():
        kept = [[number] for number in range(made)]
        before = gc.get_freeze_count()
        garbage.walk(lambda: False)

    assert (gc.get_freeze_count() > before) is aside
    assert len(kept) == made


def test_little_by_little_is_much_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each walk is over all that came since the beginning."""
    monkeypatch.setattr(garbage, "_put_aside", [])
    kept: list[list[int]] = []
    with garbage.short_walks():
        walks = 0
        while not garbage._put_aside and walks < 50:
            kept += [[number] for number in range(10_000)]
            garbage.walk(lambda: False)
            walks += 1

    assert 1 < walks < 10


def test_a_walk_counts_nothing_that_was_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """To count it is to walk over it."""
    monkeypatch.delattr(gc, "get_freeze_count")
    garbage.walk(lambda: True)


async def test_what_is_large_goes_by_and_by_whoever_held_it_last() -> None:
    """In steps of a hundred: between any two of them others have their turn."""
    left = set(range(1_000))
    whole, parts = Node(), [Node() for _ in range(1_000)]
    for number, part in enumerate(parts):
        weakref.finalize(part, left.discard, number)
    garbage.goes_gently(whole, parts)
    del parts, part
    assert len(left) == 1_000, "as long as somebody holds the whole, nothing goes"

    seen = [len(left)]
    del whole
    while left:
        seen.append(len(left))
        await asyncio.sleep(0)

    gone = [before - after for before, after in zip(seen, [*seen[1:], 0], strict=True)]
    assert max(gone) == garbage.AT_ONCE


def test_where_nobody_waits_it_goes_at_once() -> None:
    whole, part = Node(), Node()
    gone = weakref.ref(part)
    garbage.goes_gently(whole, [part])
    del part, whole
    assert gone() is None
