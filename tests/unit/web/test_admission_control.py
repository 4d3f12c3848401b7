"""A few at a time, address by address, and nobody stands there for ever."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.errors import BusyError
from pbx_bridge.web.admission_control import Gates, Turn, Turnstile
from tests.until import PATIENCE


async def _passes(turnstile: Turnstile, address: str, passed: list[str]) -> None:
    """A page that is made without a pause."""
    await turnstile.enter(address)
    passed.append(address)
    turnstile.leave()


async def test_no_more_in_a_turn_of_the_loop_than_there_is_room() -> None:
    turnstile, passed = Turnstile(2), list[str]()
    tasks = [asyncio.create_task(_passes(turnstile, "a", passed)) for _ in range(20)]
    counts = []
    while len(passed) < 20:
        await asyncio.sleep(0)
        counts.append(len(passed))
    assert max(b - a for a, b in zip([0, *counts], counts, strict=False)) <= 2
    await asyncio.gather(*tasks)


async def test_each_address_in_turn() -> None:
    turnstile, passed = Turnstile(1), list[str]()
    tasks = [asyncio.create_task(_passes(turnstile, address, passed)) for address in "aaaaaabbc"]
    await asyncio.gather(*tasks)
    assert "".join(passed) == "aabcabaaa"


async def test_whoever_waits_too_long_is_sent_away_and_takes_no_place() -> None:
    turnstile = Turnstile(1, patience=0.01)
    await turnstile.enter("a")
    for _ in range(3):
        with pytest.raises(BusyError):
            await turnstile.enter("b")
    turnstile.leave()
    await asyncio.sleep(0)
    await turnstile.enter("c")


async def test_whoever_leaves_the_line_gives_the_place_on() -> None:
    turnstile = Turnstile(1)
    await turnstile.enter("a")
    gone, next_one = (asyncio.create_task(turnstile.enter(address)) for address in "bc")
    await asyncio.sleep(0)
    turnstile.leave()
    await asyncio.sleep(0)  # it is b's turn, and b does not know yet
    gone.cancel()
    await asyncio.wait_for(next_one, PATIENCE)


async def test_a_turn_is_over_once() -> None:
    turnstile = Turnstile(1)
    turn = Turn(Gates(strangers=turnstile), "a", named=False)
    turn.over()
    await turn.begin()
    turn.over()
    turn.over()
    await asyncio.sleep(0)
    await turnstile.enter("b")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(turnstile.enter("c"), 0.01)


async def test_a_log_in_that_waits_keeps_nobody_who_is_known_waiting() -> None:
    gates = Gates(Turnstile(1, patience=0.01), Turnstile(1, patience=0.01))
    slow, page, false = (Turn(gates, "a", named=named) for named in (False, True, True))
    await slow.begin()
    await page.begin()
    page.over()
    await asyncio.sleep(0)
    await false.begin()
    with pytest.raises(BusyError):
        await false.stranger()  # a session that nobody has opens nothing
    assert not false.held
    await page.begin()
