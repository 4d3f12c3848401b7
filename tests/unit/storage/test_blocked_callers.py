from __future__ import annotations

from datetime import timedelta

from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.customers import blocked_callers, customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import blocked_callers as blocked_callers_editing
from pbx_bridge.storage.undo import undo
from rules.model import BlockedCaller, BlockReason
from tests.sample_company import NOW, SampleCompany, furnish

PUSHY = "+493023125777"
OTHER = "+493023125778"
LINE = "+493023125100"


def caller(number: str = PUSHY, remark: str = "") -> BlockedCaller:
    return BlockedCaller(new_id(), number, BlockReason.ADVERTISING, remark)


async def tried(
    conn: AsyncConnection, house: SampleCompany, number: str, hours: float, outcome: Outcome = Outcome.BLOCKED
) -> None:
    at = NOW + timedelta(hours=hours)
    call = calls.StoredCall(
        new_id(), new_id(), LINE, at, house.customer_id, caller_number=number, ended_at=at, outcome=outcome
    )
    assert await calls.insert(conn, call)


async def test_a_block_says_who_when_why_and_how_often_it_was_needed(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        older = caller(OTHER, "ruft täglich an")
        assert await blocked_callers_editing.insert(conn, house.customer_id, older, None, NOW)
        newer = caller()
        later = NOW + timedelta(hours=1)
        assert await blocked_callers_editing.insert(conn, house.customer_id, newer, house.anna_account, later)
        await tried(conn, house, PUSHY, 0)  # before this block, perhaps during an earlier one
        await tried(conn, house, PUSHY, 2)
        await tried(conn, house, PUSHY, 3)
        await tried(conn, house, PUSHY, 4, Outcome.ABANDONED)
        await tried(conn, house, "+493023125779", 2)

    async with db.read() as conn:
        first, second = await blocked_callers.listed(conn, house.customer_id)
        customer = await customers.load_customer(conn, house.customer_id)
        assert await blocked_callers.listed(conn, "another") == ()

    assert (first.caller, first.at, first.by, first.role) == (newer, later, "Anna Keller", Role.AGENT)
    assert (first.turned_away, first.last_at) == (2, NOW + timedelta(hours=3))
    assert (second.caller, second.by, second.role, second.turned_away) == (older, "", None, 0)
    assert second.last_at is None
    assert customer
    assert customer.blocked == (older, newer)


async def test_a_number_is_blocked_once_for_each_company(db: Database) -> None:
    house, first = await furnish(db), caller()
    async with db.write() as conn:
        assert await blocked_callers_editing.insert(conn, house.customer_id, first, house.anna_account, NOW)
        assert not await blocked_callers_editing.insert(conn, house.customer_id, caller(), None, NOW)
        mine = (house.customer_id, PUSHY, house.anna_account)
        assert await blocked_callers.blocked_by(conn, *mine)
        assert not await blocked_callers.blocked_by(conn, house.customer_id, PUSHY, "somebody else")

        assert not await blocked_callers_editing.delete(conn, "another", PUSHY)
        assert await blocked_callers_editing.delete(conn, house.customer_id, PUSHY)
        assert not await blocked_callers_editing.delete(conn, house.customer_id, PUSHY)
        assert await blocked_callers.listed(conn, house.customer_id) == ()


async def test_undoing_an_unblock_brings_it_back_with_its_day(db: Database) -> None:
    house, first = await furnish(db), caller()
    async with db.write() as conn:
        await blocked_callers_editing.insert(conn, house.customer_id, first, house.anna_account, NOW)
    later = NOW + timedelta(days=30)
    async with (
        db.write() as conn,
        undo.recorded(conn, house.customer_id, None, "caller_unblocked", later) as step,
    ):
        await blocked_callers_editing.delete(conn, house.customer_id, PUSHY)
    async with db.write() as conn:
        again = await undo.undo(conn, house.customer_id, None, step.id, later)
        (back,) = await blocked_callers.listed(conn, house.customer_id)
    assert (back.caller, back.at, back.by) == (first, NOW, "Anna Keller")

    async with db.write() as conn:
        assert isinstance(again, str)
        await undo.undo(conn, house.customer_id, None, again, later)
        assert await blocked_callers.listed(conn, house.customer_id) == ()
