"""Nobody is rung twice for what is settled, whoever asked again, or talked with somebody, in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import call_back_list, calls
from pbx_bridge.storage.calls.call_back_list import CallBackChoice, CallBackSearch
from rules.calls.call_backs import AGAIN_AFTER
from rules.vocabulary import CallBackEnd, CloseReason
from tests.sample_company import NOW, SampleCompany
from tests.unit.notes.test_call_backs import LINE, MINUTE, RUNG, Life, called, house, life, wish
from tests.unit.notes.test_call_backs_not_reached import left, met

__all__ = ["house", "life"]

AGAIN = "1795424401.2"


@pytest.mark.parametrize("rung", [True, False])
async def test_who_has_asked_again_meanwhile_is_not_rung_for_both(
    life: Life, house: SampleCompany, *, rung: bool
) -> None:
    """A missed call on the mailbox, so they call, press the key once more, and the agent still writes."""
    await called(life, house)
    wish(life)
    await life.look()
    (first,) = life.link.sent
    await met(life, first)
    await called(life, house, AGAIN)
    life.anna(paused=not rung)
    wish(life, f"{AGAIN}_{LINE}_{int(NOW.timestamp()) + 60}")
    assert await life.look(AGAIN_AFTER) == RUNG * rung
    await left(life, first, CloseReason.NOT_REACHED)
    assert await life.ends() == [CallBackEnd.ASKED_BEFORE, ""]
    life.anna(paused=False)
    assert await life.look() == RUNG * (not rung)
    await met(life, life.link.sent[-1])
    assert await life.look(AGAIN_AFTER) == []
    assert await life.ends() == [CallBackEnd.ASKED_BEFORE, CallBackEnd.REACHED]


async def test_a_caller_of_nobodys_line_who_has_talked_with_somebody_is_not_rung_either(
    life: Life, house: SampleCompany
) -> None:
    """Whose call it is nobody knows; that it is the same caller is known all the same."""
    asked, again = await called(life, house), await called(life, house, AGAIN)
    async with life.db.write() as conn:
        await conn.execute(t.call.update().values(customer_id=None))
        await calls.answered(conn, again, house.anna, life.now + MINUTE)
    life.anna(paused=True)
    wish(life)
    await life.look()
    life.anna(paused=False)
    assert await life.look(2 * MINUTE) == []
    assert await life.ends() == [CallBackEnd.CALLED_AGAIN]
    async with life.db.read() as conn:
        kept = CallBackSearch(CallBackChoice.KEPT, NOW - timedelta(days=1))
        (one,), _ = await call_back_list.listed(conn, kept)
    assert (one.call_id, one.agent) == (asked, "Anna Keller")
