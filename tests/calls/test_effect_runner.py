"""Several handlers of one effect: in order, at once as long as nobody waits; no failure stops the rest."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.calls.effect_runner import fan_out

heard: list[str] = []


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
