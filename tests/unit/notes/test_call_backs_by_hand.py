"""What the office decides about a promised call back, and sees of it, on both databases."""

from __future__ import annotations

from datetime import timedelta

from pbx_bridge.notes import call_backs_by_hand as by_hand
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.calls import call_back_list, calls
from pbx_bridge.storage.calls import call_backs as stored
from pbx_bridge.storage.calls.call_back_list import CallBackChoice, CallBackOrder, CallBackSearch
from rules.vocabulary import CallBackEnd
from tests.sample_company import NOW, SampleCompany
from tests.unit.notes.test_call_backs import RUNG, Life, called, house, life, wish

__all__ = ["house", "life"]
MINUTE = timedelta(minutes=1)


async def test_what_a_person_has_settled_rings_nobody_until_it_is_taken_up(
    life: Life, house: SampleCompany
) -> None:
    await called(life, house)
    wish(life)
    life.anna(paused=True)
    await life.look()
    async with life.db.read() as conn:
        (one,) = await stored.waiting(conn)
    by = By(life.now, "office")
    async with life.db.write() as conn:
        assert await by_hand.settle(conn, one.id, "Selbst erreicht", by) is True
    async with life.db.write() as conn:
        assert await by_hand.settle(conn, one.id, "Selbst erreicht", by) is False
    life.anna(paused=False)
    assert await life.look() == []
    assert await life.ends() == [CallBackEnd.BY_HAND]
    async with life.db.write() as conn:
        assert await by_hand.reopen(conn, one.id, by)
    assert await life.look() == RUNG
    async with life.db.write() as conn:
        assert await by_hand.settle(conn, one.id, "Doch nicht", by) is False, "just being rung"


async def test_the_office_finds_who_kept_the_promise(life: Life, house: SampleCompany) -> None:
    """In its own list, on both databases."""
    await called(life, house)
    wish(life)
    life.anna(paused=True)
    await life.look()
    again = await called(life, house, "1795424402.3")
    async with life.db.write() as conn:
        await calls.answered(conn, again, house.anna, life.now + MINUTE)
    await life.look(2 * MINUTE)
    for order in CallBackOrder:
        search = CallBackSearch(CallBackChoice.KEPT, NOW - MINUTE, "muster", order, down=True)
        async with life.db.read() as conn:
            (one,), total = await call_back_list.listed(conn, search)
            assert await call_back_list.part_after(conn, search, one) == ()
        assert (total, one.agent, one.done_how) == (1, "Anna Keller", CallBackEnd.CALLED_AGAIN)
