"""What picks up is a mailbox: the agent says so, and the promise is kept later."""

from __future__ import annotations

import pytest

from pbx_bridge.ami.actions import Originate
from pbx_bridge.calls.ids import call_id
from pbx_bridge.storage.calls import call_backs, calls
from pbx_bridge.storage.calls.outcome import Outcome
from rules.calls.call_backs import AGAIN_AFTER, TRIES
from rules.vocabulary import CallBackEnd, CloseReason
from tests.sample_company import SampleCompany
from tests.unit.notes.test_call_backs import RUNG, Life, called, house, life, wish

__all__ = ["house", "life"]


async def left(life: Life, order: Originate, reason: CloseReason) -> None:
    """The agent has hung up and closed the call."""
    await life.tells(order, Outcome.OPEN)
    async with life.db.write() as conn:
        assert await calls.leave(conn, call_id(order.attempt), reason)
        if reason is CloseReason.NOT_REACHED:
            await call_backs.not_reached(conn, order.attempt)


async def met(life: Life, order: Originate) -> None:
    """The dial plan's word that somebody, or something, has picked up."""
    (life.folder / f"{order.attempt}.met").touch()
    await life.look()


@pytest.mark.parametrize("word_first", [True, False])
async def test_who_was_not_reached_is_rung_again_and_not_for_ever(
    life: Life, house: SampleCompany, *, word_first: bool
) -> None:
    """Whichever is known first: that somebody picked up, or that it was not the caller."""
    await called(life, house)
    wish(life)
    for _ in range(TRIES):
        assert await life.look(AGAIN_AFTER) == RUNG
        order = life.link.sent[-1]
        if word_first:
            await met(life, order)
            assert await life.ends() == [CallBackEnd.REACHED]
        await left(life, order, CloseReason.NOT_REACHED)
        if not word_first:
            await met(life, order)
        assert await life.look() == [], "not in the same minute"
    assert await life.look(AGAIN_AFTER) == []
    assert await life.ends() == [CallBackEnd.NOT_REACHED]


@pytest.mark.parametrize("reason", [one for one in CloseReason if one is not CloseReason.NOT_REACHED])
async def test_any_other_reason_keeps_the_promise(
    life: Life, house: SampleCompany, reason: CloseReason
) -> None:
    await called(life, house)
    wish(life)
    await life.look()
    (order,) = life.link.sent
    await met(life, order)
    await left(life, order, reason)
    assert await life.look(AGAIN_AFTER) == []
    assert await life.ends() == [CallBackEnd.REACHED]


async def test_a_promise_that_was_kept_later_stays_so(life: Life, house: SampleCompany) -> None:
    """An old call is left late, after the next one has reached the caller."""
    await called(life, house)
    wish(life)
    await life.look()
    (first,) = life.link.sent
    await life.tells(first, Outcome.OPEN)
    await life.look(AGAIN_AFTER)  # a try without a note counts
    await life.look(AGAIN_AFTER)
    assert len(life.link.sent) == 2
    await met(life, life.link.sent[-1])
    async with life.db.write() as conn:
        assert await calls.leave(conn, call_id(first.attempt), CloseReason.NOT_REACHED)
        await call_backs.not_reached(conn, first.attempt)
    assert await life.ends() == [CallBackEnd.REACHED]
