"""Several handlers of one effect: in order, at once as long as nobody waits; no failure stops the rest."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.calls.effect_runner import by_kind, fan_out, on
from pbx_bridge.calls.message import Effect

heard: list[str] = []


class Rings(Effect):
    """A phone does."""


class Ends(Effect):
    """A call does."""


@pytest.fixture(autouse=True)
def _silence() -> None:
    heard.clear()


def plain(effect: str) -> None:
    heard.append(f"plain {effect}")


async def waits(effect: str) -> None:
    await asyncio.sleep(0)
    heard.append(f"waited {effect}")


def fails(effect: str) -> None:
    raise ValueError(effect)


async def fails_later(effect: str) -> None:
    await asyncio.sleep(0)
    raise KeyError(effect)


def test_plain_functions_are_done_on_return() -> None:
    assert fan_out(plain, fan_out(plain))("pop") is None
    assert heard == ["plain pop", "plain pop"]


async def test_after_one_that_waits_the_others_keep_their_order() -> None:
    left = fan_out(plain, waits, plain, waits)("end")
    assert heard == ["plain end"]
    assert left is not None
    await left
    assert heard == ["plain end", "waited end", "plain end", "waited end"]


async def test_all_are_tried_and_all_failures_told() -> None:
    left = fan_out(fails, waits, fails_later, plain, fails)("end")
    assert left is not None
    with pytest.raises(ExceptionGroup) as caught:
        await left
    assert [type(one) for one in caught.value.exceptions] == [ValueError, KeyError, ValueError]
    assert heard == ["waited end", "plain end"]


def test_a_plain_failure_is_told_at_once_and_stops_nobody() -> None:
    with pytest.raises(ExceptionGroup):
        fan_out(fails, plain)("pop")
    assert heard == ["plain pop"]


def test_rooms_come_in_their_order_and_who_looks_at_all_comes_last() -> None:
    def first(_effect: Effect) -> None: ...
    def second(_effect: Effect) -> None: ...
    def looks(_effect: Effect) -> None: ...

    looking, one, other = [on(Effect, looks)], [on(Rings, first)], [on(Ends, second), on(Rings, second)]
    assert by_kind(looking, one, other) == {Rings: (first, second, looks), Ends: (second, looks)}
    assert by_kind(other, one, looking)[Rings] == (second, first, looks)
